// Validates and plans injected faults: some happen once, the others until they are revoked.
import { z } from 'zod'
import { ANSWER_FAULTS } from './answer-fault.ts'
import type { FailingStatus, Refusal } from './api-error.ts'
import type { ClientEvent } from './client-event-schema.ts'
import type { Network } from './network-emulator.ts'
import { NETWORK_NAMES } from './network-profiles.ts'
import { RESPONSE_FAULT_NAMES } from './response-fault.ts'
import { RESPONSE_SHAPES, type ResponseShape } from './response-shape.ts'

const failure = z.strictObject({
  status: z.literal([401, 404, 429, 500, 503]) satisfies z.ZodType<FailingStatus>,
  /** Requests in a row that fail. */
  times: z.int().min(1).max(1_000).default(1)
})

export const faultInjectionSchema = z.strictObject({
  /** The next requests of a kind answer with this status. */
  clientSecrets: failure.optional(),
  calls: failure.optional(),
  sockets: failure.optional(),
  embeddings: failure.optional(),
  /** Every client_secrets request takes this much longer. 0 revokes it. */
  clientSecretsDelayMs: z.int().min(0).max(60_000).optional(),
  /** Lifetime of new ephemeral keys, instead of the requested one. 0 expires them at once; null revokes it. */
  expiresInSeconds: z.number().min(0).nullable().optional(),
  /** Drops the call this long into the next audible answer. Silently: as when the network goes, without a close. */
  dropIntoAnswer: z
    .strictObject({ afterMs: z.int().min(0), silently: z.boolean().default(false) })
    .optional(),
  /** All open calls are dropped now. */
  dropCalls: z.strictObject({ silently: z.boolean().default(false) }).optional(),
  /** The data channels of all open calls are closed now. */
  closeChannel: z.literal(true).optional(),
  /** The next response is created and then stalls for this long. */
  stallResponseMs: z.int().min(0).max(600_000).optional(),
  /** Fault of the next answer that has a report. */
  answer: z.enum(ANSWER_FAULTS).optional(),
  /** Ends the next answer that has a report in this way. */
  response: z.enum(RESPONSE_FAULT_NAMES).optional(),
  /** The next event of a client with this content is refused. */
  refuse: z.enum(['question', 'tool_output', 'hands_free']).optional(),
  /** The sound of the next answer begins without `output_audio_buffer.started`. */
  unannouncedAudio: z.literal(true).optional(),
  /** New calls transcribe nothing, as after a mint that refused each transcription. False revokes it. */
  withoutTranscription: z.boolean().optional(),
  /** The next response that can have this shape has it. */
  shape: z.enum(RESPONSE_SHAPES).optional(),
  /** Items with their status; false leaves it out, as the schema allows. */
  itemStatuses: z.boolean().optional(),
  /** Sent unchanged on every open data channel. */
  malformedEvent: z.string().optional(),
  /** All open sessions expire now. */
  expireSessions: z.literal(true).optional(),
  /** Delay of every transcript, so that it comes after the answer. 0 revokes it. */
  transcriptionDelayMs: z.int().min(0).max(60_000).optional(),
  /** Speaks the first words of answers only, as with `--brief`; null returns to the start option. */
  brief: z.boolean().nullable().optional(),
  /** Network emulator of new calls; null revokes it. */
  network: z
    .strictObject({ profile: z.enum(NETWORK_NAMES), seed: z.int().default(0) })
    .nullable()
    .optional(),
  /** The network emulators of all open calls drop every packet for this long. */
  blip: z.strictObject({ forMs: z.int().min(0).max(600_000) }).optional(),
  /** Transcripts during the hold, as gpt-live-transcribe is reported to send; false sends them after the commit only. */
  liveTranscripts: z.boolean().optional()
})

export type FaultInjection = z.output<typeof faultInjectionSchema>

const FAILING_REQUESTS = ['clientSecrets', 'calls', 'sockets', 'embeddings'] as const
export type FailingRequest = (typeof FAILING_REQUESTS)[number]

const REFUSAL: Refusal = {
  code: 'invalid_value',
  message: 'Refused by fault injection.',
  param: null
}

const isAbout = (subject: NonNullable<FaultInjection['refuse']>, event: ClientEvent): boolean => {
  const item = event.type === 'conversation.item.create' ? event.item : null
  switch (subject) {
    case 'question':
      return item?.type === 'message' && item.role === 'user'
    case 'tool_output':
      return item?.type === 'function_call_output'
    case 'hands_free':
      return (
        event.type === 'session.update' &&
        (event.session.audio?.input?.turn_detection ?? null) !== null
      )
    default:
      return subject satisfies never
  }
}

export const newFaultPlan = () => {
  const failures = new Map<FailingRequest, { status: FailingStatus; times: number }>()
  let planned: FaultInjection = {}
  const take = <K extends keyof FaultInjection>(
    fault: K
  ): NonNullable<FaultInjection[K]> | null => {
    const { [fault]: taken, ...rest } = planned
    planned = rest as FaultInjection
    return taken ?? null
  }
  return {
    /** Adds to the earlier faults. The server itself injects the faults of open calls. */
    add: (faults: FaultInjection): void => {
      for (const request of FAILING_REQUESTS) {
        const failing = faults[request]
        if (failing !== undefined) failures.set(request, { ...failing })
      }
      planned = { ...planned, ...faults }
    },
    /** The status that this request is to fail with, counted down. */
    nextFailure: (request: FailingRequest): FailingStatus | null => {
      const failing = failures.get(request)
      if (failing === undefined) return null
      failing.times -= 1
      if (failing.times === 0) failures.delete(request)
      return failing.status
    },
    clientSecretsDelayMs: () => planned.clientSecretsDelayMs ?? 0,
    expiresInSeconds: () => planned.expiresInSeconds ?? null,
    transcriptionDelayMs: () => planned.transcriptionDelayMs ?? 0,
    /** Null: as the start options say. */
    brief: () => planned.brief ?? null,
    network: (): Network | null => planned.network ?? null,
    liveTranscripts: () => planned.liveTranscripts ?? true,
    /** Taken by the first answer that has a report. */
    takeAnswerFault: () => take('answer'),
    takeResponseFault: () => take('response'),
    takesShape: (shape: ResponseShape): boolean =>
      planned.shape === shape && take('shape') !== null,
    itemStatuses: () => planned.itemStatuses ?? true,
    /** Taken by the first event with the content that is to be refused. */
    takeRefusal: (event: ClientEvent): Refusal | null =>
      planned.refuse !== undefined && isAbout(planned.refuse, event) && take('refuse') !== null
        ? REFUSAL
        : null,
    takeUnannouncedAudio: () => take('unannouncedAudio') === true,
    withoutTranscription: () => planned.withoutTranscription ?? false,
    /** Taken by the first response. */
    takeStallMs: () => take('stallResponseMs'),
    takeDropIntoAnswer: () => take('dropIntoAnswer')
  }
}
export type FaultPlan = ReturnType<typeof newFaultPlan>
