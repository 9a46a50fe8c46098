// Finds the files of an import and refuses them by kind and size before it opens them.
import { open, readdir, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import type { FileWarning } from './document-blocks.ts'
import { type Asked, askSystem } from './file-errors.ts'

type FileKind = 'markdown' | 'docx' | 'pdf'

const KIND_OF: Readonly<Record<string, FileKind>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.txt': 'markdown',
  '.docx': 'docx',
  '.pdf': 'pdf'
}
const MEGABYTE = 1024 * 1024
/** Of a document the pictures count, too. */
const LIMIT_BYTES: Readonly<Record<FileKind, number>> = {
  markdown: 8 * MEGABYTE,
  docx: 64 * MEGABYTE,
  pdf: 64 * MEGABYTE
}
const READABLE = 'Markdown (.md), Word (.docx) and PDF (.pdf)'

export type FoundFile = { path: string; kind: FileKind }
type FoundFiles = { files: FoundFile[]; refused: FileWarning[] }

const kindOf = (path: string): FileKind | undefined => KIND_OF[extname(path).toLowerCase()]

const megabytes = (bytes: number): string => `${Math.ceil(bytes / MEGABYTE)} MB`

const refuse = (file: string, message: string): FoundFiles => ({
  files: [],
  refused: [{ file, page: null, line: null, message }]
})

const merged = (found: readonly FoundFiles[]): FoundFiles => ({
  files: found.flatMap(({ files }) => files),
  refused: found.flatMap(({ refused }) => refused)
})

/** Readable files below a folder, in the order of their names. Hidden files and links are skipped. */
const searchFolder = async (folder: string): Promise<FoundFiles> => {
  const read = await askSystem(() => readdir(folder, { withFileTypes: true }))
  if (!read.ok) return refuse(folder, read.message)
  const found: FoundFiles[] = []
  for (const entry of read.value.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) found.push(await searchFolder(path))
    else if (entry.isFile() && kindOf(path) !== undefined) found.push(await inspect(path))
  }
  return merged(found)
}

const inspect = async (path: string): Promise<FoundFiles> => {
  const status = await askSystem(() => stat(path))
  if (!status.ok) return refuse(path, status.message)
  const { size } = status.value
  if (status.value.isDirectory()) {
    const found = await searchFolder(path)
    return found.files.length + found.refused.length === 0
      ? refuse(path, `is a folder without files of ${READABLE}`)
      : found
  }
  if (!status.value.isFile()) return refuse(path, 'is not a file')
  const kind = kindOf(path)
  if (kind === undefined) {
    const isOldWord = extname(path).toLowerCase() === '.doc'
    const advice = isOldWord ? 'save it as .docx' : `what can be read is ${READABLE}`
    return refuse(path, `is of a kind that is not read; ${advice}`)
  }
  if (size === 0) return refuse(path, 'is empty')
  if (size > LIMIT_BYTES[kind]) {
    const [own, most] = [megabytes(size), megabytes(LIMIT_BYTES[kind])]
    return refuse(path, `has ${own}; at most ${most} are read of such a file`)
  }
  return { files: [{ path, kind }], refused: [] }
}

/** Each file once, in the order given. */
export const findFiles = async (paths: readonly string[]): Promise<FoundFiles> => {
  const found: FoundFiles[] = []
  for (const path of paths) found.push(await inspect(path))
  const { files, refused } = merged(found)
  const byPath = Map.groupBy(files, ({ path }) => resolve(path))
  return { files: [...byPath.values()].flatMap(([first]) => first ?? []), refused }
}

/** Null for a file that has grown over its limit since {@link findFiles}. */
export const readBytes = ({ path, kind }: FoundFile): Promise<Asked<Uint8Array | null>> =>
  askSystem(async () => {
    await using handle = await open(path, 'r')
    const { size } = await handle.stat()
    return size > LIMIT_BYTES[kind] ? null : await handle.readFile()
  })

/** `cooling.es.md` → `cooling`. */
export const stemOf = (path: string): string =>
  basename(path, extname(path)).replace(/\.[a-z]{2}$/i, '')
