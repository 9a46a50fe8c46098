// Reads and writes the Markdown file of one section in one language. `import` reads what `export` writes unchanged.
import { stringify } from 'yaml'
import { z } from 'zod'
import { readYamlText } from '../../dev/parse-yaml.ts'
import { type Language, languageSchema } from '../../src/shared/language.ts'
import { type Block, refused } from './document-blocks.ts'
import { parseMarkdownBlocks } from './markdown-blocks.ts'
import { plainText } from './plain-text.ts'
import { SLUG } from './slug.ts'

const questionSchema = z.string().trim().min(1).max(300)

const frontMatterSchema = z.strictObject({
  title: z.string().trim().min(1).max(200).optional(),
  category: z.string().trim().min(1).max(100).optional(),
  order: z.int().optional(),
  questions: z.array(questionSchema).optional(),
  slug: z.string().regex(SLUG, 'lower-case words joined by hyphens').optional(),
  language: languageSchema.optional()
})
export type FrontMatter = z.output<typeof frontMatterSchema>

type MarkdownFile =
  | { ok: true; frontMatter: FrontMatter; body: string; blocks: Block[] }
  | ReturnType<typeof refused>

export const readMarkdown = (bytes: Uint8Array): MarkdownFile => {
  const read = plainText(bytes)
  if (!read.ok) return refused(read.message, read.line)
  const lines = read.text.split('\n')
  let frontMatter: FrontMatter = {}
  let firstLine = 0
  if (lines[0] === '---') {
    const end = lines.indexOf('---', 1)
    if (end === -1) return refused('the front matter has no closing ---', 1)
    const parsed = readYamlText(lines.slice(1, end).join('\n'), frontMatterSchema.nullable(), 2)
    if (!parsed.ok) return refused(parsed.message, parsed.line)
    frontMatter = parsed.value ?? {}
    firstLine = end + 1
  }
  const body = lines.slice(firstLine).join('\n').trim()
  return body === ''
    ? refused('has no text', Math.max(1, firstLine))
    : { ok: true, frontMatter, body, blocks: parseMarkdownBlocks(body) }
}

type Section = Required<Pick<FrontMatter, 'title' | 'order' | 'questions'>> & {
  /** Empty: none. */
  category: string
  content: string
}

export const writeSectionFile = ({ content, category, title, ...others }: Section): string => {
  const named = category === '' ? { title } : { title, category }
  return `---\n${stringify({ ...named, ...others }, { lineWidth: 0 })}---\n\n${content}\n`
}

/** As in `en/cooling.md` and `cooling.es.md`. */
export const languageOfPath = (path: string): Language | null => {
  const parts = path.split(/[\\/]/)
  const name = parts.pop() ?? ''
  const suffix = /\.([a-z]{2})\.[^.]+$/i.exec(name)?.[1]?.toLowerCase()
  const read = languageSchema.safeParse(suffix ?? parts.pop()?.toLowerCase())
  return read.success ? read.data : null
}
