// What a person may change on the kiosk. Validated here, kept by main, backed up before every write.
import { z } from 'zod'
import { languageSchema } from './language.ts'

/** Tail after release in milliseconds: the last syllable rides RTP while the commit rides SCTP. */
export const TAIL_MS = { min: 0, max: 500, default: 200 } as const

export const deviceChoiceSchema = z.strictObject({
  /** Chromium's id, salted per profile: tried first. */
  id: z.string().max(256),
  /** The device's name: tried when the id is unknown. */
  label: z.string().max(256)
})
export type DeviceChoice = z.infer<typeof deviceChoiceSchema>

export const settingsSchema = z.strictObject({
  language: languageSchema,
  /** null: the system's default device. */
  microphone: deviceChoiceSchema.nullable(),
  speaker: deviceChoiceSchema.nullable(),
  /** 0 to 1, linear gain of the answer. */
  volume: z.number().min(0).max(1),
  /** `KeyboardEvent.code` of the key that is held to talk. F19: no system gives it a meaning. */
  talkKey: z.string().regex(/^[A-Za-z0-9]{1,32}$/),
  tailMs: z.int().min(TAIL_MS.min).max(TAIL_MS.max),
  /** The restaurant in use, when the account has several. */
  groupId: z.uuid().nullable()
})
export type Settings = z.infer<typeof settingsSchema>

export const settingsPatchSchema = settingsSchema.partial()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

export const DEFAULT_SETTINGS: Settings = {
  language: 'en',
  microphone: null,
  speaker: null,
  volume: 0.9,
  talkKey: 'F19',
  tailMs: TAIL_MS.default,
  groupId: null
}
