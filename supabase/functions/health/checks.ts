// What the function can reach, each within a time limit and all at once, and what the model's service says about the
// models that are named here.
import { z } from 'zod'
import { readJson } from '../_shared/openai.ts'
import { type OutboundResponse, send } from '../_shared/outbound-request.ts'

/** Somebody is looking at the answer; what needs longer than this counts as not reachable. */
export const CHECK_TIMEOUT_MS = 2_000
/** Time enough to choose another model, try it and roll it out. */
const SHUTDOWN_NOTICE_DAYS = 60
const DAY_MS = 86_400_000

export type Reach = {
  reachable: boolean
  ms: number
  /** Null where it answered as it should. */
  problem: string | null
}

export type ModelUse =
  | 'realtime'
  | 'transcription'
  | 'transcription_fallback'
  | 'embedding'
  | 'next_embedding'
export type ModelReport = {
  use: ModelUse
  id: string
  /** Null: the service could not be asked. */
  available: boolean | null
  shutdownDate: string | null
  daysLeft: number | null
}

export type OpenaiReport = { reach: Reach; models: ModelReport[] }

const modelSchema = z.object({ id: z.string(), shutdown_date: z.string().nullish() })
const listingSchema = z.object({ data: z.array(modelSchema) })
type Listed = z.output<typeof modelSchema>

const problemOf = (answer: OutboundResponse): string | null => {
  if (!answer.ok) return answer.failure
  return answer.status >= 200 && answer.status < 300 ? null : `status ${answer.status}`
}

/** Whole days from now to the start of that day; null for a date that is none. */
const daysUntil = (date: string, nowMs: number): number | null => {
  const atMs = Date.parse(date)
  return Number.isNaN(atMs) ? null : Math.floor((atMs - nowMs) / DAY_MS)
}

const reportOf = (
  { use, id }: { use: ModelUse; id: string },
  listing: readonly Listed[] | null,
  nowMs: number
): ModelReport => {
  const listed = listing?.find((model) => model.id === id)
  const shutdownDate = listed?.shutdown_date ?? null
  return {
    use,
    id,
    available: listing === null ? null : listed !== undefined,
    shutdownDate,
    daysLeft: shutdownDate === null ? null : daysUntil(shutdownDate, nowMs)
  }
}

/** Those to be replaced now: gone, or gone within {@link SHUTDOWN_NOTICE_DAYS}. */
export const endingModels = (models: readonly ModelReport[]): ModelReport[] =>
  models.filter(({ daysLeft }) => daysLeft !== null && daysLeft <= SHUTDOWN_NOTICE_DAYS)

export type OpenaiCheck = {
  baseUrl: string
  /** Undefined: not asked, and not reachable. */
  apiKey: string | undefined
  models: readonly { use: ModelUse; id: string }[]
  requestId: string
  nowMs: number
  timeoutMs: number
}

/** Asks for the listing of models: it needs the key, costs nothing and has the dates. */
export const checkOpenai = async ({
  baseUrl,
  apiKey,
  models,
  requestId,
  nowMs,
  timeoutMs
}: OpenaiCheck): Promise<OpenaiReport> => {
  const startedMs = performance.now()
  const answer =
    apiKey === undefined
      ? null
      : await send({
          url: `${baseUrl}/models`,
          method: 'GET',
          headers: { authorization: `Bearer ${apiKey}`, 'x-client-request-id': requestId },
          timeoutMs,
          repeat: 'safe'
        })
  const ms = Math.round(performance.now() - startedMs)
  const listing =
    answer?.ok === true && problemOf(answer) === null
      ? listingSchema.safeParse(readJson(answer.text))
      : null
  const problem =
    answer === null
      ? 'no key'
      : (problemOf(answer) ?? (listing?.success === true ? null : 'unreadable answer'))
  const listed = listing?.success === true ? listing.data.data : null
  return {
    reach: { reachable: answer?.ok === true, ms, problem },
    models: models.map((model) => reportOf(model, listed, nowMs))
  }
}

/** A preflight is answered by the function's own code, without a token: it is deployed, and its environment is good. */
export const checkFunction = async (
  address: string,
  requestId: string,
  timeoutMs: number
): Promise<Reach> => {
  const startedMs = performance.now()
  const answer = await send({
    url: address,
    method: 'OPTIONS',
    headers: { 'x-request-id': requestId },
    timeoutMs,
    repeat: 'safe'
  })
  const problem = problemOf(answer)
  return {
    reachable: answer.ok && problem === null,
    ms: Math.round(performance.now() - startedMs),
    problem
  }
}
