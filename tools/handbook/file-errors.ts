// Turns errors of the file system into sentences with a way to clear them.

const READING: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there: a part of its path is a file',
  EACCES: 'may not be read by this account; give it the right to, or copy the file',
  EPERM: 'may not be read by this account; give it the right to, or copy the file',
  EISDIR: 'is a folder',
  ELOOP: 'is a link that leads back to itself',
  ENAMETOOLONG: 'has a name that is too long',
  // Windows: the document is open in Word.
  EBUSY: 'is open in another program; close it there',
  EMFILE: 'cannot be read: too many files are open on this machine',
  ENFILE: 'cannot be read: too many files are open on this machine',
  EIO: 'cannot be read from its disk'
}

const ELSEWHERE = 'name another folder'

const WRITING: Readonly<Record<string, string>> = {
  // The system refuses folders there: /proc.
  ENOENT: `cannot be made there; ${ELSEWHERE}`,
  EEXIST: `cannot be a folder: a file is there already; ${ELSEWHERE}`,
  ENOTDIR: `cannot be a folder: a part of its path is a file; ${ELSEWHERE}`,
  EACCES: `may not be written by this account; give it the right to, or ${ELSEWHERE}`,
  EPERM: `may not be written by this account; give it the right to, or ${ELSEWHERE}`,
  EROFS: `is on a disk that can only be read; ${ELSEWHERE}`,
  ENOSPC: `does not fit: its disk is full; make room there, or ${ELSEWHERE}`,
  EDQUOT: `does not fit: this account has used its share of the disk; make room there, or ${ELSEWHERE}`,
  EFBIG: `does not fit: a file is larger than may be written here; ${ELSEWHERE}`,
  ELOOP: 'is a link that leads back to itself',
  ENAMETOOLONG: 'has a name that is too long',
  EBUSY: 'is open in another program; close it there',
  EMFILE: 'cannot be written: too many files are open on this machine',
  ENFILE: 'cannot be written: too many files are open on this machine',
  EIO: `cannot be written to its disk; ${ELSEWHERE}`
}

const systemCode = (error: unknown): string | null => {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null
  // Node's own codes are bugs: ERR_INVALID_ARG_TYPE.
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : null
}

/** Null for an error that is not of the system: a bug. */
export const describeReadError = (error: unknown): string | null => {
  const code = systemCode(error)
  return code === null ? null : (READING[code] ?? `cannot be read (${code})`)
}

/** As {@link describeReadError}. */
export const describeWriteError = (error: unknown): string | null => {
  const code = systemCode(error)
  return code === null ? null : (WRITING[code] ?? `cannot be written (${code})`)
}

export type Asked<T> = { ok: true; value: T } | { ok: false; message: string }

/** @throws errors that are not of the system */
export const askSystem = async <T>(work: () => Promise<T>): Promise<Asked<T>> => {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    const message = describeReadError(error)
    if (message === null) throw error
    return { ok: false, message }
  }
}
