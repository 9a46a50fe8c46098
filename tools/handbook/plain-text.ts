// Text as it may go into the handbook: UTF-8 (or the UTF-16 of Windows' Notepad), and only what Postgres can hold.

export type PlainText =
  | { ok: true; text: string }
  | { ok: false; line: number | null; message: string }

const NULL_CHARACTER = String.fromCharCode(0)
/** What a decoder writes in place of bytes that are none of the encoding. */
const REPLACEMENT = '\uFFFD'

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length

const decoded = (bytes: Uint8Array): PlainText => {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : 'utf-8'
  try {
    return { ok: true, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    const text = new TextDecoder(encoding).decode(bytes)
    return {
      ok: false,
      line: lineOf(text, Math.max(0, text.indexOf(REPLACEMENT))),
      message: 'is not UTF-8 text; save it again with that encoding'
    }
  }
}

/** The text of a file, with Unix line ends and without a byte order mark. */
export const plainText = (bytes: Uint8Array): PlainText => {
  const read = decoded(bytes)
  if (!read.ok) return read
  const text = read.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n')
  const nullAt = text.indexOf(NULL_CHARACTER)
  return nullAt === -1
    ? { ok: true, text }
    : { ok: false, line: lineOf(text, nullAt), message: 'has a null character; this is no text' }
}

/**
 * Text for a terminal: without the controls that would move its cursor or change its title. What people asked and what
 * files say is somebody else's.
 */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '\uFFFD')

/** What a document's writer left in its text and nobody sees: controls, soft hyphens, halves of characters. */
export const withoutControls = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u00AD\u200B\uFEFF]/g, '')
    .replace(/[\u00A0\u202F]/g, ' ')
