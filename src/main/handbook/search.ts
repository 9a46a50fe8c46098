// Searches the handbook of the restaurant in use through the edge function.
import { z } from 'zod'
import type { Result } from '../../shared/failure.ts'
import {
  citationSchema,
  citationsOf,
  type HandbookQuestion,
  passageSchema,
  type SearchAnswer,
  searchAnswerSchema
} from '../../shared/handbook.ts'
import type { ConversationLanguage } from '../../shared/language.ts'
import type { KioskAccount } from '../account/account.ts'
import { requireGroup } from '../account/groups.ts'
import type { Clock } from '../clock.ts'
import type { EdgeFunctions } from '../edge-function.ts'
import type { Log } from '../log.ts'

/** A person stops waiting after this (docs: budgets, "Backend"). */
export const SEARCH_DEADLINE_MS = 2_500

/**
 * The answer of a backend that may be newer than this kiosk. Unknown fields are dropped: refusing them would silence the
 * kiosk until its own update.
 */
const backendAnswerSchema = searchAnswerSchema
  .extend({
    passages: z.array(passageSchema.strip()),
    nearest: z.array(citationSchema.strip())
  })
  .strip()

export type SearchRequest = HandbookQuestion & {
  questionId: string
  language: ConversationLanguage
  isEarly?: true
}
type SearchPorts = {
  account: Pick<KioskAccount, 'current'>
  edge: EdgeFunctions
  clock: Clock
  log: Log
}

/**
 * Searches once. The backend charges a `questionId` once, and an early search never.
 * @returns `search_timeout` after 2.5 s, `not_signed_in`, `not_a_member`, `ai_disabled`, `limit_exceeded`,
 *   `backend_unreachable`, `backend_failed`
 */
export const searchHandbook = async (
  ports: SearchPorts,
  request: SearchRequest
): Promise<Result<SearchAnswer>> => {
  const group = requireGroup(ports.account.current())
  if (!group.ok) return group
  const startedMs = ports.clock.nowMs()
  const result = await ports.edge.call({
    name: 'realtime-search',
    body: { groupId: group.value.id, ...request },
    answer: backendAnswerSchema,
    deadlineMs: SEARCH_DEADLINE_MS,
    lateCode: 'search_timeout'
  })
  if (result.ok) {
    // The log holds neither the question nor the passages.
    ports.log.info('handbook.searched', {
      ms: ports.clock.nowMs() - startedMs,
      early: request.isEarly === true,
      found: result.value.found,
      method: result.value.method,
      named: result.value.named,
      sections: citationsOf(result.value.passages).length
    })
  }
  return result
}
