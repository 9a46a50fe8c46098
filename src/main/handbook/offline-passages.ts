// Cuts a section of the offline copy into passages short enough to be read out of: at its headings, and what is
// longer under one heading between paragraphs, lines or sentences.
import { anchorOf } from '../../shared/anchor.ts'

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

/** Before its words; what closes a heading is taken off by hand, since a pattern for it can take forever. */
const HEADING = /^ {0,3}(#{1,6})\s+(?=\S)/
const FENCE = /^ {0,3}(```|~~~)/

/** The passages of a section's Markdown, in its order. A heading with nothing under it gives none. */
export const splitSection = (markdown: string): OfflinePassage[] =>
  byHeading(markdown).flatMap(({ path, lines }) =>
    piecesOf(lines.join('\n').trim()).map((text) => ({
      heading: path.join(' › '),
      anchor: anchorOf(path),
      text
    }))
  )

/** The level and words of a line that is a heading, as the backend reads it: `## Soup ##` → 2, Soup. */
const headingOf = (line: string): { level: number; name: string } | null => {
  const [opening, marks] = HEADING.exec(line) ?? []
  if (opening === undefined || marks === undefined) return null
  const words = line.slice(opening.length).trimEnd()
  let end = words.length
  while (end > 0 && words[end - 1] === '#') end -= 1
  return { level: marks.length, name: end === 0 ? words : words.slice(0, end).trimEnd() }
}

/** A first-level heading repeats the section's title and adds nothing to the path. */
const byHeading = (markdown: string): { path: string[]; lines: string[] }[] => {
  const parts: { path: string[]; lines: string[] }[] = [{ path: [], lines: [] }]
  const path: { level: number; name: string }[] = []
  let fence: string | undefined
  for (const line of markdown.replaceAll('\r\n', '\n').split('\n')) {
    const mark = FENCE.exec(line)?.[1]
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined
    }
    const heading = fence === undefined ? headingOf(line) : null
    if (heading === null) {
      parts.at(-1)?.lines.push(line)
      continue
    }
    const { level, name } = heading
    while ((path.at(-1)?.level ?? 0) >= level) path.pop()
    if (level > 1) path.push({ level, name })
    parts.push({ path: path.map((step) => step.name), lines: [] })
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
