// Reads and writes the Markdown file of one section in one language. `import` reads what `export` writes unchanged.
import { stringify } from 'yaml'
import { z } from 'zod'
import { readYamlText } from '../../dev/parse-yaml.ts'
import { type Language, languageSchema } from '../../src/shared/language.ts'
import { type Block, type Remark, refused } from './document-blocks.ts'
import { parseMarkdownBlocks } from './markdown-blocks.ts'
import { withoutHtml } from './markdown-html.ts'
import { plainText } from './plain-text.ts'
import { SLUG } from './slug.ts'

const questionSchema = z.string().trim().min(1).max(300)

/** Other programs write keys of their own, such as a version or a date. */
const frontMatterSchema = z.object({
  title: z.string().trim().min(1).max(200).optional(),
  category: z.string().trim().min(1).max(100).optional(),
  order: z.int().optional(),
  questions: z.array(questionSchema).optional(),
  slug: z.string().regex(SLUG, 'lower-case words joined by hyphens').optional(),
  language: languageSchema.optional()
})
export type FrontMatter = z.output<typeof frontMatterSchema>

type MarkdownFile =
  | { ok: true; frontMatter: FrontMatter; body: string; blocks: Block[]; remarks: Remark[] }
  | ReturnType<typeof refused>

const unreadKeys = (value: object): Remark[] => {
  const keys = Object.keys(value).filter((key) => !(key in frontMatterSchema.shape))
  const message = `these keys of the front matter are not read: ${keys.join(', ')}`
  return keys.length === 0 ? [] : [{ page: null, line: 1, message }]
}

export const readMarkdown = (bytes: Uint8Array): MarkdownFile => {
  const read = plainText(bytes)
  if (!read.ok) return refused(read.message, read.line)
  const lines = read.text.split('\n')
  let frontMatter: FrontMatter = {}
  let remarks: Remark[] = []
  let firstLine = 0
  if (lines[0] === '---') {
    const end = lines.indexOf('---', 1)
    if (end === -1) return refused('the front matter has no closing ---', 1)
    const schema = frontMatterSchema.loose().nullable()
    const parsed = readYamlText(lines.slice(1, end).join('\n'), schema, 2)
    if (!parsed.ok) return refused(parsed.message, parsed.line)
    remarks = unreadKeys(parsed.value ?? {})
    frontMatter = frontMatterSchema.parse(parsed.value ?? {})
    firstLine = end + 1
  }
  const body = withoutHtml(lines.slice(firstLine).join('\n')).trim()
  return body === ''
    ? refused('has no text', Math.max(1, firstLine))
    : { ok: true, frontMatter, body, blocks: parseMarkdownBlocks(body), remarks }
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
