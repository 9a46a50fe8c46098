// What the readers make of a file before it is cut into sections: headings and texts in reading order, each with the
// page that it stands on, and what a person has to be told about it.

export type Block =
  | {
      kind: 'heading'
      /** 1 for the largest. */
      level: number
      text: string
      page: number | null
    }
  /** A paragraph, a list or a table, as Markdown. */
  | { kind: 'text'; markdown: string; page: number | null }

/** Something about a file that a person has to know, in a sentence that goes on from its name. */
export type FileWarning = {
  file: string
  /** From 1; null where the file has no pages, or all of it is meant. */
  page: number | null
  /** From 1; null where the file has no lines. */
  line: number | null
  message: string
}

/** A file's blocks, or the sentence that says why there are none. */
export type ReadDocument =
  | { ok: true; blocks: Block[]; remarks: Omit<FileWarning, 'file'>[] }
  | { ok: false; problem: Omit<FileWarning, 'file'> }

export const refused = (
  message: string,
  at: { page?: number; line?: number } = {}
): { ok: false; problem: Omit<FileWarning, 'file'> } => ({
  ok: false,
  problem: { page: at.page ?? null, line: at.line ?? null, message }
})

/** `menu.pdf, page 3: message`, `menu.md:12: message`. */
export const formatFileWarning = ({ file, page, line, message }: FileWarning): string =>
  page === null
    ? `${file}${line === null ? '' : `:${line}`}: ${message}`
    : `${file}, page ${page}: ${message}`
