// Decodes text files: UTF-8, or the UTF-16 of Windows' Notepad. Postgres stores no null characters.

type PlainText = { ok: true; text: string } | { ok: false; line: number | null; message: string }

const NULL_CHARACTER = String.fromCharCode(0)
/** Decoders write it for invalid bytes. */
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

/** Has Unix line ends and no byte order mark. */
export const plainText = (bytes: Uint8Array): PlainText => {
  const read = decoded(bytes)
  if (!read.ok) return read
  const text = read.text.replaceAll('\r\n', '\n').replaceAll('\r', '\n')
  const nullAt = text.indexOf(NULL_CHARACTER)
  return nullAt === -1
    ? { ok: true, text }
    : { ok: false, line: lineOf(text, nullAt), message: 'has a null character; this is no text' }
}

/** Removes the controls that move a terminal's cursor or change its title: questions and files are untrusted. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed
  text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '\uFFFD')

/** Removes controls, soft hyphens and lone surrogates. */
export const withoutControls = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u00AD\u200B\uFEFF]/g, '')
    .replace(/[\u00A0\u202F]/g, ' ')
