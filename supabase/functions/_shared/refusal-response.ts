// Turns a refusal into a response: `{error, message, …}` with the message in the caller's language.
import type { ConversationLanguage } from './language.ts'
import { PHRASES } from './languages/phrases-by-language.ts'
import { REFUSAL_STATUS, type Refusal } from './refusals.ts'

const detailOf = (refusal: Refusal): Record<string, unknown> => {
  switch (refusal.code) {
    case 'bad_request':
    case 'invalid_offer':
      return { problem: refusal.problem }
    case 'body_too_large':
      return { problem: `the body is larger than ${refusal.limitBytes} bytes` }
    case 'limit_exceeded':
      return { daily_count: refusal.dailyCount, daily_limit: refusal.dailyLimit }
    case 'voice_limit_exceeded':
      return refusal.reached ?? {}
    case 'golden_regression':
      return { regressions: refusal.regressions }
    default:
      return {}
  }
}

/** Has `Retry-After` where the caller may try again, and `Allow` for a wrong method. */
export const refusalResponse = (refusal: Refusal, language: ConversationLanguage): Response => {
  const headers = new Headers({ 'content-language': language })
  if ('retryAfterSeconds' in refusal) {
    headers.set('retry-after', String(refusal.retryAfterSeconds))
  }
  if (refusal.code === 'method_not_allowed') headers.set('allow', refusal.allowed)
  return Response.json(
    {
      error: refusal.code,
      message: PHRASES[language].refusals[refusal.code],
      ...detailOf(refusal)
    },
    { status: REFUSAL_STATUS[refusal.code], headers }
  )
}
