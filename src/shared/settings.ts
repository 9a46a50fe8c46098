// The settings of the kiosk. Main stores them, with a backup before every write.
import { z } from 'zod'
import { languageSchema } from './language.ts'

/** Tail after the release, in ms: the last audio is in RTP packets while the commit is sent over SCTP. */
export const TAIL_MS = { min: 0, max: 500, default: 200 } as const

/**
 * Longest wait for the transcript of a question after its commit, in ms. Then the model searches by its tool, which takes a
 * second response.
 */
export const TRANSCRIPT_WAIT_MS = { min: 0, max: 2_000, default: 300 } as const

/** Minutes without a question after which the call ends; 0: never. */
const IDLE_MINUTES = { min: 0, max: 240, default: 15 } as const

/** More than a kitchen has stations. */
export const BINDINGS_LIMIT = 8

const deviceChoiceSchema = z.strictObject({
  /** Chromium's id, salted per profile. */
  id: z.string().max(256),
  /** Selects the device when the id is unknown. */
  label: z.string().max(256)
})
export type DeviceChoice = z.infer<typeof deviceChoiceSchema>

const usbId = z.int().min(0).max(0xffff)

/** A key or a pedal that talks, beside the button on the screen. */
export const bindingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('key'),
    /** `KeyboardEvent.code`, not `key`: the same on every keyboard layout. */
    code: z.string().regex(/^[A-Za-z0-9]{1,32}$/)
  }),
  z.strictObject({
    kind: z.literal('hid'),
    /** USB ids of a device in the allow-list (`pedals.ts`). */
    vendorId: usbId,
    productId: usbId,
    /** The button's bit in the device's report, from 0. */
    button: z.int().min(0).max(31),
    /** Name of the device, for the screen. */
    label: z.string().max(256)
  })
])
export type Binding = z.infer<typeof bindingSchema>

/**
 * `hold`: talks while held. `hold_and_latch`: two quick taps latch as well, and a tap ends. `tap`: a tap begins and a tap
 * ends, for pedals that cannot be held.
 */
export const TALK_MODES = ['hold', 'hold_and_latch', 'tap'] as const
export type TalkMode = (typeof TALK_MODES)[number]

/** The model's noise reduction: `near` for a headset, `far` for a microphone in the room. */
export const MODEL_NOISE_REDUCTIONS = ['near', 'far', 'off'] as const
export type ModelNoiseReduction = (typeof MODEL_NOISE_REDUCTIONS)[number]

/** `HH:MM` on the kiosk's own clock. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

export const settingsSchema = z.strictObject({
  language: languageSchema,
  /** null: the system's default device. */
  microphone: deviceChoiceSchema.nullable(),
  speaker: deviceChoiceSchema.nullable(),
  /** 0 to 1, linear gain of the answer. */
  volume: z.number().min(0).max(1),
  /** May be empty: the button on the screen always talks. */
  bindings: z.array(bindingSchema).max(BINDINGS_LIMIT),
  talkMode: z.enum(TALK_MODES),
  /** Detects speech without a press. */
  handsFree: z.boolean(),
  /** Chromium's processing of the microphone. Hands-free always cancels the echo. */
  echoCancellation: z.boolean(),
  noiseSuppression: z.boolean(),
  autoGainControl: z.boolean(),
  modelNoiseReduction: z.enum(MODEL_NOISE_REDUCTIONS),
  tailMs: z.int().min(TAIL_MS.min).max(TAIL_MS.max),
  transcriptWaitMs: z.int().min(TRANSCRIPT_WAIT_MS.min).max(TRANSCRIPT_WAIT_MS.max),
  idleMinutes: z.int().min(IDLE_MINUTES.min).max(IDLE_MINUTES.max),
  /** The call stays open during these hours; null: the first touch opens it. */
  openingHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).nullable(),
  /** The restaurant in use, for an account with several. */
  groupId: z.uuid().nullable()
})
export type Settings = z.infer<typeof settingsSchema>

export const settingsPatchSchema = settingsSchema.partial()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

/** No operating system uses F19. */
export const DEFAULT_BINDINGS: readonly Binding[] = [{ kind: 'key', code: 'F19' }]

export const DEFAULT_SETTINGS: Settings = {
  language: 'en',
  microphone: null,
  speaker: null,
  volume: 0.9,
  bindings: [...DEFAULT_BINDINGS],
  talkMode: 'hold_and_latch',
  handsFree: false,
  // The speaker is silent during a hold, and the model reduces noise itself (record 10).
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: true,
  modelNoiseReduction: 'far',
  tailMs: TAIL_MS.default,
  transcriptWaitMs: TRANSCRIPT_WAIT_MS.default,
  idleMinutes: IDLE_MINUTES.default,
  openingHours: null,
  groupId: null
}
