// What was asked and answered lately, for a call that takes over from another: the service keeps nothing of a call
// that is gone.
import type { MessageItem } from './client-events.ts'

export type Exchange = { transcript: string; answer: string }

/** Enough for "and in the oven?"; each of them is sent again, and paid for, with every answer. */
export const REPLAYED_EXCHANGES = 4

/** Adds an exchange; one without words on either side says nothing. */
export const addExchange = (
  history: readonly Exchange[],
  { transcript, answer }: Exchange
): readonly Exchange[] =>
  transcript === '' || answer === ''
    ? history
    : [...history, { transcript, answer }].slice(-REPLAYED_EXCHANGES)

/** As text items, oldest first: audio that was answered is not transcript again. */
export const replayItems = (history: readonly Exchange[], newId: () => string): MessageItem[] =>
  history.flatMap(({ transcript, answer }): MessageItem[] => [
    {
      id: `replay-${newId().slice(0, 8)}`,
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: transcript }]
    },
    {
      id: `replay-${newId().slice(0, 8)}`,
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: answer }]
    }
  ])
