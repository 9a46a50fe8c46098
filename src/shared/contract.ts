// The one description of what crosses between the renderer and main. The preload bridge, the renderer's
// typed API, main's registrar, the preview shell's transport and the tests' doubles all come from this
// value, by type and by loop.
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
import { ratingSchema } from './rating.ts'
import { settingsPatchSchema, settingsSchema } from './settings.ts'
import { TURN_TIMINGS_LIMIT, turnTimingSchema } from './turn-timing.ts'
import { updateStatusSchema } from './updates.ts'

const call = <I extends z.ZodType, O extends z.ZodType>(about: string, input: I, output: O) => ({
  about,
  input,
  output
})
const notification = <P extends z.ZodType>(about: string, payload: P) => ({ about, payload })
const nothing = z.strictObject({})

/** Offers from Chromium are about 2 kB; anything near this is not an offer. */
export const SDP_LENGTH_LIMIT = 64_000

/** Things to say at start-up. */
export const NOTICES = [
  /** A settings file could not be used; the last good one took its place. */
  'settings_restored',
  /** A settings file could not be used, and neither could a backup. */
  'settings_set_aside',
  'no_keyring',
  /** Anybody may change the settings and close the kiosk: said on a full-screen one only. */
  'no_pin'
] as const

export const contract = {
  calls: {
    'kiosk.initialState': call(
      'What the renderer needs to draw its first screen.',
      nothing,
      z.strictObject({
        version: z.string(),
        shell: z.enum(['electron', 'preview']),
        account: accountSchema,
        settings: settingsSchema,
        /** Things to say at start-up, by code: a settings file set aside, no keyring. */
        notices: z.array(z.enum(NOTICES)),
        maintenance: maintenanceSchema,
        /** Limits of a call that IT may set; the defaults are in `src/shared/call-limits.ts`. */
        callLimits: callLimitsSchema
      })
    ),
    'kiosk.setInUse': call(
      'The page says that somebody is asking or listening to an answer, or no longer: nothing is installed meanwhile.',
      z.strictObject({ inUse: z.boolean() }),
      nothing
    ),
    'updates.status': call(
      'Where updates stand, for IT: no screen of a cook shows it.',
      nothing,
      updateStatusSchema
    ),
    'account.signIn': call('Signs the kiosk in.', credentialsSchema, accountSchema),
    'account.signOut': call('Signs the kiosk out and forgets its session.', nothing, accountSchema),
    'calls.open': call(
      'Posts an SDP offer to the model with a fresh ephemeral key and returns the answer.',
      z.strictObject({
        offerSdp: z.string().min(1).max(SDP_LENGTH_LIMIT),
        language: conversationLanguageSchema,
        /** Where the kiosk stands, such as "grill": one line of context for the model. */
        station: stationSchema.optional(),
        /**
         * Stream id of a data channel that both sides agree on beforehand (WARP); absent: the channel
         * announces itself.
         */
        channelId: z.int().min(0).max(1_023).optional()
      }),
      z.strictObject({
        /** `rtc_…`, for hanging up. */
        callId: z.string().min(1),
        answerSdp: z.string().min(1),
        model: z.string().min(1)
      })
    ),
    'calls.hangUp': call(
      'Ends a call at the model; a call that is already gone is not an error.',
      z.strictObject({ callId: z.string().min(1).max(200) }),
      nothing
    ),
    'calls.openWebSocket': call(
      "Opens the model's WebSocket with a fresh ephemeral key, for networks that let no UDP through. Its events " +
        'travel over a message port that the shell hands to the page (`src/shared/websocket-transport.ts`).',
      z.strictObject({
        language: conversationLanguageSchema,
        station: stationSchema.optional()
      }),
      z.strictObject({
        /** Names the port when it arrives. */
        webSocketId: z.string().min(1).max(200),
        model: z.string().min(1)
      })
    ),
    'handbook.searchOffline': call(
      'Searches the copy of the handbook on this machine, for when the backend cannot be asked. Charges nothing.',
      z.strictObject({
        question: handbookQuestionSchema.shape.question,
        language: languageSchema
      }),
      searchAnswerSchema
    ),
    'turns.record': call('Keeps the timing of a turn that has ended.', turnTimingSchema, nothing),
    'turns.recent': call(
      'The timings of the last turns, oldest first.',
      nothing,
      z.array(turnTimingSchema).max(TURN_TIMINGS_LIMIT)
    ),
    'handbook.search': call(
      'Searches the handbook of the restaurant in use. Charged once per `questionId`.',
      z.strictObject({
        questionId: z.uuid(),
        language: conversationLanguageSchema,
        ...handbookQuestionSchema.shape
      }),
      searchAnswerSchema
    ),
    'handbook.readSection': call(
      'The whole text of a section, from the copy on this machine or else from the backend. Charges nothing.',
      z.strictObject({
        slug: slugSchema,
        /** The language to read it in; a section without a text in it is given in the other one. */
        language: languageSchema
      }),
      sectionTextSchema
    ),
    'handbook.rate': call(
      'A thumb up or down for the answer to a question that was searched for. Said again, the last one counts.',
      ratingSchema,
      z.strictObject({
        /** False: the backend could not be asked, and it is kept until it can. */
        isSent: z.boolean()
      })
    ),
    'handbook.reportAnswer': call(
      'What the answer to a question was taken from, or that it was not found. Said again, the last one counts.',
      reportedAnswerSchema,
      z.strictObject({
        /** False: the backend could not be asked, and it is kept until it can. */
        isSent: z.boolean()
      })
    ),
    'settings.change': call(
      'Changes some settings and returns all of them as they now are.',
      settingsPatchSchema,
      settingsSchema
    ),
    'maintenance.unlock': call(
      'Opens the settings and the way out to whoever knows the PIN.',
      z.strictObject({ pin: pinSchema }),
      nothing
    ),
    'maintenance.lock': call('Closes them again.', nothing, nothing),
    'maintenance.setPin': call(
      'Sets the PIN; another one only while it is unlocked.',
      z.strictObject({ pin: pinSchema }),
      nothing
    ),
    'maintenance.exit': call(
      'Closes the kiosk, or starts it again.',
      z.strictObject({ how: z.enum(EXIT_MODES) }),
      nothing
    ),
    'log.write': call(
      "A line of the renderer's for main's log.",
      z.strictObject({
        level: z.enum(['info', 'warn', 'error']),
        /** Dotted name, such as `turn.ended`. */
        event: z
          .string()
          .regex(/^[a-z][a-zA-Z0-9]*(\.[a-zA-Z0-9]+)*$/)
          .max(100),
        detail: z.record(
          z.string().max(50),
          z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()])
        )
      }),
      nothing
    )
  },
  notifications: {
    'account.changed': notification(
      'The kiosk signed in or out, or its session ended.',
      accountSchema
    ),
    'settings.changed': notification('Settings as they now are.', settingsSchema),
    'maintenance.changed': notification(
      'The PIN was set, or the settings were opened or closed again.',
      maintenanceSchema
    ),
    'turn.forceRelease': notification(
      'Main forces the microphone gate closed: the screen was locked or the machine is going to sleep.',
      z.strictObject({ reason: z.enum(['lock', 'suspend', 'quit']) })
    )
  }
} as const

export type Contract = typeof contract
export type CallName = keyof Contract['calls']
export type CallInput<N extends CallName> = z.input<Contract['calls'][N]['input']>
/** A call's input after its schema has read it: what a handler gets. */
export type CallRequest<N extends CallName> = z.output<Contract['calls'][N]['input']>
export type CallOutput<N extends CallName> = z.output<Contract['calls'][N]['output']>
export type NotificationName = keyof Contract['notifications']
export type NotificationPayload<N extends NotificationName> = z.output<
  Contract['notifications'][N]['payload']
>

/** One handler per call: main's side of the contract. */
export type CallHandlers = {
  [N in CallName]: (request: CallRequest<N>) => Promise<Result<CallOutput<N>>>
}

/**
 * What the preload exposes as `window.heard`: two functions over names that the contract knows. A
 * shell's bridge never rejects: whatever happens comes back as a `Result`.
 */
export type Bridge = {
  call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<Result<CallOutput<N>>>
  /** Returns the function that stops listening. */
  on: <N extends NotificationName>(
    name: N,
    listener: (payload: NotificationPayload<N>) => void
  ) => () => void
}
