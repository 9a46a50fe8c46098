// How large an archive is once it is unpacked, found out by unpacking it into nothing: what its directory says of
// itself is the sender's word. Names of entries are not looked at, and nothing is written anywhere.
import { Readable } from 'node:stream'
import JSZip from 'jszip'

/** A handbook's text and pictures; a DOCX of a thousand pages has about 30 MB. */
export const INFLATED_LIMIT_BYTES = 256 * 1024 * 1024
/** Of one part that is text: it is held in memory whole and as a tree. A book of a thousand pages has about 10 MB. */
const TEXT_PART_LIMIT_BYTES = 48 * 1024 * 1024
/** A DOCX has a dozen parts and one for each picture. */
const ENTRY_LIMIT = 10_000

export type MeasuredArchive =
  | { ok: true; archive: JSZip; inflatedBytes: number }
  | { ok: false; reason: 'not_an_archive' | 'too_large' | 'too_many_entries' | 'broken' }

/** Bytes of one entry, counted until they pass `limitBytes`. */
const inflatedSize = async (entry: JSZip.JSZipObject, limitBytes: number): Promise<number> => {
  let bytes = 0
  // Its own stream is of before there were iterators.
  const parts: AsyncIterable<unknown> = new Readable().wrap(entry.nodeStream())
  for await (const part of parts) {
    if (part instanceof Uint8Array) bytes += part.byteLength
    // Leaving the loop stops the unpacking.
    if (bytes > limitBytes) break
  }
  return bytes
}

/** Unpacks an archive piece by piece, at most {@link INFLATED_LIMIT_BYTES} of it. */
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
      // The data does not inflate, or not to what its checksum says.
      return { ok: false, reason: 'broken' }
    }
    if (inflatedBytes > limitBytes) return { ok: false, reason: 'too_large' }
  }
  return { ok: true, archive, inflatedBytes }
}
