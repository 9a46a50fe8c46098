// Asks the handbook for the model: the backend first, and the copy on this machine where nothing answers there.
import type { Bridge } from '../../shared/contract.ts'
import { type FailureCode, ok, type Result } from '../../shared/failure.ts'
import type { HandbookQuestion, SearchAnswer } from '../../shared/handbook.ts'
import type { Language } from '../../shared/language.ts'

/** Failures for which the copy is asked: the backend gave no answer, and no refusal either. */
const UNANSWERED: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'search_timeout',
  'backend_unreachable',
  'backend_failed'
])

/**
 * Asks the copy on this machine with the person's words, and with the restatement where those find nothing.
 * @returns null when it has no answer, or there is no copy
 */
export const searchOfflineCopy = async (
  bridge: Bridge,
  { question, restated }: Omit<HandbookQuestion, 'sections'>,
  language: Language
): Promise<SearchAnswer | null> => {
  for (const words of [question, restated]) {
    if (words === undefined) continue
    const copy = await bridge.call('handbook.searchOffline', { question: words, language })
    if (copy.ok && copy.value.found) return copy.value
  }
  return null
}

/** @param questionId what the backend charges and knows the question by */
export const searchHandbook = async (
  bridge: Bridge,
  questionId: string,
  question: HandbookQuestion,
  language: Language
): Promise<Result<SearchAnswer>> => {
  const result = await bridge.call('handbook.search', { questionId, language, ...question })
  if (result.ok || !UNANSWERED.has(result.error.code)) return result
  const copy = await searchOfflineCopy(bridge, question, language)
  // A copy that says nothing proves nothing: the failure stays what it was.
  return copy === null ? result : ok(copy)
}
