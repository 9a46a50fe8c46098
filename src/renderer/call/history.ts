// Replays the last exchanges on a new call: the service keeps nothing of the last one.
import type { MessageItem } from './client-events.ts'

export type Exchange = { transcript: string; answer: string }

/** Enough for "and in the oven?". Every answer pays for them again. */
export const REPLAYED_EXCHANGES = 4

/** Adds an exchange, unless one side has no words. */
export const addExchange = (
  history: readonly Exchange[],
  { transcript, answer }: Exchange
): readonly Exchange[] =>
  transcript === '' || answer === ''
    ? history
    : [...history, { transcript, answer }].slice(-REPLAYED_EXCHANGES)

/** Oldest first, as text: the audio is not sent again. */
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
