// The common form of every file: headings and texts in reading order, with warnings about the file.

export type Block =
  | {
      kind: 'heading'
      /** 1 for the largest. */
      level: number
      text: string
      page: number | null
    }
  /** A paragraph, a list or a table. */
  | { kind: 'text'; markdown: string; page: number | null }

export type FileWarning = {
  file: string
  /** From 1; null where the file has no pages, or the warning is about all of it. */
  page: number | null
  /** From 1; null where the file has no lines. */
  line: number | null
  /** A sentence whose subject is the file's name. */
  message: string
}
export type Remark = Omit<FileWarning, 'file'>

export type ReadDocument =
  | { ok: true; blocks: Block[]; remarks: Remark[] }
  | { ok: false; problem: Remark }

export const refused = (
  message: string,
  line: number | null = null
): Extract<ReadDocument, { ok: false }> => ({ ok: false, problem: { page: null, line, message } })

/** `menu.pdf, page 3: message`, `menu.md:12: message`. */
export const formatFileWarning = ({ file, page, line, message }: FileWarning): string =>
  page === null
    ? `${file}${line === null ? '' : `:${line}`}: ${message}`
    : `${file}, page ${page}: ${message}`
