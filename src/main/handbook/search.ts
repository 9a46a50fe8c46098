// Searches the handbook of the restaurant in use through the edge function.
import { z } from 'zod'
import { failed, type Result } from '../../shared/failure.ts'
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
import type { Clock } from '../clock.ts'
import type { EdgeFunctions } from '../edge-function.ts'
import type { Log } from '../log.ts'

/** Longer than this and a person has stopped waiting: the kiosk says so instead (docs: budgets, "Backend"). */
export const SEARCH_DEADLINE_MS = 2_500

/**
 * The answer as a backend sends it, which may be newer than this kiosk and say more: a field that is not known here is
 * dropped, and what the screen gets is the contract's. A kiosk that refused it would be mute until its own update.
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
}
export type SearchPorts = {
  account: Pick<KioskAccount, 'current'>
  edge: EdgeFunctions
  clock: Clock
  log: Log
}

/**
 * Searches once; charged once per `questionId` however often it is asked.
 * @returns `search_timeout` after 2.5 s, `not_signed_in`, `not_a_member`, `ai_disabled`, `limit_exceeded`,
 *   `backend_unreachable`, `backend_failed`
 */
export const searchHandbook = async (
  ports: SearchPorts,
  request: SearchRequest
): Promise<Result<SearchAnswer>> => {
  const account = ports.account.current()
  if (account.status !== 'signed_in') return failed('not_signed_in', 'Nobody is signed in.')
  if (account.group === null) return failed('not_a_member', 'The account has no restaurant.')
  const startedMs = ports.clock.nowMs()
  const result = await ports.edge.call({
    name: 'realtime-search',
    body: { groupId: account.group.id, ...request },
    answer: backendAnswerSchema,
    deadlineMs: SEARCH_DEADLINE_MS,
    lateCode: 'search_timeout'
  })
  if (result.ok) {
    // Neither the question nor the passages: what people ask is theirs.
    ports.log.info('handbook.searched', {
      ms: ports.clock.nowMs() - startedMs,
      found: result.value.found,
      method: result.value.method,
      named: result.value.named,
      sections: citationsOf(result.value.passages).length
    })
  }
  return result
}
