// Names the endings that a test can ask for instead of an answer, with the codes and words of the service.
import type { Ending } from './conversation/responses.ts'

type ResponseEnding = {
  /** Null: no event follows, as where the stream dies. */
  ending: Ending | null
  /** In the middle of the answer's words, or before the first. */
  at: 'start' | 'middle'
}

const failed = (type: string, code: string, message: string): ResponseEnding => ({
  ending: { status: 'failed', error: { type, code, message } },
  at: 'start'
})

export const RESPONSE_FAULTS = {
  quota: failed(
    'insufficient_quota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.'
  ),
  rate_limit: failed(
    'tokens',
    'rate_limit_exceeded',
    'Rate limit reached on tokens per min (TPM). Please try again in 6s.'
  ),
  server_error: failed(
    'server_error',
    'server_error',
    'The server had an error while processing your request. Sorry about that!'
  ),
  empty: { ending: { status: 'completed' }, at: 'start' },
  cut_off: { ending: { status: 'incomplete', reason: 'max_output_tokens' }, at: 'middle' },
  filtered: { ending: { status: 'incomplete', reason: 'content_filter' }, at: 'middle' },
  dead: { ending: null, at: 'middle' }
} as const satisfies Record<string, ResponseEnding>

export type ResponseFault = keyof typeof RESPONSE_FAULTS

export const RESPONSE_FAULT_NAMES = Object.keys(RESPONSE_FAULTS) as [
  ResponseFault,
  ...ResponseFault[]
]
