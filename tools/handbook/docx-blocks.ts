// The HTML that mammoth writes of a DOCX, as headings and Markdown. It knows mammoth's own tags only: the text of a
// document cannot hold any, since mammoth escapes it.
import type { Block } from './document-blocks.ts'

type Element = { tag: string; attributes: string; children: Node[] }
type Node = Element | string

const TOKEN = /<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*?)?)(\/?)>|([^<]+)/g
const EMPTY_TAGS: ReadonlySet<string> = new Set(['br', 'img', 'hr'])
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }
/** A paragraph in bold with no more than this is a heading where a document has no headings of its own. */
const LONGEST_BOLD_HEADING = 80

const unescaped = (text: string): string =>
  text.replace(/&(lt|gt|quot|amp);/g, (entity, name: string) => ENTITIES[name] ?? entity)

const parse = (html: string): Node[] => {
  const root: Element = { tag: '', attributes: '', children: [] }
  const open: Element[] = [root]
  for (const [, slash, tag, attributes, selfClosing, text] of html.matchAll(TOKEN)) {
    const current = open.at(-1) ?? root
    if (text !== undefined) current.children.push(unescaped(text))
    else if (tag === undefined) continue
    else if (slash === '/') {
      // Up to the element that ends here, whatever was left open inside.
      const at = open.findLastIndex((element) => element.tag === tag)
      if (at > 0) open.length = at
    } else {
      const element = { tag, attributes: attributes ?? '', children: [] }
      current.children.push(element)
      if (selfClosing !== '/' && !EMPTY_TAGS.has(tag)) open.push(element)
    }
  }
  return root.children
}

/** Text on one line, with bold and italics kept. `inHeading`: a heading is bold already. */
const inlineOf = (nodes: readonly Node[], inHeading = false): string => {
  const marked = (nodes: readonly Node[], mark: string): string => {
    const text = inlineOf(nodes, inHeading)
    const inner = text.trim()
    if (inner === '' || inHeading) return text
    const at = text.indexOf(inner)
    return `${text.slice(0, at)}${mark}${inner}${mark}${text.slice(at + inner.length)}`
  }
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node.replace(/\s+/g, ' ')
      switch (node.tag) {
        case 'strong':
          return marked(node.children, '**')
        case 'em':
          return marked(node.children, '*')
        case 'br':
          return ' '
        default:
          return inlineOf(node.children, inHeading)
      }
    })
    .join('')
}

const clean = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Elements of these tags, through those that only group. */
const within = (element: Element, tags: readonly string[]): Element[] =>
  element.children.flatMap((child) => {
    if (typeof child === 'string') return []
    if (tags.includes(child.tag)) return [child]
    return ['thead', 'tbody'].includes(child.tag) ? within(child, tags) : []
  })

/** A cell is one line in Markdown, whatever paragraphs and lists it had. */
const cellText = (cell: Element): string => {
  const parts = cell.children.flatMap((child): string[] => {
    if (typeof child === 'string') return [child]
    if (child.tag === 'ul' || child.tag === 'ol') {
      return within(child, ['li']).map((item) => inlineOf(item.children))
    }
    if (child.tag === 'table') return within(child, ['tr']).map((row) => rowTexts(row).join(' '))
    return [inlineOf([child])]
  })
  return parts
    .map(clean)
    .filter((part) => part !== '')
    .join('; ')
    .replaceAll('|', '\\|')
}

const rowTexts = (row: Element): string[] => within(row, ['td', 'th']).map(cellText)

/** Rows as a Markdown table whose first row is the head; null where nothing is in them. */
export const tableMarkdown = (rows: readonly (readonly string[])[]): string | null => {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const written = rows.filter((row) => row.some((cell) => cell !== ''))
  if (columns === 0 || written.length === 0) return null
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: columns }, (_, at) => cells[at] ?? '').join(' | ')} |`
  const [head = [], ...others] = written
  return [line(head), `|${'---|'.repeat(columns)}`, ...others.map(line)].join('\n')
}

const listLines = (list: Element, indent: string): string[] =>
  within(list, ['li']).flatMap((item, at) => {
    const mark = list.tag === 'ol' ? `${at + 1}. ` : '- '
    const isList = (node: Node): boolean =>
      typeof node !== 'string' && (node.tag === 'ul' || node.tag === 'ol')
    const own = clean(inlineOf(item.children.filter((node) => !isList(node))))
    const inner = item.children.flatMap((node) =>
      typeof node !== 'string' && isList(node)
        ? listLines(node, `${indent}${' '.repeat(mark.length)}`)
        : []
    )
    return own === '' ? inner : [`${indent}${mark}${own}`, ...inner]
  })

/** The whole paragraph in bold, and short: what people make headings of who do not know of styles. */
const boldHeading = (element: Element): string | null => {
  const children = element.children.filter((node) => typeof node !== 'string' || node.trim() !== '')
  const isBold = children.every((node) => typeof node !== 'string' && node.tag === 'strong')
  const text = clean(inlineOf(children, true))
  return isBold && text !== '' && text.length <= LONGEST_BOLD_HEADING && !/[.;,]$/.test(text)
    ? text.replace(/:$/, '')
    : null
}

const hasHeadings = (nodes: readonly Node[]): boolean =>
  nodes.some((node) => typeof node !== 'string' && /^h[1-6]$/.test(node.tag))

/** Headings and texts in the document's order. */
export const parseHtmlBlocks = (html: string): Block[] => {
  const nodes = parse(html)
  const isStyled = hasHeadings(nodes)
  const text = (markdown: string | null): Block[] =>
    markdown === null || markdown === '' ? [] : [{ kind: 'text', markdown, page: null }]
  return nodes.flatMap((node): Block[] => {
    if (typeof node === 'string') return text(clean(node))
    const level = /^h([1-6])$/.exec(node.tag)?.[1]
    if (level !== undefined) {
      const heading = clean(inlineOf(node.children, true))
      return heading === ''
        ? []
        : [{ kind: 'heading', level: Number(level), text: heading, page: null }]
    }
    switch (node.tag) {
      case 'ul':
      case 'ol':
        return text(listLines(node, '').join('\n'))
      case 'table':
        return text(tableMarkdown(within(node, ['tr']).map(rowTexts)))
      default: {
        const heading = isStyled ? null : boldHeading(node)
        return heading === null
          ? text(clean(inlineOf([node])))
          : [{ kind: 'heading', level: 2, text: heading, page: null }]
      }
    }
  })
}
