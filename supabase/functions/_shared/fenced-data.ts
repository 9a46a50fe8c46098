// Puts what people of the restaurant wrote into the instructions as data: one line for each text, between two fences.

const FENCE = '```'

/**
 * A text as one line, normalised, with each run of spaces and of control and format characters as one space, and without
 * backticks: it can neither begin a new line, which could be a rule, nor close the fence.
 */
export const oneLine = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/`/g, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()

/** A part of the instructions. @param notes say what the lines are, and that they are data @param lines each of {@link oneLine} */
export const dataPart = (
  heading: string,
  notes: readonly string[],
  lines: readonly string[]
): string =>
  [`# ${heading}`, ...notes.map((note) => `- ${note}`), FENCE, ...lines, FENCE].join('\n')
