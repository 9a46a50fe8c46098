// Serialises the work on PGlite's single session: a statement inside another request's transaction would run under its
// role.

type RunExclusive = <T>(work: () => Promise<T>) => Promise<T>

/** Runs work in the order of its calls; a failure does not stop later work. */
export const createMutex = (): RunExclusive => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work, work)
    last = result
    return result
  }
}
