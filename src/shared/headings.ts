// Reads the headings of a section's Markdown, and makes the anchors of citations: `storage/walk-in`.

/** The start of a heading. Code removes the closing marks: a pattern for them can backtrack exponentially. */
const HEADING = /^ {0,3}(#{1,6})\s+(?=\S)/

export type Heading = { level: number; name: string }

/** `## Soup ##` → 2, Soup, as in the backend; null for a line that is no heading. */
export const headingOf = (line: string): Heading | null => {
  const [opening, marks] = HEADING.exec(line) ?? []
  if (opening === undefined || marks === undefined) return null
  const words = line.slice(opening.length).trimEnd()
  let end = words.length
  while (end > 0 && words[end - 1] === '#') end -= 1
  return { level: marks.length, name: end === 0 ? words : words.slice(0, end).trimEnd() }
}

/** The headings above the text after `heading`. A heading of the first level repeats the section's title. */
export const pathUnder = (path: readonly Heading[], heading: Heading): Heading[] => [
  ...path.filter(({ level }) => level < heading.level),
  ...(heading.level > 1 ? [heading] : [])
]

/** `Walk-in: "días"` → `walk-in-dias`; letters of any script stay, accents go. */
const fragmentOf = (heading: string): string =>
  heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

/**
 * The anchor of the text under a heading path; empty for the section's top. The same as in
 * `supabase/functions/_shared/passages.ts`, where the second passage of a path ends with `~2`.
 */
export const anchorOf = (path: readonly Heading[]): string =>
  path.map(({ name }) => fragmentOf(name)).join('/')

/** The anchor without the number of the passage under its heading. */
export const placeOf = (anchor: string): string => anchor.replace(/~\d+$/, '')
