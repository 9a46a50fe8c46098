// Reads files into sections: each by its kind, each section in the language that it is written in, the languages of one
// slug together. A file that cannot be read is named with the reason; what is not quite as it seems is remarked on.

import { splitIntoPassages } from '../../supabase/functions/_shared/passages.ts'
import { detectLanguage } from './detect-language.ts'
import {
  type FileWarning,
  type ReadDocument,
  refused as refusedBecause
} from './document-blocks.ts'
import { readDocx } from './docx-file.ts'
import { type FoundFile, findFiles, readBytes, stemOf } from './find-files.ts'
import { titleOfFileName } from './heading-text.ts'
import { LANGUAGE_NAMES, type Language } from './language-names.ts'
import { readPdf } from './pdf-file.ts'
import { type FrontMatter, languageOfPath, readMarkdown } from './section-file.ts'
import { SLUG, slugOf } from './slug.ts'
import { type FileSection, splitIntoSections } from './split-into-sections.ts'

/** As the database's own limits. */
const TITLE_LIMIT = 200
const CONTENT_LIMIT = 300_000

export type ImportedText = {
  title: string
  content: string
  /** Null: the file says nothing of questions, and those that there are stay. */
  questions: string[] | null
  file: string
  page: number | null
}

export type ImportedSection = {
  slug: string
  /** Null: the file says nothing of it. */
  category: string | null
  order: number | null
  /** Never empty. */
  texts: Partial<Record<Language, ImportedText>>
}

export type ReadFiles = {
  /** In the order of the files and of the text in them. */
  sections: ImportedSection[]
  /** Files, or sections in them, that nothing is taken from. */
  refused: FileWarning[]
  /** What was read all the same, and how. */
  remarks: FileWarning[]
  files: number
}

export type ReadOptions = {
  /** What the person says that the files are written in, whatever they look like. */
  language?: Language
  category?: string
  /** Level of the headings that begin a section. */
  atLevel?: number
  /** Called before each file, and for each page of a long one. */
  onProgress?: (progress: { file: string; page: number; pages: number }) => void
  inflatedLimitBytes?: number
}

type FileText = {
  sections: FileSection[]
  frontMatter: FrontMatter
  remarks: Omit<FileWarning, 'file'>[]
}
type ReadFile = { ok: true; text: FileText } | Extract<ReadDocument, { ok: false }>

const remark = (message: string, page: number | null = null): Omit<FileWarning, 'file'> => ({
  page,
  line: null,
  message
})

const cutDocument = (
  read: ReadDocument,
  path: string,
  frontMatter: FrontMatter,
  { atLevel }: ReadOptions
): ReadFile => {
  if (!read.ok) return read
  const title = titleOfFileName(stemOf(path))
  const cut = splitIntoSections(read.blocks, title, atLevel)
  const [only, ...others] = cut.sections
  if (only === undefined) return refusedBecause('has headings and no text')
  const named =
    frontMatter.slug !== undefined && others.length === 0
      ? [{ ...only, slug: frontMatter.slug }]
      : cut.sections
  const remarks = [
    ...read.remarks,
    ...(cut.isUntitled ? [remark(`has no headings; all of it is one section, "${title}"`)] : []),
    ...cut.empty.map(({ title: heading, page }) =>
      remark(`nothing stands under the heading "${heading}"; it was left out`, page)
    )
  ]
  return { ok: true, text: { sections: named, frontMatter, remarks } }
}

const readMarkdownFile = (bytes: Uint8Array, path: string, options: ReadOptions): ReadFile => {
  const read = readMarkdown(bytes)
  if (!read.ok) return read
  const { frontMatter, body, blocks } = read
  if (frontMatter.title === undefined) {
    return cutDocument({ ok: true, blocks, remarks: [] }, path, frontMatter, options)
  }
  // A title of its own: the file is one section, and its headings are inside it.
  const section = {
    slug: frontMatter.slug ?? slugOf(stemOf(path)),
    title: frontMatter.title,
    content: body,
    page: null
  }
  return { ok: true, text: { sections: [section], frontMatter, remarks: [] } }
}

const readFile = async (file: FoundFile, options: ReadOptions): Promise<ReadFile> => {
  const { path, kind } = file
  const given = await readBytes(file)
  if (!given.ok) return refusedBecause(given.message)
  const bytes = given.value
  if (bytes === null) return refusedBecause('has grown since it was looked at')
  switch (kind) {
    case 'markdown':
      return readMarkdownFile(bytes, path, options)
    case 'docx': {
      const { inflatedLimitBytes } = options
      const read = await readDocx(
        bytes,
        inflatedLimitBytes === undefined ? {} : { inflatedLimitBytes }
      )
      return cutDocument(read, path, {}, options)
    }
    case 'pdf': {
      const read = await readPdf(bytes, (page, pages) =>
        options.onProgress?.({ file: path, page, pages })
      )
      return cutDocument(read, path, {}, options)
    }
    default: {
      const unknown: never = kind
      throw new Error(`No reader for ${String(unknown)}`)
    }
  }
}

/** What is wrong with a section itself, whatever the others are. */
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

type Told = { ok: true; language: Language; remark: string | null } | { ok: false; message: string }

/** The language of one section of a file, as its words, its file and the person say. */
const languageOf = (
  section: FileSection,
  stated: Language | null,
  whole: Language | null,
  said: Language | undefined
): Told => {
  const { language: written } = detectLanguage(`${section.title}\n${section.content}`)
  if (said !== undefined) {
    const differs =
      written !== null && written !== said
        ? `"${section.title}" reads as ${LANGUAGE_NAMES[written]}; it is taken as ${LANGUAGE_NAMES[said]}, as --language says`
        : null
    return { ok: true, language: said, remark: differs }
  }
  const language = written ?? stated ?? whole
  if (language === null) {
    return {
      ok: false,
      message: `whether "${section.title}" is English or Spanish cannot be told from its words; say --language en or es`
    }
  }
  const differs =
    stated !== null && language !== stated
      ? `"${section.title}" reads as ${LANGUAGE_NAMES[language]} and is taken as that`
      : null
  return { ok: true, language, remark: differs }
}

type Placed = FileSection & { language: Language; file: string; frontMatter: FrontMatter }

/** The sections of one file with their languages. */
const placeFile = (
  path: string,
  { sections, frontMatter }: FileText,
  { language: said }: ReadOptions
): { placed: Placed[]; refused: FileWarning[]; remarks: FileWarning[] } => {
  const at = (message: string, page: number | null = null): FileWarning => ({
    file: path,
    page,
    line: null,
    message
  })
  const stated = frontMatter.language ?? languageOfPath(path)
  const text = sections.map(({ title, content }) => `${title}\n${content}`).join('\n')
  const { language: whole } = detectLanguage(text)
  if (said === undefined && stated !== null && whole !== null && whole !== stated) {
    const [is, reads] = [LANGUAGE_NAMES[stated], LANGUAGE_NAMES[whole]]
    const message = `is said to be ${is} and reads as ${reads}; put it where ${reads} belongs, or say --language ${stated} if it is ${is} all the same`
    return { placed: [], refused: [at(message)], remarks: [] }
  }
  const placed: Placed[] = []
  const refused: FileWarning[] = []
  const remarks: FileWarning[] = []
  for (const section of sections) {
    const problem = problemOf(section)
    const told = languageOf(section, stated, whole, said)
    if (problem !== null) refused.push(at(problem, section.page))
    else if (!told.ok) refused.push(at(told.message, section.page))
    else {
      if (told.remark !== null) remarks.push(at(told.remark, section.page))
      placed.push({ ...section, language: told.language, file: path, frontMatter })
    }
  }
  return { placed, refused, remarks }
}

/** The words alone: one document in two formats has the same, and other marks around them. */
const wordsOf = ({ title, content }: { title: string; content: string }): string =>
  (`${title} ${content}`.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')

const whereOf = ({ file, page }: { file: string; page: number | null }): string =>
  page === null ? file : `${file}, page ${page}`

/** Reads all files; a problem in one does not keep the others from being read. */
export const readFiles = async (
  paths: readonly string[],
  options: ReadOptions = {}
): Promise<ReadFiles> => {
  const { files, refused } = await findFiles(paths)
  const remarks: FileWarning[] = []
  const sections = new Map<string, ImportedSection>()
  for (const file of files) {
    options.onProgress?.({ file: file.path, page: 0, pages: 0 })
    const read = await readFile(file, options)
    if (!read.ok) {
      refused.push({ file: file.path, ...read.problem })
      continue
    }
    remarks.push(...read.text.remarks.map((one) => ({ file: file.path, ...one })))
    const { placed, ...told } = placeFile(file.path, read.text, options)
    refused.push(...told.refused)
    remarks.push(...told.remarks)
    for (const { slug, title, content, page, language, frontMatter } of placed) {
      const section = sections.get(slug) ?? { slug, category: null, order: null, texts: {} }
      const other = section.texts[language]
      if (other !== undefined && wordsOf(other) === wordsOf({ title, content })) {
        const message = `the section "${slug}" is the same as in ${whereOf(other)}, which is taken`
        remarks.push({ file: file.path, page, line: null, message })
        continue
      }
      if (other !== undefined) {
        const message = `the ${LANGUAGE_NAMES[language]} section "${slug}" is in ${whereOf(other)} already; give one of them a name of its own, {#like-this} behind its heading`
        refused.push({ file: file.path, page, line: null, message })
        continue
      }
      section.category ??= frontMatter.category ?? options.category ?? null
      section.order ??= frontMatter.order ?? null
      section.texts[language] = {
        title,
        content,
        questions: frontMatter.questions ?? null,
        file: file.path,
        page
      }
      sections.set(slug, section)
    }
  }
  return { sections: [...sections.values()], refused, remarks, files: files.length }
}
