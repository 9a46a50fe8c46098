// Makes slugs of headings. The database has the same pattern.

export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/
/** A file name has at most 255 bytes. */
const LONGEST_SLUG = 80

/** `Cuarto de platos: ¿cuándo?` → `cuarto-de-platos-cuando`; empty where no letter or digit is left. */
export const slugOf = (text: string): string => {
  const words = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  if (words.length <= LONGEST_SLUG) return words
  const end = words.lastIndexOf('-', LONGEST_SLUG)
  return words.slice(0, end > 0 ? end : LONGEST_SLUG)
}

/** A heading may name its own slug as in Pandoc: `## Limpieza {#dish-room}`. */
export const namedHeading = (heading: string): { title: string; slug: string } => {
  const at = heading.lastIndexOf('{#')
  const name = heading.slice(at + 2, -1)
  return at > 0 && heading.endsWith('}') && name !== '' && !/[{}\s]/.test(name)
    ? { title: heading.slice(0, at).trimEnd(), slug: name }
    : { title: heading, slug: slugOf(heading) }
}
