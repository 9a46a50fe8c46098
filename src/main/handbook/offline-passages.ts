// Cuts a section of the offline copy into passages short enough to be read out of: at its headings, and what is
// longer under one heading between paragraphs, lines or sentences.
import { anchorOf, type Heading, headingOf, pathUnder } from '../../shared/headings.ts'

export type OfflinePassage = {
  /** Heading path inside the section, outermost first, joined with " › "; empty before the first heading. */
  heading: string
  /** The heading path as a citation points to it. */
  anchor: string
  /** Markdown without its heading; never empty. */
  text: string
}

/** The backend's own passages are as long (about 350 tokens). */
export const PASSAGE_LIMIT_CHARACTERS = 1_400

const FENCE = /^ {0,3}(```|~~~)/

/** The passages of a section's Markdown, in its order. A heading with nothing under it gives none. */
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

/** Coarsest first: what does not fit whole is cut at the next. */
const SEAMS = [/\n\s*\n/, /\n/, /(?<=[.!?…])\s+/, /\s+/] as const
const GLUE = ['\n\n', '\n', ' ', ' '] as const

/** Pieces within the limit, each as long as it can be. */
const piecesOf = (text: string, seam = 0): string[] => {
  if (text === '') return []
  if (text.length <= PASSAGE_LIMIT_CHARACTERS) return [text]
  const at = SEAMS[seam]
  const glue = GLUE[seam]
  // A single word of more than a passage: nothing to read out, but nothing is lost either.
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
