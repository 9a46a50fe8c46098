// One stack per worker place, kept for the next worker in that place while no test has failed on it.

type Closable = { close: () => Promise<void> }

export type ResourcePool<T> = {
  /** The place's stack, or a new one where that is not good. One call at a time per place. */
  acquire: (place: number) => Promise<T>
  /** @param isGood for the next worker */
  release: (place: number, isGood: boolean) => void
  closeAll: () => Promise<void>
}

export const createResourcePool = <T extends Closable>(open: () => Promise<T>): ResourcePool<T> => {
  const held = new Map<number, { one: T; isGood: boolean }>()
  return {
    acquire: async (place) => {
      const known = held.get(place)
      if (known?.isGood === true) {
        // Not good until it is released: a worker that crashes may leave anything behind.
        known.isGood = false
        return known.one
      }
      held.delete(place)
      await known?.one.close()
      const one = await open()
      held.set(place, { one, isGood: false })
      return one
    },
    release: (place, isGood) => {
      const known = held.get(place)
      if (known !== undefined) known.isGood = isGood
    },
    closeAll: async () => {
      await Promise.all([...held.values()].map(({ one }) => one.close()))
      held.clear()
    }
  }
}
