// Who has which stack: one for each place among the workers, kept for the next worker in that place as long as it is known
// to be as it was.

type Closable = { close: () => Promise<void> }

export type ResourcePool<T> = {
  /** The place's own, or a new one where there is none that is good. One call at a time for each place. */
  acquire: (place: number) => Promise<T>
  /** @param isGood for the next one who asks */
  release: (place: number, isGood: boolean) => void
  closeAll: () => Promise<void>
}

export const createResourcePool = <T extends Closable>(open: () => Promise<T>): ResourcePool<T> => {
  const held = new Map<number, { one: T; isGood: boolean }>()
  return {
    acquire: async (place) => {
      const known = held.get(place)
      if (known?.isGood === true) {
        // Until it is taken back: of who ends without a word nobody knows what he left.
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
