// PGlite is one Postgres session. A transaction that another request's statements slip into runs them
// under the wrong role, so whatever spans several statements goes through here, one after the other.

export type RunExclusive = <T>(work: () => Promise<T>) => Promise<T>

/** Runs what it is given strictly in the order it was asked, whether or not earlier work failed. */
export const createMutex = (): RunExclusive => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work, work)
    last = result
    return result
  }
}
