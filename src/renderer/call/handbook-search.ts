// Searches the handbook at the backend, and in the offline copy when the backend does not answer.
import type { Bridge } from '../../shared/contract.ts'
import { type FailureCode, ok, type Result } from '../../shared/failure.ts'
import type { HandbookQuestion, SearchAnswer } from '../../shared/handbook.ts'
import type { Language } from '../../shared/language.ts'

/** The backend neither answered nor refused. */
const UNANSWERED: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'search_timeout',
  'backend_unreachable',
  'backend_failed'
])

/**
 * Searches the offline copy for the person's words, then for the restatement.
 * @returns null when it finds nothing, or there is no copy
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

/** @param questionId the id that the backend charges the question under */
export const searchHandbook = async (
  bridge: Bridge,
  questionId: string,
  question: HandbookQuestion,
  language: Language
): Promise<Result<SearchAnswer>> => {
  const result = await bridge.call('handbook.search', { questionId, language, ...question })
  if (result.ok || !UNANSWERED.has(result.error.code)) return result
  const copy = await searchOfflineCopy(bridge, question, language)
  // The copy is smaller than the handbook: finding nothing there is no answer.
  return copy === null ? result : ok(copy)
}
