// Stores what arrives and waits for it, in a page or in Node.

export type Watch<T> = {
  seen: T[]
  add: (item: T) => void
  /** Resolves with the items from `from` up to and including the first match. */
  until: (matches: (item: T) => boolean, from?: number) => Promise<T[]>
}

export const newWatch = <T>(): Watch<T> => {
  const seen: T[] = []
  const arrived = new Set<() => void>()
  return {
    seen,
    add: (item) => {
      seen.push(item)
      for (const look of [...arrived]) look()
    },
    until: (matches, from = 0) =>
      new Promise((resolve) => {
        const look = () => {
          const at = seen.findIndex((item, index) => index >= from && matches(item))
          if (at < 0) return
          arrived.delete(look)
          resolve(seen.slice(from, at + 1))
        }
        arrived.add(look)
        look()
      })
  }
}

export const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Runs once after `ms`; the result cancels it. */
export const schedule = (run: () => void, ms: number): (() => void) => {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}
