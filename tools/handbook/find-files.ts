// Which files an import reads: those that are named, and those of a folder that are of a kind that can be read. A file
// is looked at before it is opened: its kind and its size.
import { open, readdir, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import type { FileWarning } from './document-blocks.ts'
import { type Asked, askSystem } from './file-errors.ts'

export type FileKind = 'markdown' | 'docx' | 'pdf'

const KIND_OF: Readonly<Record<string, FileKind>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.txt': 'markdown',
  '.docx': 'docx',
  '.pdf': 'pdf'
}
const MEGABYTE = 1024 * 1024
/** Text of this size is a shelf of books; a document's pictures count, and are not read. */
const LIMIT_BYTES: Readonly<Record<FileKind, number>> = {
  markdown: 8 * MEGABYTE,
  docx: 64 * MEGABYTE,
  pdf: 64 * MEGABYTE
}
const READABLE = 'Markdown (.md), Word (.docx) and PDF (.pdf)'

export type FoundFile = { path: string; kind: FileKind }
export type FoundFiles = { files: FoundFile[]; refused: FileWarning[] }

const refusal = (file: string, message: string): FileWarning => ({
  file,
  page: null,
  line: null,
  message
})

const kindOf = (path: string): FileKind | undefined => KIND_OF[extname(path).toLowerCase()]

const megabytes = (bytes: number): string => `${Math.ceil(bytes / MEGABYTE)} MB`

type Below = { paths: string[]; refused: FileWarning[] }

/** Files below a folder, in the order of their names; nothing hidden, and no link out of it. */
const filesBelow = async (folder: string): Promise<Below> => {
  const read = await askSystem(() => readdir(folder, { withFileTypes: true }))
  if (!read.ok) return { paths: [], refused: [refusal(folder, read.message)] }
  const found: Below = { paths: [], refused: [] }
  for (const entry of read.value.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      const below = await filesBelow(path)
      found.paths.push(...below.paths)
      found.refused.push(...below.refused)
    } else if (entry.isFile() && kindOf(path) !== undefined) found.paths.push(path)
  }
  return found
}

const lookAt = async (path: string): Promise<FoundFiles> => {
  const asked = await askSystem(() => stat(path))
  if (!asked.ok) return { files: [], refused: [refusal(path, asked.message)] }
  const about = asked.value
  if (about.isDirectory()) {
    const { paths, refused } = await filesBelow(path)
    if (paths.length === 0 && refused.length === 0) {
      return { files: [], refused: [refusal(path, `is a folder without files of ${READABLE}`)] }
    }
    const looked = await Promise.all(paths.map(lookAt))
    return {
      files: looked.flatMap(({ files }) => files),
      refused: [...refused, ...looked.flatMap((one) => one.refused)]
    }
  }
  if (!about.isFile()) return { files: [], refused: [refusal(path, 'is not a file')] }
  const kind = kindOf(path)
  if (kind === undefined) {
    const advice =
      extname(path).toLowerCase() === '.doc'
        ? 'save it as .docx'
        : `what can be read is ${READABLE}`
    return { files: [], refused: [refusal(path, `is of a kind that is not read; ${advice}`)] }
  }
  if (about.size === 0) return { files: [], refused: [refusal(path, 'is empty')] }
  if (about.size > LIMIT_BYTES[kind]) {
    const message = `has ${megabytes(about.size)}; at most ${megabytes(LIMIT_BYTES[kind])} are read of such a file`
    return { files: [], refused: [refusal(path, message)] }
  }
  return { files: [{ path, kind }], refused: [] }
}

/** Each file once, in the order given. */
export const findFiles = async (paths: readonly string[]): Promise<FoundFiles> => {
  const files = new Map<string, FoundFile>()
  const refused: FileWarning[] = []
  for (const path of paths) {
    const looked = await lookAt(path)
    refused.push(...looked.refused)
    for (const file of looked.files) {
      const place = resolve(file.path)
      if (!files.has(place)) files.set(place, file)
    }
  }
  return { files: [...files.values()], refused }
}

/** A file's bytes, or null where it has more than its kind may have: it was written to since it was looked at. */
export const readBytes = ({ path, kind }: FoundFile): Promise<Asked<Uint8Array | null>> =>
  askSystem(() => readWithin(path, LIMIT_BYTES[kind]))

/** Null: it has more than the limit. */
const readWithin = async (path: string, limitBytes: number): Promise<Uint8Array | null> => {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    if (size > limitBytes) return null
    const bytes = new Uint8Array(size)
    let at = 0
    while (at < size) {
      const { bytesRead } = await handle.read(bytes, at, size - at)
      if (bytesRead === 0) break
      at += bytesRead
    }
    return bytes.subarray(0, at)
  } finally {
    await handle.close()
  }
}

/** `cooling.es.md` → `cooling`. */
export const stemOf = (path: string): string =>
  basename(path, extname(path)).replace(/\.[a-z]{2}$/i, '')
