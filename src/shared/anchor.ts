// Names a place in a section by its headings, as a citation does: `storage/walk-in`.

/** `Walk-in: "días"` → `walk-in-dias`; letters of any script stay, accents go. */
const fragmentOf = (heading: string): string =>
  heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

/**
 * The anchor of the text under a heading path, outermost heading first; empty for the section's top. The same as
 * `supabase/functions/_shared/passages.ts` makes, where a second passage of one path has `~2` after it.
 */
export const anchorOf = (path: readonly string[]): string => path.map(fragmentOf).join('/')

/** The anchor without the number of the passage under its heading. */
export const placeOf = (anchor: string): string => anchor.replace(/~\d+$/, '')
