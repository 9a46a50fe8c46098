// The sentence for a file or a folder that the system does not give: what stands in the way, for whoever can clear it.

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  // A part of the path is a file, as in `handbook.md/soup.md`.
  ENOTDIR: 'is not there: a part of its path is a file',
  EACCES: 'may not be read by this account; give it the right to, or copy the file',
  EPERM: 'may not be read by this account; give it the right to, or copy the file',
  EISDIR: 'is a folder',
  ELOOP: 'is a link that leads back to itself',
  ENAMETOOLONG: 'has a name that is too long',
  // Windows, for a document that Word has open.
  EBUSY: 'is open in another program; close it there',
  EMFILE: 'cannot be read: too many files are open on this machine',
  ENFILE: 'cannot be read: too many files are open on this machine',
  EIO: 'cannot be read from its disk'
}

/**
 * What is said of a file for which the system answered with this error.
 * @returns null for what is no answer of the system: a bug
 */
export const fileErrorSentence = (error: unknown): string | null => {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null
  // Node's own errors have codes too, and are bugs here: ERR_INVALID_ARG_TYPE.
  if (!/^E[A-Z0-9]+$/.test(error.code)) return null
  return SENTENCES[error.code] ?? `cannot be read (${error.code})`
}

export type Asked<T> = { ok: true; value: T } | { ok: false; message: string }

/**
 * What the system answers, or the sentence for why it does not.
 * @throws what is no answer of the system
 */
export const askSystem = async <T>(work: () => Promise<T>): Promise<Asked<T>> => {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    const message = fileErrorSentence(error)
    if (message === null) throw error
    return { ok: false, message }
  }
}
