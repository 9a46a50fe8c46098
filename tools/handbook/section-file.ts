// One section of one language as a Markdown file: the form that the sample handbook has, that `export` writes and that
// `import` reads back unchanged. Plain Markdown without a front matter is cut at its headings like any other document.
import { stringify } from 'yaml'
import { z } from 'zod'
import { readYamlText } from '../../dev/parse-yaml.ts'
import { type Language, languageSchema } from '../../src/shared/language.ts'
import type { Block, ReadDocument } from './document-blocks.ts'
import { refused } from './document-blocks.ts'
import { parseMarkdownBlocks } from './markdown-blocks.ts'
import { plainText } from './plain-text.ts'
import { SLUG } from './slug.ts'

const questionSchema = z.string().trim().min(1).max(300)

/** All of it may be left out; what is there is as the sample handbook has it. */
const frontMatterSchema = z.strictObject({
  title: z.string().trim().min(1).max(200).optional(),
  category: z.string().trim().min(1).max(100).optional(),
  order: z.int().optional(),
  questions: z.array(questionSchema).optional(),
  slug: z.string().regex(SLUG, 'lower-case words joined by hyphens').optional(),
  language: languageSchema.optional()
})
export type FrontMatter = z.output<typeof frontMatterSchema>

export type MarkdownFile =
  | { ok: true; frontMatter: FrontMatter; body: string; blocks: Block[] }
  | Extract<ReadDocument, { ok: false }>

/** The front matter, the text below it, and its headings. */
export const readMarkdown = (bytes: Uint8Array): MarkdownFile => {
  const read = plainText(bytes)
  if (!read.ok) return refused(read.message, read.line === null ? {} : { line: read.line })
  const lines = read.text.split('\n')
  let frontMatter: FrontMatter = {}
  let firstLine = 0
  if (lines[0] === '---') {
    const end = lines.indexOf('---', 1)
    if (end === -1) return refused('the front matter has no closing ---', { line: 1 })
    const parsed = readYamlText(lines.slice(1, end).join('\n'), frontMatterSchema.nullable(), 2)
    if (!parsed.ok) return refused(parsed.message, { line: parsed.line })
    frontMatter = parsed.value ?? {}
    firstLine = end + 1
  }
  const body = lines.slice(firstLine).join('\n').trim()
  return body === ''
    ? refused('has no text', { line: Math.max(1, firstLine) })
    : { ok: true, frontMatter, body, blocks: parseMarkdownBlocks(body) }
}

export type WrittenSection = {
  title: string
  category: string
  order: number
  questions: readonly string[]
  content: string
}

/** The file's text. `folder/<language>/<slug>.md` is where it belongs. */
export const writeSectionFile = ({
  title,
  category,
  order,
  questions,
  content
}: WrittenSection): string => {
  const frontMatter = stringify(
    // A category that was never given is left out, since an empty one is none.
    { title, ...(category === '' ? {} : { category }), order, questions: [...questions] },
    { lineWidth: 0 }
  )
  return `---\n${frontMatter}---\n\n${content}\n`
}

/** The language that a file's place says it has: `en/cooling.md`, `cooling.es.md`. */
export const languageOfPath = (path: string): Language | null => {
  const parts = path.split(/[\\/]/)
  const name = parts.pop() ?? ''
  const suffix = /\.([a-z]{2})\.[^.]+$/i.exec(name)?.[1]?.toLowerCase()
  const read = languageSchema.safeParse(suffix ?? parts.pop()?.toLowerCase())
  return read.success ? read.data : null
}
