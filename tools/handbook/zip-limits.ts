// Measures the unpacked size of an archive by unpacking it, since the sizes in its directory may lie. It writes no file
// and ignores the names of entries.
import { Readable } from 'node:stream'
import JSZip from 'jszip'

/** A DOCX of a thousand pages has about 30 MB. */
export const INFLATED_LIMIT_BYTES = 256 * 1024 * 1024
/** Of an XML part, which becomes a tree in memory. A book of a thousand pages has about 10 MB. */
const TEXT_PART_LIMIT_BYTES = 48 * 1024 * 1024
/** A DOCX has a dozen parts, and one for each picture. */
const ENTRY_LIMIT = 10_000

type MeasuredArchive =
  | { ok: true; archive: JSZip }
  | { ok: false; reason: 'not_an_archive' | 'too_large' | 'too_many_entries' | 'broken' }

/** Stops at `limitBytes`. */
const inflatedSize = async (entry: JSZip.JSZipObject, limitBytes: number): Promise<number> => {
  let bytes = 0
  // JSZip's stream is not iterable.
  const parts: AsyncIterable<unknown> = new Readable().wrap(entry.nodeStream())
  for await (const part of parts) {
    if (part instanceof Uint8Array) bytes += part.byteLength
    if (bytes > limitBytes) break
  }
  return bytes
}

export const measureArchive = async (
  bytes: Uint8Array,
  limitBytes = INFLATED_LIMIT_BYTES
): Promise<MeasuredArchive> => {
  let archive: JSZip
  try {
    archive = await JSZip.loadAsync(bytes)
  } catch {
    return { ok: false, reason: 'not_an_archive' }
  }
  const entries = Object.values(archive.files)
  if (entries.length > ENTRY_LIMIT) return { ok: false, reason: 'too_many_entries' }
  let inflatedBytes = 0
  for (const entry of entries) {
    if (entry.dir) continue
    try {
      const sizeBytes = await inflatedSize(entry, limitBytes - inflatedBytes)
      inflatedBytes += sizeBytes
      if (/\.(?:xml|rels)$/i.test(entry.name) && sizeBytes > TEXT_PART_LIMIT_BYTES) {
        return { ok: false, reason: 'too_large' }
      }
    } catch {
      // Invalid data or a wrong checksum.
      return { ok: false, reason: 'broken' }
    }
    if (inflatedBytes > limitBytes) return { ok: false, reason: 'too_large' }
  }
  return { ok: true, archive }
}
