// Searches the handbook for a turn, and reports its answer to the backend.
import { passagesItem, QUERY_LENGTH_LIMIT } from '../../shared/handbook.ts'
import type { EffectHandlers, EffectPorts } from './conversation-ports.ts'
import { failureFromMain } from './failures.ts'
import { searchHandbook, searchOfflineCopy } from './handbook-search.ts'
import { itemEventId } from './server-turn-events.ts'

type HandbookEffects = Pick<
  EffectHandlers,
  | 'search'
  | 'search_early'
  | 'give_passages'
  | 'withdraw_passages'
  | 'search_offline'
  | 'report_answer'
>

/** @param questionId the id that the backend charges and knows the question of the turn by */
export const handbookEffects = (
  { bridge, language, loadChecks, state, dispatch, mark, send }: EffectPorts,
  questionId: () => string
): HandbookEffects => ({
  search: async ({ turnId, callId, question }) => {
    const id = questionId()
    const [result, checks] = await Promise.all([
      searchHandbook(bridge, id, question, language()),
      loadChecks()
    ])
    dispatch({ type: 'checks_loaded', checks })
    if (state().turn.turn?.id === turnId) mark('toolAnswered')
    dispatch(
      result.ok
        ? { type: 'handbook_answered', turnId, callId, questionId: id, answer: result.value }
        : { type: 'handbook_failed', turnId, callId, failure: failureFromMain(result.error) }
    )
  },
  search_early: async ({ turnId, words, isCounted }) => {
    const id = questionId()
    const question = words.slice(0, QUERY_LENGTH_LIMIT)
    const [result, checks] = await Promise.all([
      bridge.call('handbook.search', {
        questionId: id,
        language: language(),
        question,
        sections: [],
        ...(isCounted ? {} : { isEarly: true as const })
      }),
      loadChecks()
    ])
    dispatch({ type: 'checks_loaded', checks })
    // After a failure the model searches, with the offline copy as its fallback.
    const answer = result.ok ? result.value : null
    dispatch({ type: 'early_searched', turnId, words, isCounted, answer, questionId: id })
  },
  give_passages: ({ turnId, itemId, answer }) => {
    mark('outputSent')
    send(
      {
        type: 'conversation.item.create',
        item: {
          id: itemId,
          type: 'message',
          role: 'user',
          content: [{ type: 'input_text', text: passagesItem(answer) }]
        }
      },
      itemEventId(turnId, itemId)
    )
  },
  withdraw_passages: ({ itemId }) => {
    send({ type: 'conversation.item.delete', item_id: itemId })
  },
  search_offline: async ({ turnId }) => {
    const question = state().answer.view.transcript.slice(0, QUERY_LENGTH_LIMIT).trim()
    const answer =
      question === '' ? null : await searchOfflineCopy(bridge, { question }, language())
    dispatch({ type: 'copy_answered', turnId, answer })
  },
  // Main sends a report later that cannot be sent now, and logs one that it rejects.
  report_answer: ({ report }) => void bridge.call('handbook.reportAnswer', report)
})
