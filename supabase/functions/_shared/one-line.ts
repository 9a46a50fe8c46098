// Makes a manager's text one line of the instructions: a text that could begin a new line could begin a new rule.

/** Normalised, trimmed, with each run of spaces and of control and format characters as one space. */
export const oneLine = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
