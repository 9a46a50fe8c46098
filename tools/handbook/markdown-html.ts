// Replaces the HTML of a Markdown file: tables become Markdown tables, comments go.
import { parseHtmlBlocks } from './docx-blocks.ts'

const FENCED = /^ {0,3}(```|~~~)[\s\S]*?^ {0,3}\1.*$/m
const HTML = /<!--[\s\S]*?-->|^ {0,3}<table\b[\s\S]*?<\/table>/gim

const replaced = (markdown: string): string =>
  markdown.replace(HTML, (html) =>
    html.startsWith('<!--')
      ? ''
      : `\n${parseHtmlBlocks(html)
          .flatMap((block) => (block.kind === 'text' ? [block.markdown] : []))
          .join('\n\n')}\n`
  )

/** Leaves fenced code as it is. GitHub and many handbooks write tables with merged or long cells in HTML. */
export const withoutHtml = (markdown: string): string => {
  const code = FENCED.exec(markdown)
  if (code === null) return replaced(markdown)
  const end = code.index + code[0].length
  return `${replaced(markdown.slice(0, code.index))}${code[0]}${withoutHtml(markdown.slice(end))}`
}
