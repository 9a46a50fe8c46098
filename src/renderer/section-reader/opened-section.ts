// Opens a section on the screen, fetches its text, and closes it at the next question.
import type { Bridge } from '../../shared/contract.ts'
import type { Citation, SectionText } from '../../shared/handbook.ts'
import type { Store } from '../app/store.ts'
import { failureFromMain, type KioskFailure } from '../call/failures.ts'
import type { TurnState } from '../turn/turn-state.ts'

export type OpenedSection = {
  /** Its title is shown at once; the text is scrolled to its anchor. */
  citation: Citation
  /** Quotes to mark in its text. */
  quotes: readonly string[]
  /** The last turn at its opening. */
  turnId: number
  /** null until it is fetched. */
  section: SectionText | null
  failure: KioskFailure | null
}

/** The part of the app's state that a section needs. */
type SectionState = { openedSection: OpenedSection | null; turn: TurnState }

export type SectionOpener = {
  /** Replaces an open section. */
  open: (citation: Citation, quotes?: readonly string[]) => void
  close: () => void
}

/** Whether a new question is asked: its answer must not appear behind a text. */
export const shouldCloseSection = ({ openedSection, turn }: SectionState): boolean =>
  openedSection !== null &&
  turn.turn !== null &&
  turn.turn.id > openedSection.turnId &&
  // Hands-free: speech is no question before its commit.
  turn.turn.phase !== 'speech_detected'

export const createSectionOpener = (bridge: Bridge, store: Store<SectionState>): SectionOpener => {
  const read = async (openedSection: OpenedSection) => {
    const { slug, language } = openedSection.citation
    const result = await bridge.call('handbook.readSection', { slug, language })
    // Closed or replaced meanwhile.
    if (store.get().openedSection !== openedSection) return
    store.set({
      openedSection: result.ok
        ? { ...openedSection, section: result.value }
        : { ...openedSection, failure: failureFromMain(result.error) }
    })
  }
  return {
    open: ({ slug, title, language, anchor }, quotes = []) => {
      const openedSection: OpenedSection = {
        citation: { slug, title, language, anchor },
        quotes,
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
