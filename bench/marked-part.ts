// Replaces the part of a Markdown page between two markers. The text around it is written by hand.

export type Markers = { begin: string; end: string }

/** @throws Error for a page that lacks a marker or has them in the wrong order */
export const replaceMarkedPart = (page: string, { begin, end }: Markers, text: string): string => {
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) {
    throw new Error(`The page lacks ${from < 0 ? begin : end}, or has it in the wrong place.`)
  }
  return `${page.slice(0, from)}${begin}\n${text.trim()}\n${page.slice(to)}`
}
