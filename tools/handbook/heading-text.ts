// Makes titles of headings and file names.

/** Longer headings are refused later, and the patterns below backtrack on hostile input. */
const LONGEST = 1_000

/** `**Cooling** [soup](#soup)` → `Cooling soup`. */
export const withoutHeadingMarks = (text: string): string =>
  text.length > LONGEST
    ? text
    : text
        .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/(\*\*|__)(.+?)\1/g, '$2')
        .replace(/(?<![\p{L}\p{N}])([*_`])(.+?)\1(?![\p{L}\p{N}])/gu, '$2')
        .replace(/\\([\\`*_{}[\]()#+.!|-])/g, '$1')
        .trim()

/** `staff-parking_2.md` → `Staff parking 2`. */
export const titleOfFileName = (stem: string): string => {
  const words = stem.replace(/[-_\s]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
