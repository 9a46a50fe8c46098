// Converts mammoth's HTML of a Word file to headings and Markdown.
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import type { Block } from './document-blocks.ts'
import { markdownTable } from './markdown-table.ts'

type Node = DefaultTreeAdapterTypes.ChildNode
type Element = DefaultTreeAdapterTypes.Element

/** A bold paragraph of at most this many characters is a heading where a document has no heading styles. */
const LONGEST_BOLD_HEADING = 80

const isElement = (node: Node): node is Element => 'tagName' in node
const isList = (node: Node): boolean => node.nodeName === 'ul' || node.nodeName === 'ol'
const textOf = (node: Node): string => ('value' in node ? node.value : '')
const clean = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Text on one line with Markdown's bold and italics. A heading gets no marks. */
const inlineText = (nodes: readonly Node[], isHeading = false): string => {
  const marked = (children: readonly Node[], mark: string): string => {
    const text = inlineText(children, isHeading)
    const inner = text.trim()
    return inner === '' || isHeading ? text : text.replace(inner, () => `${mark}${inner}${mark}`)
  }
  return nodes
    .map((node) => {
      if (!isElement(node)) return textOf(node).replace(/\s+/g, ' ')
      switch (node.tagName) {
        case 'strong':
          return marked(node.childNodes, '**')
        case 'em':
          return marked(node.childNodes, '*')
        case 'br':
          return ' '
        default:
          return inlineText(node.childNodes, isHeading)
      }
    })
    .join('')
}

/** The children with one of these tags; those of `thead` and `tbody` count as children. */
const childrenOf = (element: Element, tags: readonly string[]): Element[] =>
  element.childNodes.filter(isElement).flatMap((child) => {
    if (tags.includes(child.tagName)) return [child]
    return ['thead', 'tbody'].includes(child.tagName) ? childrenOf(child, tags) : []
  })

/** A Markdown cell is one line: its paragraphs and list items are joined with semicolons. */
const cellText = (cell: Element): string =>
  cell.childNodes
    .flatMap((child): string[] => {
      if (!isElement(child)) return [textOf(child)]
      if (isList(child)) return childrenOf(child, ['li']).map((item) => inlineText(item.childNodes))
      return child.tagName === 'table'
        ? rowsOf(child).map((row) => row.join(' '))
        : [inlineText([child])]
    })
    .map(clean)
    .filter((part) => part !== '')
    .join('; ')

const rowsOf = (table: Element): string[][] =>
  childrenOf(table, ['tr']).map((row) => childrenOf(row, ['td', 'th']).map(cellText))

const listLines = (list: Element, indent = ''): string[] =>
  childrenOf(list, ['li']).flatMap((item, at) => {
    const mark = list.tagName === 'ol' ? `${at + 1}. ` : '- '
    const own = clean(inlineText(item.childNodes.filter((node) => !isList(node))))
    const inner = childrenOf(item, ['ul', 'ol']).flatMap((nested) =>
      listLines(nested, `${indent}${' '.repeat(mark.length)}`)
    )
    return own === '' ? inner : [`${indent}${mark}${own}`, ...inner]
  })

/** Writers who do not use heading styles set a short paragraph in bold. Null for any other paragraph. */
const boldHeading = (paragraph: Element): string | null => {
  const children = paragraph.childNodes.filter(
    (node) => isElement(node) || textOf(node).trim() !== ''
  )
  const text = clean(inlineText(children, true))
  return children.every(({ nodeName }) => nodeName === 'strong') &&
    text !== '' &&
    text.length <= LONGEST_BOLD_HEADING &&
    !/[.;,]$/.test(text)
    ? text.replace(/:$/, '')
    : null
}

/** Headings and texts in the document's order. */
export const parseHtmlBlocks = (html: string): Block[] => {
  const nodes = parseFragment(html).childNodes
  const levelOf = ({ nodeName }: Node): number => Number(/^h([1-6])$/.exec(nodeName)?.[1] ?? 0)
  const hasHeadings = nodes.some((node) => levelOf(node) > 0)
  const text = (markdown: string | null): Block[] =>
    markdown === null || markdown === '' ? [] : [{ kind: 'text', markdown, page: null }]
  const heading = (level: number, words: string): Block[] =>
    words === '' ? [] : [{ kind: 'heading', level, text: words, page: null }]
  return nodes.flatMap((node): Block[] => {
    if (!isElement(node)) return text(clean(textOf(node)))
    const level = levelOf(node)
    if (level > 0) return heading(level, clean(inlineText(node.childNodes, true)))
    if (isList(node)) return text(listLines(node).join('\n'))
    if (node.tagName === 'table') return text(markdownTable(rowsOf(node)))
    const bold = hasHeadings ? null : boldHeading(node)
    return bold === null ? text(clean(inlineText([node]))) : heading(2, bold)
  })
}
