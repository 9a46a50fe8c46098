// The headings of a section's Markdown, and the names of places by them, as a citation has them: `storage/walk-in`.

/** Before its words; what closes a heading is taken off by hand, since a pattern for it can take forever. */
const HEADING = /^ {0,3}(#{1,6})\s+(?=\S)/

export type Heading = { level: number; name: string }

/** The level and words of a line that is a heading, as the backend reads it: `## Soup ##` → 2, Soup. */
export const headingOf = (line: string): Heading | null => {
  const [opening, marks] = HEADING.exec(line) ?? []
  if (opening === undefined || marks === undefined) return null
  const words = line.slice(opening.length).trimEnd()
  let end = words.length
  while (end > 0 && words[end - 1] === '#') end -= 1
  return { level: marks.length, name: end === 0 ? words : words.slice(0, end).trimEnd() }
}

/** The headings above the text that follows `heading`. One of the first level repeats the section's title. */
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
 * The anchor of the text under a heading path; empty for the section's top. The same as
 * `supabase/functions/_shared/passages.ts` makes, where a second passage of one path has `~2` after it.
 */
export const anchorOf = (path: readonly Heading[]): string =>
  path.map(({ name }) => fragmentOf(name)).join('/')

/** The anchor without the number of the passage under its heading. */
export const placeOf = (anchor: string): string => anchor.replace(/~\d+$/, '')
