// What was asked and answered lately, for a call that takes over from another: the service keeps nothing of a call
// that is gone.
import type { ClientItem } from './client-events.ts'

export type Exchange = { heard: string; answer: string }

/** Enough for "and in the oven?"; each of them is sent again, and paid for, with every answer. */
export const REPLAYED_EXCHANGES = 4

/** Adds an exchange; one without words on either side says nothing. */
export const remember = (
  history: readonly Exchange[],
  { heard, answer }: Exchange
): readonly Exchange[] =>
  heard === '' || answer === ''
    ? history
    : [...history, { heard, answer }].slice(-REPLAYED_EXCHANGES)

/** As text items, oldest first: audio that was answered is not heard again. */
export const replayItems = (history: readonly Exchange[], newId: () => string): ClientItem[] =>
  history.flatMap(({ heard, answer }): ClientItem[] => [
    {
      id: `replay-${newId().slice(0, 8)}`,
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: heard }]
    },
    {
      id: `replay-${newId().slice(0, 8)}`,
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: answer }]
    }
  ])
