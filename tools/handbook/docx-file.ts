// Reads a Word file with mammoth. Tracked changes are read as if all were accepted.
import mammoth from 'mammoth'
import { type ReadDocument, refused } from './document-blocks.ts'
import { parseHtmlBlocks } from './docx-blocks.ts'
import { withoutControls } from './plain-text.ts'
import { INFLATED_LIMIT_BYTES, measureArchive } from './zip-limits.ts'

const TEXT_PART = 'word/document.xml'
/** The signature of an OLE file: Word 97 to 2003, or a .docx with a password. */
const OLE_SIGNATURE = [0xd0, 0xcf, 0x11, 0xe0]
const STYLE_MAP = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  // A table of contents holds no instructions.
  "p[style-name='TOC Heading'] => !",
  ...Array.from({ length: 9 }, (_, at) => `p[style-name='toc ${at + 1}'] => !`)
]

const PROBLEMS = {
  not_an_archive: 'is not a Word document (.docx), whatever its name says',
  too_large: 'unpacks to more than any document has; it was not opened',
  too_many_entries: 'has more parts than any document; it was not opened',
  broken: 'is damaged; open it in Word and save it again'
} as const

const trackedChanges = (xml: string): string | null => {
  const added = xml.match(/<w:(?:ins|moveTo)[ >]/g)?.length ?? 0
  const removed = xml.match(/<w:(?:del|moveFrom)[ >]/g)?.length ?? 0
  return added + removed === 0
    ? null
    : `has tracked changes (${added} additions, ${removed} deletions); it is read as if all were accepted`
}

export const readDocx = async (
  bytes: Uint8Array,
  inflatedLimitBytes = INFLATED_LIMIT_BYTES
): Promise<ReadDocument> => {
  if (OLE_SIGNATURE.every((byte, at) => bytes[at] === byte)) {
    return refused(
      'has a password or is of an old Word (.doc); save it as .docx without a password'
    )
  }
  const measured = await measureArchive(bytes, inflatedLimitBytes)
  if (!measured.ok) return refused(PROBLEMS[measured.reason])
  const part = measured.archive.file(TEXT_PART)
  if (part === null) return refused(PROBLEMS.not_an_archive)
  const changes = trackedChanges(await part.async('text'))
  let html: string
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      {
        styleMap: STYLE_MAP,
        // Pictures have no words.
        convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
        externalFileAccess: false
      }
    )
    html = value
  } catch {
    return refused(PROBLEMS.broken)
  }
  const blocks = parseHtmlBlocks(withoutControls(html))
  if (blocks.length === 0) return refused('has no text')
  return {
    ok: true,
    blocks,
    remarks: changes === null ? [] : [{ page: null, line: null, message: changes }]
  }
}
