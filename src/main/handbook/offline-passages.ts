// Cuts a section of the offline copy into passages: at its headings, and longer text between paragraphs, lines or
// sentences.
import { anchorOf, type Heading, headingOf, pathUnder } from '../../shared/headings.ts'

type OfflinePassage = {
  /** Heading path inside the section, outermost first, joined with " › "; empty before the first heading. */
  heading: string
  /** The heading path as the anchor of a citation. */
  anchor: string
  /** Markdown without its heading; never empty. */
  text: string
}

/** About 350 tokens, as in the backend. */
export const PASSAGE_LIMIT_CHARACTERS = 1_400

const FENCE = /^ {0,3}(```|~~~)/

/** The passages of a section's Markdown, in its order. A heading without text gives none. */
export const splitSection = (markdown: string): OfflinePassage[] =>
  byHeading(markdown).flatMap(({ path, lines }) =>
    piecesOf(lines.join('\n').trim()).map((text) => ({
      heading: path.map(({ name }) => name).join(' › '),
      anchor: anchorOf(path),
      text
    }))
  )

const byHeading = (markdown: string): { path: Heading[]; lines: string[] }[] => {
  const parts: { path: Heading[]; lines: string[] }[] = [{ path: [], lines: [] }]
  let fence: string | undefined
  for (const line of markdown.replaceAll('\r\n', '\n').split('\n')) {
    const mark = FENCE.exec(line)?.[1]
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined
    }
    const heading = fence === undefined ? headingOf(line) : null
    if (heading === null) parts.at(-1)?.lines.push(line)
    else parts.push({ path: pathUnder(parts.at(-1)?.path ?? [], heading), lines: [] })
  }
  return parts
}

/** Coarsest first: a piece over the limit is cut at the next seam. */
const SEAMS = [/\n\s*\n/, /\n/, /(?<=[.!?…])\s+/, /\s+/] as const
const GLUE = ['\n\n', '\n', ' ', ' '] as const

/** Pieces within the limit, each as long as possible. */
const piecesOf = (text: string, seam = 0): string[] => {
  if (text === '') return []
  if (text.length <= PASSAGE_LIMIT_CHARACTERS) return [text]
  const at = SEAMS[seam]
  const glue = GLUE[seam]
  // A single word longer than a passage is cut anywhere, so that no text is lost.
  if (at === undefined || glue === undefined) {
    return [
      text.slice(0, PASSAGE_LIMIT_CHARACTERS),
      ...piecesOf(text.slice(PASSAGE_LIMIT_CHARACTERS), seam)
    ]
  }
  const pieces: string[] = []
  for (const part of text.split(at).flatMap((one) => piecesOf(one.trim(), seam + 1))) {
    const together = pieces.length === 0 ? part : `${pieces.at(-1)}${glue}${part}`
    if (pieces.length > 0 && together.length <= PASSAGE_LIMIT_CHARACTERS) {
      pieces[pieces.length - 1] = together
    } else {
      pieces.push(part)
    }
  }
  return pieces
}
