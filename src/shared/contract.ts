// Describes the calls and notifications between the renderer and main. The preload bridge, the renderer's API, main's
// dispatcher, the preview's transport and the test doubles derive from this value.
import { z } from 'zod'
import { accountSchema, credentialsSchema } from './account.ts'
import { callLimitsSchema } from './call-limits.ts'
import type { Result } from './failure.ts'
import {
  handbookQuestionSchema,
  reportedAnswerSchema,
  searchAnswerSchema,
  sectionTextSchema,
  slugSchema
} from './handbook.ts'
import { conversationLanguageSchema, languageSchema, stationSchema } from './language.ts'
import { EXIT_MODES, maintenanceSchema, pinSchema } from './maintenance.ts'
import { networkProblemSchema } from './network.ts'
import { ratingSchema } from './rating.ts'
import { settingsPatchSchema, settingsSchema } from './settings.ts'
import { turnCostSchema } from './turn-cost.ts'
import { keptTurnSchema, TURN_TIMINGS_LIMIT, turnTimingSchema } from './turn-timing.ts'
import { updateStatusSchema } from './updates.ts'

const nothing = z.strictObject({})
/** `isSent` is false when the outbox keeps the message for later. */
const enqueuedSchema = z.strictObject({ isSent: z.boolean() })
const withPinSchema = z.strictObject({ pin: pinSchema })
const callRequestShape = {
  language: conversationLanguageSchema,
  /** Station of the kiosk, such as "grill": one line of context for the model. */
  station: stationSchema.optional()
}

/** Offers of Chromium are about 2 kB. */
export const SDP_LENGTH_LIMIT = 64_000

/** A line of the page is at most 50 kB long. */
const LOG_FIELDS_LIMIT = 24

/** Shown at start-up, and `restart_announced` whenever it applies. */
const NOTICES = [
  /** An unreadable settings file was replaced by the last good one. */
  'settings_restored',
  /** Neither the settings file nor a backup was readable. */
  'settings_set_aside',
  'no_keyring',
  /** A full-screen kiosk without a PIN: any person may change its settings and close it. */
  'no_pin',
  /** A required release is installed in the next quiet half minute. */
  'restart_announced'
] as const

export const contract = {
  calls: {
    'kiosk.initialState': {
      input: nothing,
      output: z.strictObject({
        version: z.string(),
        shell: z.enum(['electron', 'preview']),
        account: accountSchema,
        settings: settingsSchema,
        notices: z.array(z.enum(NOTICES)),
        maintenance: maintenanceSchema,
        networkProblem: networkProblemSchema.nullable(),
        callLimits: callLimitsSchema
      })
    },
    /** In use during a turn: no update is installed meanwhile. */
    'kiosk.setInUse': { input: z.strictObject({ inUse: z.boolean() }), output: nothing },
    /** For IT. No screen shows it. */
    'updates.status': { input: nothing, output: updateStatusSchema },
    'account.signIn': { input: credentialsSchema, output: accountSchema },
    'account.signOut': { input: nothing, output: accountSchema },
    /** Posts an SDP offer to the model with a fresh ephemeral key. */
    'calls.open': {
      input: z.strictObject({
        ...callRequestShape,
        offerSdp: z.string().min(1).max(SDP_LENGTH_LIMIT),
        /** Stream id of a data channel that both sides know beforehand (WARP); absent: announced in-band. */
        channelId: z.int().min(0).max(1_023).optional()
      }),
      output: z.strictObject({
        /** `rtc_…`, for hanging up. */
        callId: z.string().min(1),
        answerSdp: z.string().min(1),
        model: z.string().min(1)
      })
    },
    /** Ends a call at the model. Idempotent. */
    'calls.hangUp': {
      input: z.strictObject({ callId: z.string().min(1).max(200) }),
      output: nothing
    },
    /**
     * Opens the model's WebSocket with a fresh ephemeral key, for networks that block UDP. Its events travel over a message
     * port of the shell (`src/shared/websocket-transport.ts`).
     */
    'calls.openWebSocket': {
      input: z.strictObject(callRequestShape),
      output: z.strictObject({
        /** Names the port when it arrives. */
        webSocketId: z.string().min(1).max(200),
        model: z.string().min(1)
      })
    },
    /**
     * Searches the handbook of the restaurant in use. Charged once per `questionId`; an early search, for the words of a
     * question that is still spoken, is neither charged nor recorded.
     */
    'handbook.search': {
      input: z.strictObject({
        questionId: z.uuid(),
        language: conversationLanguageSchema,
        ...handbookQuestionSchema.shape,
        isEarly: z.literal(true).exactOptional()
      }),
      output: searchAnswerSchema
    },
    /** Searches the offline copy, without a charge. */
    'handbook.searchOffline': {
      input: z.strictObject({
        question: handbookQuestionSchema.shape.question,
        language: languageSchema
      }),
      output: searchAnswerSchema
    },
    /** A whole section, from the offline copy or else from the backend, without a charge. */
    'handbook.readSection': {
      input: z.strictObject({
        slug: slugSchema,
        /** The section is returned in its other language when it has no text in this one. */
        language: languageSchema
      }),
      output: sectionTextSchema
    },
    /** Idempotent per question; the last write wins. */
    'handbook.rate': { input: ratingSchema, output: enqueuedSchema },
    /** Idempotent per question; the last write wins. */
    'handbook.reportAnswer': { input: reportedAnswerSchema, output: enqueuedSchema },
    /** What a turn cost until now. Idempotent per question; the highest counts win. */
    'turns.reportCost': { input: turnCostSchema, output: enqueuedSchema },
    'turns.record': { input: turnTimingSchema, output: nothing },
    /** Oldest first. */
    'turns.recent': { input: nothing, output: z.array(keptTurnSchema).max(TURN_TIMINGS_LIMIT) },
    /** Returns all settings. */
    'settings.change': { input: settingsPatchSchema, output: settingsSchema },
    'maintenance.unlock': { input: withPinSchema, output: nothing },
    'maintenance.lock': { input: nothing, output: nothing },
    /** Replaces a PIN while unlocked only. */
    'maintenance.setPin': { input: withPinSchema, output: nothing },
    'maintenance.exit': { input: z.strictObject({ how: z.enum(EXIT_MODES) }), output: nothing },
    /** A line of the renderer for main's log. */
    'log.write': {
      input: z.strictObject({
        level: z.enum(['info', 'warn', 'error']),
        /** Dotted name, such as `turn.ended`. */
        event: z
          .string()
          .regex(/^[a-z][a-zA-Z0-9]*(\.[a-zA-Z0-9]+)*$/)
          .max(100),
        detail: z
          .record(
            z.string().max(50),
            z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()])
          )
          .refine((detail) => Object.keys(detail).length <= LOG_FIELDS_LIMIT)
      }),
      output: nothing
    }
  },
  notifications: {
    'account.changed': { payload: accountSchema },
    'settings.changed': { payload: settingsSchema },
    'maintenance.changed': { payload: maintenanceSchema },
    'updates.restartAnnounced': { payload: z.strictObject({ isAnnounced: z.boolean() }) },
    'network.changed': {
      payload: z.strictObject({ problem: networkProblemSchema.nullable() })
    },
    /** The process that carries the calls is gone. The page would notice that after ten seconds. */
    'calls.lost': { payload: nothing },
    /** Closes the microphone gate: the screen was locked, or the machine goes to sleep. */
    'turn.forceRelease': {
      payload: z.strictObject({ reason: z.enum(['lock', 'suspend', 'quit']) })
    }
  }
} as const

type Contract = typeof contract
export type CallName = keyof Contract['calls']
type CallInput<N extends CallName> = z.input<Contract['calls'][N]['input']>
/** The parsed input of a call. */
export type CallRequest<N extends CallName> = z.output<Contract['calls'][N]['input']>
export type CallOutput<N extends CallName> = z.output<Contract['calls'][N]['output']>
export type NotificationName = keyof Contract['notifications']
export type NotificationPayload<N extends NotificationName> = z.output<
  Contract['notifications'][N]['payload']
>

/** Main's side of the contract. */
export type CallHandlers = {
  [N in CallName]: (request: CallRequest<N>) => Promise<Result<CallOutput<N>>>
}

/** The preload exposes it as `window.heard`. It never rejects: every failure is a `Result`. */
export type Bridge = {
  call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<Result<CallOutput<N>>>
  /** Returns the function that stops listening. */
  on: <N extends NotificationName>(
    name: N,
    listener: (payload: NotificationPayload<N>) => void
  ) => () => void
}
