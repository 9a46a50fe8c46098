// Checks OpenAI, its models and the project's functions within a time limit.
import { z } from 'zod'
import { type OutboundResponse, send } from '../_shared/outbound-request.ts'
import { readJson } from '../_shared/read-json.ts'

/** A person waits for the answer; a slower service counts as unreachable. */
export const CHECK_TIMEOUT_MS = 2_000
/** Enough time to choose, test and roll out another model. */
const SHUTDOWN_NOTICE_DAYS = 60
const DAY_MS = 86_400_000

export type Reach = {
  reachable: boolean
  ms: number
  /** Null without one. */
  problem: string | null
}

export type ModelUse =
  | 'realtime'
  | 'transcription'
  | 'transcription_fallback'
  | 'embedding'
  | 'next_embedding'
type ModelReport = {
  use: ModelUse
  id: string
  /** Null where the listing is missing. */
  available: boolean | null
  shutdownDate: string | null
  daysLeft: number | null
}

const modelSchema = z.object({ id: z.string(), shutdown_date: z.string().nullish() })
const listingSchema = z.object({ data: z.array(modelSchema) })
type Listed = z.output<typeof modelSchema>

const problemOf = (answer: OutboundResponse): string | null => {
  if (!answer.ok) return answer.failure
  return answer.status >= 200 && answer.status < 300 ? null : `status ${answer.status}`
}

/** Whole days from now to the start of that day; null for an invalid date. */
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

/** The models that are shut down, or will be within {@link SHUTDOWN_NOTICE_DAYS}. */
export const endingModels = (models: readonly ModelReport[]): ModelReport[] =>
  models.filter(({ daysLeft }) => daysLeft !== null && daysLeft <= SHUTDOWN_NOTICE_DAYS)

type OpenaiCheck = {
  baseUrl: string
  /** Undefined: no request is sent, and OpenAI counts as unreachable. */
  apiKey: string | undefined
  models: readonly { use: ModelUse; id: string }[]
  requestId: string
  nowMs: number
  timeoutMs: number
}

/** Reads the listing of models: it needs the key, costs nothing and has the dates. */
export const checkOpenai = async ({
  baseUrl,
  apiKey,
  models,
  requestId,
  nowMs,
  timeoutMs
}: OpenaiCheck): Promise<{ reach: Reach; models: ModelReport[] }> => {
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

/** A preflight needs no token, and a deployed function with a valid environment answers it. */
export const checkFunction = async (
  address: string,
  { requestId, timeoutMs }: { requestId: string; timeoutMs: number }
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
