// What a person may change on the kiosk. Validated here, kept by main, backed up before every write.
import { z } from 'zod'
import { languageSchema } from './language.ts'

/** Tail after release in milliseconds: the last syllable rides RTP while the commit rides SCTP. */
export const TAIL_MS = { min: 0, max: 500, default: 200 } as const

/** Minutes without a question after which the call is put down; 0 keeps it for ever. */
export const IDLE_MINUTES = { min: 0, max: 240, default: 15 } as const

/** Keys and pedals that talk. More than a kitchen has places to stand. */
export const BINDINGS_LIMIT = 8

export const deviceChoiceSchema = z.strictObject({
  /** Chromium's id, salted per profile: tried first. */
  id: z.string().max(256),
  /** The device's name: tried when the id is unknown. */
  label: z.string().max(256)
})
export type DeviceChoice = z.infer<typeof deviceChoiceSchema>

const usbId = z.int().min(0).max(0xffff)

/** One thing that is held to talk, beside the button on the screen. */
export const bindingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('key'),
    /** `KeyboardEvent.code`, never `key`: what is engraved differs, where it lies does not. */
    code: z.string().regex(/^[A-Za-z0-9]{1,32}$/)
  }),
  z.strictObject({
    kind: z.literal('hid'),
    /** USB ids of a pedal that is no keyboard; main's allow-list says which ones there may be. */
    vendorId: usbId,
    productId: usbId,
    /** The button's bit in the device's report, from 0. */
    button: z.int().min(0).max(31),
    /** The device's name, for the screen. */
    label: z.string().max(256)
  })
])
export type Binding = z.infer<typeof bindingSchema>

/**
 * `hold`: talk while it is held. `hold_and_latch`: two quick taps latch as well, and a tap ends it. `tap`: a tap
 * begins and a tap ends, for pedals that cannot be held.
 */
export const TALK_MODES = ['hold', 'hold_and_latch', 'tap'] as const
export type TalkMode = (typeof TALK_MODES)[number]

/** What the model does against noise: `near` for a headset, `far` for a microphone in the room. */
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
  /** Keys and pedals that talk. May be empty: the button on the screen is always there. */
  bindings: z.array(bindingSchema).max(BINDINGS_LIMIT),
  talkMode: z.enum(TALK_MODES),
  /** Listens by itself, for tables where nobody can press. */
  handsFree: z.boolean(),
  /** Chromium's own processing of the microphone. Hands-free takes the echo out whatever this says. */
  echoCancellation: z.boolean(),
  noiseSuppression: z.boolean(),
  autoGainControl: z.boolean(),
  modelNoiseReduction: z.enum(MODEL_NOISE_REDUCTIONS),
  tailMs: z.int().min(TAIL_MS.min).max(TAIL_MS.max),
  idleMinutes: z.int().min(IDLE_MINUTES.min).max(IDLE_MINUTES.max),
  /** While they last the call is kept, whether anybody asks or not; null: it is opened by the first touch. */
  openingHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).nullable(),
  /** The restaurant in use, when the account has several. */
  groupId: z.uuid().nullable()
})
export type Settings = z.infer<typeof settingsSchema>

export const settingsPatchSchema = settingsSchema.partial()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

/** F19: no system gives it a meaning. */
export const DEFAULT_BINDINGS: readonly Binding[] = [{ kind: 'key', code: 'F19' }]

export const DEFAULT_SETTINGS: Settings = {
  language: 'en',
  microphone: null,
  speaker: null,
  volume: 0.9,
  bindings: [...DEFAULT_BINDINGS],
  talkMode: 'hold_and_latch',
  handsFree: false,
  // The speaker is silent while somebody holds to talk, and the model reduces noise itself (decision 28).
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: true,
  modelNoiseReduction: 'far',
  tailMs: TAIL_MS.default,
  idleMinutes: IDLE_MINUTES.default,
  openingHours: null,
  groupId: null
}
