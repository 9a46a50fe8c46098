// What the stand-in can be told to do wrong, once or until told otherwise, so that a test can watch a client cope.
import { z } from 'zod'
import { ANSWER_FAULTS, type AnswerFault } from './answer-fault.ts'
import type { Network } from './network-emulator.ts'
import { NETWORK_NAMES } from './network-profiles.ts'

const failingStatus = z.union([
  z.literal(401),
  z.literal(404),
  z.literal(429),
  z.literal(500),
  z.literal(503)
])
/** How many requests in a row are failed; one unless said. */
const times = z.int().min(1).max(1_000).default(1)

export const faultInjectionSchema = z.strictObject({
  /** The next client_secrets requests answer with this status. */
  clientSecrets: z.strictObject({ status: failingStatus, times }).optional(),
  /** Every client_secrets request takes this much longer. 0 ends it. */
  clientSecretsDelayMs: z.int().min(0).max(60_000).optional(),
  /** The next calls requests answer with this status. */
  calls: z.strictObject({ status: failingStatus, times }).optional(),
  /** The next WebSockets are refused with this status. */
  sockets: z.strictObject({ status: failingStatus, times }).optional(),
  /** The next embeddings requests answer with this status. */
  embeddings: z.strictObject({ status: failingStatus, times }).optional(),
  /** New ephemeral keys live this long, whatever was asked; null ends it. 0 expires them at once. */
  expiresInSeconds: z.number().min(0).nullable().optional(),
  /**
   * The call is dropped this long into the next audible answer: closed, or silently, as when the network
   * goes (no packet is sent or answered any more).
   */
  dropIntoAnswer: z
    .strictObject({ afterMs: z.int().min(0), silently: z.boolean().default(false) })
    .optional(),
  /** All open calls are dropped now. */
  dropCalls: z.strictObject({ silently: z.boolean().default(false) }).optional(),
  /** The data channels of all open calls are closed now. */
  closeChannel: z.literal(true).optional(),
  /** The next response is created and then nothing comes for this long. */
  stallResponseMs: z.int().min(0).max(600_000).optional(),
  /** The next answer that comes with a report is wrong in this way. */
  answer: z.enum(ANSWER_FAULTS).optional(),
  /** This text is sent on every open data channel as it is. */
  malformedEvent: z.string().optional(),
  /** All open sessions expire now. */
  expireSessions: z.literal(true).optional(),
  /** Every transcription comes this much later, to arrive after the answer. 0 ends it. */
  transcriptionDelayMs: z.int().min(0).max(60_000).optional(),
  /** From now on only the first words of an answer are spoken, as with `--brief`; null: as it was started. */
  brief: z.boolean().nullable().optional(),
  /** The network that calls opened from now on are put on; null ends it. */
  network: z
    .strictObject({ profile: z.enum(NETWORK_NAMES), seed: z.int().default(0) })
    .nullable()
    .optional(),
  /** The networks of all open calls that have one drop every packet for this long from now. */
  blip: z.strictObject({ forMs: z.int().min(0).max(600_000) }).optional(),
  /**
   * Transcription is told while the key is held, under the item id that the commit will have. Only of sessions that
   * ask for transcription.
   */
  liveTranscripts: z.boolean().optional(),
  /** Share of RTP packets lost, 0 to 1, from a seed, on calls opened from now on; null ends it. */
  packetLoss: z
    .strictObject({
      seed: z.int(),
      share: z.number().min(0).max(1),
      direction: z.enum(['in', 'out', 'both']).default('both')
    })
    .nullable()
    .optional()
})

export type FaultInjection = z.output<typeof faultInjectionSchema>
export type DropIntoAnswer = NonNullable<FaultInjection['dropIntoAnswer']>
export type PacketLoss = NonNullable<FaultInjection['packetLoss']>

export type FailingRequest = 'clientSecrets' | 'calls' | 'sockets' | 'embeddings'
export type FailingStatus = z.output<typeof failingStatus>

export type FaultPlan = {
  /** Adds to what was planned before. Actions on open calls are the server's to carry out. */
  add: (faults: FaultInjection) => void
  /** The status that this request is to fail with, counted down. */
  nextFailure: (request: FailingRequest) => FailingStatus | null
  clientSecretsDelayMs: () => number
  expiresInSeconds: () => number | null
  transcriptionDelayMs: () => number
  /** null: as the stand-in was started. */
  brief: () => boolean | null
  packetLoss: () => PacketLoss | null
  network: () => Network | null
  liveTranscripts: () => boolean
  /** Taken by the first answer that comes with a report. */
  takeAnswerFault: () => AnswerFault | null
  /** These two are taken by the first response that comes. */
  takeStallMs: () => number | null
  takeDropIntoAnswer: () => DropIntoAnswer | null
}

export const newFaultPlan = (): FaultPlan => {
  const failures = new Map<FailingRequest, { status: FailingStatus; times: number }>()
  let clientSecretsDelayMs = 0
  let expiresInSeconds: number | null = null
  let transcriptionDelayMs = 0
  let brief: boolean | null = null
  let packetLoss: PacketLoss | null = null
  let network: Network | null = null
  let liveTranscripts = false
  let answerFault: AnswerFault | null = null
  let stallMs: number | null = null
  let dropIntoAnswer: DropIntoAnswer | null = null
  return {
    add: (plan) => {
      for (const request of ['clientSecrets', 'calls', 'sockets', 'embeddings'] as const) {
        const failure = plan[request]
        if (failure !== undefined) failures.set(request, { ...failure })
      }
      clientSecretsDelayMs = plan.clientSecretsDelayMs ?? clientSecretsDelayMs
      transcriptionDelayMs = plan.transcriptionDelayMs ?? transcriptionDelayMs
      if (plan.brief !== undefined) brief = plan.brief
      if (plan.expiresInSeconds !== undefined) expiresInSeconds = plan.expiresInSeconds
      if (plan.packetLoss !== undefined) packetLoss = plan.packetLoss
      if (plan.network !== undefined) network = plan.network
      liveTranscripts = plan.liveTranscripts ?? liveTranscripts
      answerFault = plan.answer ?? answerFault
      stallMs = plan.stallResponseMs ?? stallMs
      dropIntoAnswer = plan.dropIntoAnswer ?? dropIntoAnswer
    },
    nextFailure: (request) => {
      const failure = failures.get(request)
      if (failure === undefined) return null
      failure.times -= 1
      if (failure.times === 0) failures.delete(request)
      return failure.status
    },
    clientSecretsDelayMs: () => clientSecretsDelayMs,
    expiresInSeconds: () => expiresInSeconds,
    transcriptionDelayMs: () => transcriptionDelayMs,
    brief: () => brief,
    packetLoss: () => packetLoss,
    network: () => network,
    liveTranscripts: () => liveTranscripts,
    takeAnswerFault: () => {
      const taken = answerFault
      answerFault = null
      return taken
    },
    takeStallMs: () => {
      const taken = stallMs
      stallMs = null
      return taken
    },
    takeDropIntoAnswer: () => {
      const taken = dropIntoAnswer
      dropIntoAnswer = null
      return taken
    }
  }
}
