// The section that is open on the screen: fetched when it is opened, closed by the next question.
import type { Bridge } from '../../shared/contract.ts'
import type { Citation, SectionText } from '../../shared/handbook.ts'
import { fromMain, type KioskFailure } from '../call/failures.ts'
import type { KioskState, Store } from '../kiosk-state.ts'

export type Reading = {
  /** What was opened: its title is shown at once, its anchor is where the text is scrolled to. */
  citation: Citation
  /** The last turn when it was opened. */
  turnId: number
  /** null until it has arrived. */
  section: SectionText | null
  failure: KioskFailure | null
}

export type Readings = {
  /** Opens a section; whatever was open before is closed. */
  open: (citation: Citation) => void
  close: () => void
}

/** Whether another question is being asked: its answer is not to come up behind a text. */
export const isReadingOver = ({ reading, turn }: Pick<KioskState, 'reading' | 'turn'>): boolean =>
  reading !== null &&
  turn.turn !== null &&
  turn.turn.id > reading.turnId &&
  // Hands-free, somebody speaks: it is no question before it has been committed.
  turn.turn.phase !== 'heard'

export const createReadings = (bridge: Bridge, store: Store<KioskState>): Readings => {
  const read = async (reading: Reading) => {
    const { slug, language } = reading.citation
    const result = await bridge.call('handbook.readSection', { slug, language })
    // Closed, or another one was opened meanwhile.
    if (store.get().reading !== reading) return
    store.set({
      reading: result.ok
        ? { ...reading, section: result.value }
        : { ...reading, failure: fromMain(result.error) }
    })
  }
  return {
    open: ({ slug, title, language, anchor }) => {
      const reading: Reading = {
        citation: { slug, title, language, anchor },
        turnId: store.get().turn.lastTurnId,
        section: null,
        failure: null
      }
      store.set({ reading })
      void read(reading)
    },
    close: () => {
      if (store.get().reading !== null) store.set({ reading: null })
    }
  }
}
