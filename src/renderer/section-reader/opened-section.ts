// The section that is open on the screen: fetched when it is opened, closed by the next question.
import type { Bridge } from '../../shared/contract.ts'
import type { Citation, SectionText } from '../../shared/handbook.ts'
import type { Store } from '../app/store.ts'
import { failureFromMain, type KioskFailure } from '../call/failures.ts'
import type { TurnState } from '../turn/turn-state.ts'

export type OpenedSection = {
  /** What was opened: its title is shown at once, its anchor is where the text is scrolled to. */
  citation: Citation
  /** The last turn when it was opened. */
  turnId: number
  /** null until it has arrived. */
  section: SectionText | null
  failure: KioskFailure | null
}

/** The part of the app's state that a section needs. */
type SectionState = { openedSection: OpenedSection | null; turn: TurnState }

export type SectionOpener = {
  /** Opens a section; whatever was open before is closed. */
  open: (citation: Citation) => void
  close: () => void
}

/** Whether another question is being asked: its answer is not to come up behind a text. */
export const shouldCloseSection = ({ openedSection, turn }: SectionState): boolean =>
  openedSection !== null &&
  turn.turn !== null &&
  turn.turn.id > openedSection.turnId &&
  // Hands-free, somebody speaks: it is no question before it has been committed.
  turn.turn.phase !== 'speech_detected'

export const createSectionOpener = (bridge: Bridge, store: Store<SectionState>): SectionOpener => {
  const read = async (openedSection: OpenedSection) => {
    const { slug, language } = openedSection.citation
    const result = await bridge.call('handbook.readSection', { slug, language })
    // Closed, or another one was opened meanwhile.
    if (store.get().openedSection !== openedSection) return
    store.set({
      openedSection: result.ok
        ? { ...openedSection, section: result.value }
        : { ...openedSection, failure: failureFromMain(result.error) }
    })
  }
  return {
    open: ({ slug, title, language, anchor }) => {
      const openedSection: OpenedSection = {
        citation: { slug, title, language, anchor },
        turnId: store.get().turn.lastTurnId,
        section: null,
        failure: null
      }
      store.set({ openedSection })
      void read(openedSection)
    },
    close: () => {
      if (store.get().openedSection !== null) store.set({ openedSection: null })
    }
  }
}
