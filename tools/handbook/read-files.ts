// Reads files into sections, with the translations of one slug together.
import type { Language } from '../../src/shared/language.ts'
import { headingOf, splitIntoPassages } from '../../supabase/functions/_shared/passages.ts'
import { detectLanguage } from './detect-language.ts'
import { type FileWarning, type ReadDocument, type Remark, refused } from './document-blocks.ts'
import { readDocx } from './docx-file.ts'
import { type FoundFile, findFiles, readBytes, stemOf } from './find-files.ts'
import { titleOfFileName } from './heading-text.ts'
import { LANGUAGE_NAMES } from './language-names.ts'
import { readPdf } from './pdf-file.ts'
import { type FrontMatter, languageOfPath, readMarkdown } from './section-file.ts'
import { SLUG, slugOf } from './slug.ts'
import { type FileSection, splitIntoSections } from './split-into-sections.ts'

/** The database has the same limits. */
const TITLE_LIMIT = 200
const CONTENT_LIMIT = 300_000

export type ImportedText = {
  title: string
  content: string
  /** Null where the file has no list of questions. */
  questions: string[] | null
  file: string
  page: number | null
}

export type ImportedSection = {
  slug: string
  /** Null where no file has one. */
  category: string | null
  order: number | null
  texts: Partial<Record<Language, ImportedText>>
}

export type ReadFiles = {
  sections: ImportedSection[]
  /** Files and sections that are left out. */
  refused: FileWarning[]
  remarks: FileWarning[]
  files: number
}

export type ReadOptions = {
  /** Overrides the detected language. */
  language?: Language | undefined
  category?: string | undefined
  /** Of the headings that begin a section. */
  atLevel?: number | undefined
  /** Called with page 0 before each file, then for each page of a PDF. */
  onProgress?: (progress: { file: string; page: number; pages: number }) => void
  inflatedLimitBytes?: number
}

type FileText = { sections: FileSection[]; frontMatter: FrontMatter; remarks: Remark[] }
type ReadFile = { ok: true; text: FileText } | ReturnType<typeof refused>

const remark = (message: string, page: number | null = null): Remark => ({
  page,
  line: null,
  message
})

const splitDocument = (
  read: ReadDocument,
  path: string,
  frontMatter: FrontMatter,
  { atLevel }: ReadOptions
): ReadFile => {
  if (!read.ok) return read
  const title = titleOfFileName(stemOf(path))
  const { sections, empty, isUntitled } = splitIntoSections(read.blocks, title, atLevel)
  const [only, ...others] = sections
  if (only === undefined) return refused('has headings and no text')
  const named =
    frontMatter.slug !== undefined && others.length === 0
      ? [{ ...only, slug: frontMatter.slug }]
      : sections
  const remarks = [
    ...read.remarks,
    ...(isUntitled ? [remark(`has no headings; all of it is one section, "${title}"`)] : []),
    ...empty.map(({ title: heading, page }) =>
      remark(`nothing stands under the heading "${heading}"; it was left out`, page)
    )
  ]
  return { ok: true, text: { sections: named, frontMatter, remarks } }
}

/** Many writers repeat the title of the front matter as the first heading. */
const withoutTitle = (body: string, title: string): string => {
  const [first = '', ...rest] = body.split('\n')
  const text = rest.join('\n').trim()
  return text !== '' && headingOf(first)?.name === title ? text : body
}

const readMarkdownFile = (bytes: Uint8Array, path: string, options: ReadOptions): ReadFile => {
  const read = readMarkdown(bytes)
  if (!read.ok) return read
  const { frontMatter, body, blocks, remarks } = read
  if (frontMatter.title === undefined) {
    return splitDocument({ ok: true, blocks, remarks }, path, frontMatter, options)
  }
  // A file with a title is one section.
  const section = {
    slug: frontMatter.slug ?? slugOf(stemOf(path)),
    title: frontMatter.title,
    content: withoutTitle(body, frontMatter.title),
    page: null
  }
  return { ok: true, text: { sections: [section], frontMatter, remarks } }
}

const readFile = async (file: FoundFile, options: ReadOptions): Promise<ReadFile> => {
  const { path, kind } = file
  const read = await readBytes(file)
  if (!read.ok) return refused(read.message)
  const bytes = read.value
  if (bytes === null) return refused('has grown since it was looked at')
  switch (kind) {
    case 'markdown':
      return readMarkdownFile(bytes, path, options)
    case 'docx':
      return splitDocument(await readDocx(bytes, options.inflatedLimitBytes), path, {}, options)
    case 'pdf': {
      const pdf = await readPdf(bytes, (page, pages) =>
        options.onProgress?.({ file: path, page, pages })
      )
      return splitDocument(pdf, path, {}, options)
    }
    default:
      return kind satisfies never
  }
}

const problemOf = ({ title, slug, content }: FileSection): string | null => {
  if (slug === '')
    return `the heading "${title}" has no letters for a slug; write one behind it, {#like-this}`
  if (!SLUG.test(slug)) return `"${slug}" is no slug; lower-case words joined by hyphens are`
  if (title.length > TITLE_LIMIT) {
    return `the heading "${title.slice(0, 40)}…" has ${title.length} characters; at most ${TITLE_LIMIT} are a title`
  }
  if (content.length > CONTENT_LIMIT) {
    return `the section "${title}" has ${content.length} characters; divide it (--split-at LEVEL cuts at smaller headings)`
  }
  const places = splitIntoPassages(content).map(({ ordinal }) => ordinal)
  if (places.length === 0) return `the section "${title}" has headings and no text`
  return new Set(places).size < places.length
    ? `the section "${title}" has more text under one heading than a section can take`
    : null
}

type Candidates = {
  /** From --language. */
  option: Language | undefined
  /** From the front matter or the path. */
  declared: Language | null
  /** Detected in the whole file. */
  ofFile: Language | null
}
type SectionLanguage =
  | { ok: true; language: Language; difference: string | null }
  | { ok: false; message: string }

const languageOf = (
  { title, content }: FileSection,
  { option, declared, ofFile }: Candidates
): SectionLanguage => {
  const detected = detectLanguage(`${title}\n${content}`)
  const language = option ?? detected ?? declared ?? ofFile
  if (language === null) {
    const message = `whether "${title}" is English or Spanish cannot be told from its words; say --language en or es`
    return { ok: false, message }
  }
  if (option !== undefined && detected !== null && detected !== option) {
    const difference = `"${title}" reads as ${LANGUAGE_NAMES[detected]}; it is taken as ${LANGUAGE_NAMES[option]}, as --language says`
    return { ok: true, language, difference }
  }
  const isOther = option === undefined && declared !== null && language !== declared
  const difference = `"${title}" reads as ${LANGUAGE_NAMES[language]} and is taken as that`
  return { ok: true, language, difference: isOther ? difference : null }
}

type LanguageSection = FileSection & { language: Language; file: string; frontMatter: FrontMatter }

const withLanguages = (
  path: string,
  { sections, frontMatter }: FileText,
  { language: option }: ReadOptions
): { known: LanguageSection[]; problems: Remark[]; differences: Remark[] } => {
  const declared = frontMatter.language ?? languageOfPath(path)
  const ofFile = detectLanguage(
    sections.map(({ title, content }) => `${title}\n${content}`).join('\n')
  )
  if (option === undefined && declared !== null && ofFile !== null && ofFile !== declared) {
    const [is, reads] = [LANGUAGE_NAMES[declared], LANGUAGE_NAMES[ofFile]]
    const message = `is said to be ${is} and reads as ${reads}; put it where ${reads} belongs, or say --language ${declared} if it is ${is} all the same`
    return { known: [], problems: [remark(message)], differences: [] }
  }
  const known: LanguageSection[] = []
  const problems: Remark[] = []
  const differences: Remark[] = []
  for (const section of sections) {
    const { page } = section
    const problem = problemOf(section)
    const found = languageOf(section, { option, declared, ofFile })
    if (problem !== null) problems.push(remark(problem, page))
    else if (!found.ok) problems.push(remark(found.message, page))
    else {
      if (found.difference !== null) differences.push(remark(found.difference, page))
      known.push({ ...section, language: found.language, file: path, frontMatter })
    }
  }
  return { known, problems, differences }
}

/** One document in two formats has the same words with other marks. */
const wordsOf = ({ title, content }: { title: string; content: string }): string =>
  (`${title} ${content}`.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')

const whereOf = ({ file, page }: { file: string; page: number | null }): string =>
  page === null ? file : `${file}, page ${page}`

/** Reads all files, even if some of them have problems. */
export const readFiles = async (
  paths: readonly string[],
  options: ReadOptions = {}
): Promise<ReadFiles> => {
  const { files, refused: problems } = await findFiles(paths)
  const remarks: FileWarning[] = []
  const sections = new Map<string, ImportedSection>()
  for (const file of files) {
    const { path } = file
    const warnings = (all: readonly Remark[]) => all.map((one) => ({ file: path, ...one }))
    options.onProgress?.({ file: path, page: 0, pages: 0 })
    const read = await readFile(file, options)
    if (!read.ok) {
      problems.push(...warnings([read.problem]))
      continue
    }
    const found = withLanguages(path, read.text, options)
    problems.push(...warnings(found.problems))
    remarks.push(...warnings([...read.text.remarks, ...found.differences]))
    for (const { slug, title, content, page, language, frontMatter } of found.known) {
      const section = sections.get(slug) ?? { slug, category: null, order: null, texts: {} }
      const other = section.texts[language]
      if (other !== undefined && wordsOf(other) === wordsOf({ title, content })) {
        const message = `the section "${slug}" is the same as in ${whereOf(other)}, which is taken`
        remarks.push(...warnings([remark(message, page)]))
        continue
      }
      if (other !== undefined) {
        const message = `the ${LANGUAGE_NAMES[language]} section "${slug}" is in ${whereOf(other)} already; give one of them a name of its own, {#like-this} behind its heading`
        problems.push(...warnings([remark(message, page)]))
        continue
      }
      section.category ??= frontMatter.category ?? options.category ?? null
      section.order ??= frontMatter.order ?? null
      section.texts[language] = {
        title,
        content,
        questions: frontMatter.questions ?? null,
        file: path,
        page
      }
      sections.set(slug, section)
    }
  }
  return { sections: [...sections.values()], refused: problems, remarks, files: files.length }
}
