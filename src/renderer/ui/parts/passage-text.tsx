// Draws the Markdown of a passage or a section, with its quotes marked.
import { createElement, Fragment, memo, type ReactNode } from 'react'
import { type Block, blocksOf, type Inline, type ListItem } from '../../section-reader/markdown.ts'
import { withQuotes } from '../../section-reader/quote-marks.ts'

const TAGS = { plain: 'span', strong: 'strong', emphasis: 'em', code: 'code' } as const
/** The section's title is a heading of the second level. */
const HEADING_TAGS = ['h3', 'h3', 'h4', 'h5', 'h6', 'h6'] as const

/** The parts of a text never move: they need no keys. */
const drawn = <T,>(parts: readonly T[], draw: (part: T) => ReactNode): ReactNode =>
  createElement(Fragment, null, ...parts.map(draw))

const words = (content: readonly Inline[]): ReactNode =>
  drawn(content, ({ style, text, isQuoted }) =>
    createElement(
      TAGS[style],
      null,
      isQuoted ? (
        <mark className="quoted" data-testid="quoted">
          {text}
        </mark>
      ) : (
        text
      )
    )
  )

const drawTable = ({ head, rows }: Extract<Block, { kind: 'table' }>): ReactNode => (
  <table>
    {head.length > 0 && (
      <thead>
        <tr>{drawn(head, (cell) => createElement('th', { scope: 'col' }, words(cell)))}</tr>
      </thead>
    )}
    <tbody>
      {drawn(rows, (row) => (
        <tr>{drawn(row, (cell) => createElement('td', null, words(cell)))}</tr>
      ))}
    </tbody>
  </table>
)

const drawItem = ({ depth, number, content }: ListItem): ReactNode => (
  <li data-depth={depth}>
    <span className="passage-mark">{number === null ? '•' : `${number}.`}</span>
    <span>{words(content)}</span>
  </li>
)

const drawBlock = (block: Block): ReactNode => {
  switch (block.kind) {
    case 'heading':
      return createElement(
        HEADING_TAGS[block.level - 1] ?? 'h6',
        { 'data-anchor': block.anchor },
        words(block.content)
      )
    case 'paragraph':
      return <p>{words(block.content)}</p>
    case 'list':
      return <ul className="passage-list">{drawn(block.items, drawItem)}</ul>
    case 'table':
      return drawTable(block)
    case 'code':
      return <pre>{block.text}</pre>
    default:
      return block satisfies never
  }
}

type Props = { text: string; quotes: readonly string[] }

export const PassageText = memo(({ text, quotes }: Props) =>
  drawn(withQuotes(blocksOf(text), quotes), drawBlock)
)
