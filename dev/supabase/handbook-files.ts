// Reads a handbook folder: <group>/{en,es}/<slug>.md with YAML front matter, and unanswered.yaml. Reports an invalid
// file with its line, and reads the others.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { LANGUAGES, type Language, languageSchema } from '../../src/shared/language.ts'
import { splitIntoPassages } from '../../supabase/functions/_shared/passages.ts'
import { isSlug } from '../../supabase/functions/_shared/slug.ts'
import { readYamlText } from '../parse-yaml.ts'

/** The sample handbook. */
export const HANDBOOK_FOLDER = fileURLToPath(new URL('../../supabase/handbook', import.meta.url))

const MARKDOWN = /\.md$/
const UNANSWERED_FILE = 'unanswered.yaml'
/** A larger file is a whole manual, not a section. */
const FILE_LIMIT_BYTES = 256 * 1024

/** A file's problem, for its editor. */
type HandbookProblem = {
  /** Path inside the handbook folder. */
  file: string
  /** From 1; null for the whole file. */
  line: number | null
  message: string
}

export type SectionText = { title: string; content: string; questions: string[] }

export type HandbookSection = {
  slug: string
  category: string
  order: number
  /** One per language with a readable file; never empty. */
  texts: Partial<Record<Language, SectionText>>
}

export type HandbookGroup = { slug: string; name: string; sections: HandbookSection[] }

export type Handbook = {
  /** By the names of their folders. */
  groups: HandbookGroup[]
  /** Questions that no section answers. */
  unanswered: Record<Language, string[]>
  problems: HandbookProblem[]
}

const questionSchema = z.string().trim().min(1).max(300)
const frontMatterSchema = z.strictObject({
  title: z.string().trim().min(1).max(200),
  category: z.string().trim().min(1).max(100),
  order: z.int(),
  questions: z.array(questionSchema).default([])
})
const unansweredSchema = z.strictObject({
  en: z.array(questionSchema),
  es: z.array(questionSchema)
})

/** One sentence for the log: `file:line: message`. */
export const describeProblem = ({ file, line, message }: HandbookProblem): string =>
  `${file}${line === null ? '' : `:${line}`}: ${message}`

type Read<T> = { ok: true; value: T } | { ok: false; problem: HandbookProblem }

const readYaml = <S extends z.ZodType>(
  file: string,
  yaml: string,
  schema: S,
  firstLine: number
): Read<z.output<S>> => {
  const read = readYamlText(yaml, schema, firstLine)
  if (read.ok) return read
  const { line, message } = read
  return { ok: false, problem: { file, line, message } }
}

/** The text of a file, with Unix line ends. */
const readText = async (root: string, path: string): Promise<Read<string>> => {
  const file = relative(root, path)
  const bytes = await readFile(path)
  if (bytes.byteLength > FILE_LIMIT_BYTES) {
    const message = `larger than a section can be (${FILE_LIMIT_BYTES / 1024} kB)`
    return { ok: false, problem: { file, line: null, message } }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { ok: true, value: text.replaceAll('\r\n', '\n') }
  } catch {
    return { ok: false, problem: { file, line: null, message: 'is not UTF-8 text' } }
  }
}

type SectionFile = SectionText & { slug: string; category: string; order: number }

const readSection = async (
  root: string,
  path: string,
  slug: string
): Promise<Read<SectionFile>> => {
  const file = relative(root, path)
  const problem = (line: number | null, message: string): Read<never> => ({
    ok: false,
    problem: { file, line, message }
  })
  if (!isSlug(slug)) {
    return problem(null, 'a file name is lower-case words joined by hyphens, then .md')
  }
  const text = await readText(root, path)
  if (!text.ok) return text
  const lines = text.value.split('\n')
  if (lines[0] !== '---') return problem(1, 'begins with --- and the front matter')
  const end = lines.indexOf('---', 1)
  if (end === -1) return problem(1, 'the front matter has no closing ---')
  const frontMatter = readYaml(file, lines.slice(1, end).join('\n'), frontMatterSchema, 2)
  if (!frontMatter.ok) return frontMatter
  const content = lines
    .slice(end + 1)
    .join('\n')
    .trim()
  if (content === '') return problem(end + 2, 'has no text after the front matter')
  const places = splitIntoPassages(content).map(({ ordinal }) => ordinal)
  if (places.length === 0) return problem(end + 2, 'has headings only')
  if (new Set(places).size < places.length) {
    return problem(null, 'has more text under one heading than a section can take')
  }
  return { ok: true, value: { slug, content, ...frontMatter.value } }
}

const foldersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()

/** Words without a capital in a name, in either language. */
const SMALL_WORDS = new Set(['and', 'of', 'the', 'y', 'de', 'del', 'la', 'el', 'los', 'las'])

/** `sol-y-sal` → `Sol y Sal`. */
const groupName = (slug: string): string =>
  slug
    .split('-')
    .map((word, place) =>
      place > 0 && SMALL_WORDS.has(word) ? word : word.charAt(0).toUpperCase() + word.slice(1)
    )
    .join(' ')

const readGroup = async (
  root: string,
  slug: string,
  problems: HandbookProblem[]
): Promise<HandbookGroup> => {
  const sections = new Map<string, HandbookSection>()
  for (const folder of await foldersIn(join(root, slug))) {
    const language = languageSchema.safeParse(folder)
    if (!language.success) {
      const message = `is not a language of the handbook (${LANGUAGES.join(', ')})`
      problems.push({ file: join(slug, folder), line: null, message })
      continue
    }
    const names = (await readdir(join(root, slug, folder))).filter((name) => MARKDOWN.test(name))
    for (const name of names.sort()) {
      const path = join(root, slug, folder, name)
      const read = await readSection(root, path, name.replace(MARKDOWN, ''))
      if (!read.ok) {
        problems.push(read.problem)
        continue
      }
      const { slug: sectionSlug, category, order, ...text } = read.value
      const section = sections.get(sectionSlug) ?? { slug: sectionSlug, category, order, texts: {} }
      if (section.category !== category || section.order !== order) {
        const message = `category and order differ from the ${Object.keys(section.texts).join()} file's, which count`
        problems.push({ file: relative(root, path), line: null, message })
      }
      section.texts[language.data] = text
      sections.set(sectionSlug, section)
    }
  }
  return {
    slug,
    name: groupName(slug),
    sections: [...sections.values()].sort(
      (one, other) => one.order - other.order || (one.slug < other.slug ? -1 : 1)
    )
  }
}

const readUnanswered = async (
  root: string,
  problems: HandbookProblem[]
): Promise<Record<Language, string[]>> => {
  const none = { en: [], es: [] }
  if (!(await readdir(root)).includes(UNANSWERED_FILE)) return none
  const text = await readText(root, join(root, UNANSWERED_FILE))
  const read = text.ok ? readYaml(UNANSWERED_FILE, text.value, unansweredSchema, 1) : text
  if (read.ok) return read.value
  problems.push(read.problem)
  return none
}

/** @throws only for a missing or unreadable folder */
export const readHandbookFolder = async (root: string): Promise<Handbook> => {
  const problems: HandbookProblem[] = []
  const groups: HandbookGroup[] = []
  for (const slug of await foldersIn(root)) {
    if (isSlug(slug)) groups.push(await readGroup(root, slug, problems))
    else {
      const message = "a group's folder is lower-case words joined by hyphens"
      problems.push({ file: slug, line: null, message })
    }
  }
  return { groups, unanswered: await readUnanswered(root, problems), problems }
}

/** Every question of the groups and of unanswered.yaml, each once per language. */
export const handbookQuestions = async (root: string): Promise<Record<Language, string[]>> => {
  const { groups, unanswered } = await readHandbookFolder(root)
  const asked = (language: Language): string[] => {
    const answered = groups.flatMap(({ sections }) =>
      sections.flatMap(({ texts }) => texts[language]?.questions ?? [])
    )
    return [...new Set([...answered, ...unanswered[language]])]
  }
  return { en: asked('en'), es: asked('es') }
}
