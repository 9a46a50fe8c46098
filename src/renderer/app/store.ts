// An observable value.

export type Store<T> = {
  get: () => T
  set: (patch: Partial<T>) => void
  /** @returns what unsubscribes */
  subscribe: (listener: () => void) => () => void
}

export const createStore = <T extends object>(initial: T): Store<T> => {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (patch) => {
      value = { ...value, ...patch }
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
