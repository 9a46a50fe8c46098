// A Word file: measured before it is unpacked, read by mammoth, tracked changes as if all of them were accepted.
import mammoth from 'mammoth'
import { type ReadDocument, refused } from './document-blocks.ts'
import { parseHtmlBlocks } from './docx-blocks.ts'
import { withoutControls } from './plain-text.ts'
import { INFLATED_LIMIT_BYTES, measureArchive } from './zip-limits.ts'

const TEXT_PART = 'word/document.xml'
/** How a file of Office 97 to 2003 begins, and one of today's with a password around it. */
const OLE_BEGINNING = [0xd0, 0xcf, 0x11, 0xe0]
/** A title that is no heading by its style is one by its meaning. */
const STYLE_MAP = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  // A table of contents says where things are, and nothing of them.
  "p[style-name='TOC Heading'] => !",
  ...Array.from({ length: 9 }, (_, at) => `p[style-name='toc ${at + 1}'] => !`)
]

const startsWith = (bytes: Uint8Array, beginning: readonly number[]): boolean =>
  beginning.every((byte, at) => bytes[at] === byte)

const count = (xml: string, tag: RegExp): number => xml.match(tag)?.length ?? 0

const unreadable = {
  not_an_archive: 'is not a Word document (.docx), whatever its name says',
  too_large: 'unpacks to more than any document has; it was not opened',
  too_many_entries: 'has more parts than any document; it was not opened',
  broken: 'is damaged; open it in Word and save it again'
} as const

/** What is said of changes that were not accepted or rejected yet. */
const trackedChanges = (xml: string): string | null => {
  const added = count(xml, /<w:(?:ins|moveTo)[ >]/g)
  const removed = count(xml, /<w:(?:del|moveFrom)[ >]/g)
  return added + removed === 0
    ? null
    : `has tracked changes (${added} additions, ${removed} deletions); it is read as if all were accepted`
}

export const readDocx = async (
  bytes: Uint8Array,
  { inflatedLimitBytes = INFLATED_LIMIT_BYTES }: { inflatedLimitBytes?: number } = {}
): Promise<ReadDocument> => {
  if (startsWith(bytes, OLE_BEGINNING)) {
    return refused(
      'has a password or is of an old Word (.doc); save it as .docx without a password'
    )
  }
  const measured = await measureArchive(bytes, inflatedLimitBytes)
  if (!measured.ok) return refused(unreadable[measured.reason])
  const part = measured.archive.file(TEXT_PART)
  if (part === null) return refused(unreadable.not_an_archive)
  const changes = trackedChanges(await part.async('text'))
  let html: string
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      {
        styleMap: STYLE_MAP,
        // Pictures have no words; their bytes would only be carried along.
        convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
        // Nothing but the file itself is opened.
        externalFileAccess: false
      }
    )
    html = value
  } catch {
    return refused(unreadable.broken)
  }
  const blocks = parseHtmlBlocks(withoutControls(html))
  if (blocks.length === 0) return refused('has no text')
  return {
    ok: true,
    blocks,
    remarks: changes === null ? [] : [{ page: null, line: null, message: changes }]
  }
}
