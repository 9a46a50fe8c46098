// Migrates the settings files of older versions.
import { expect, it } from 'vitest'
import { migrate } from '../../../../src/main/settings/migrate.ts'
import { DEFAULT_SETTINGS, settingsSchema } from '../../../../src/shared/settings.ts'

/** From the version with one talk key. */
const WITH_TALK_KEY = {
  language: 'es',
  microphone: { id: 'abc', label: 'Jabra' },
  speaker: null,
  volume: 0.4,
  talkKey: 'KeyB',
  tailMs: 300,
  groupId: '6f2a2f0e-5d0e-4a53-9c8b-0c2f2d3b1a11'
}

it('turns the talk key into a binding, and adds defaults for new fields', () => {
  expect(settingsSchema.parse(migrate(WITH_TALK_KEY))).toEqual({
    ...DEFAULT_SETTINGS,
    language: 'es',
    microphone: { id: 'abc', label: 'Jabra' },
    volume: 0.4,
    bindings: [{ kind: 'key', code: 'KeyB' }],
    tailMs: 300,
    groupId: WITH_TALK_KEY.groupId
  })
})

it('returns current settings unchanged', () => {
  expect(migrate(DEFAULT_SETTINGS)).toBe(DEFAULT_SETTINGS)
})

it.each([
  ['a newer field beside the old ones', { ...WITH_TALK_KEY, theme: 'dark' }],
  ['an absent old field', { ...WITH_TALK_KEY, volume: undefined }],
  ['an invalid talk key', { ...WITH_TALK_KEY, talkKey: 12 }],
  ['both shapes', { ...WITH_TALK_KEY, ...DEFAULT_SETTINGS }],
  ['a newer field', { ...DEFAULT_SETTINGS, theme: 'dark' }],
  ['half of the fields', { language: 'en', bindings: [] }],
  ['no field', {}],
  ['a list', [WITH_TALK_KEY]],
  ['a text', 'talkKey'],
  ['null', null]
])('makes no settings from a file with %s', (_what, value) => {
  expect(settingsSchema.safeParse(migrate(value)).success).toBe(false)
})
