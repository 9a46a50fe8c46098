// What older versions wrote, and what no version wrote.
import { expect, it } from 'vitest'
import { migrate } from '../../../../src/main/settings/migrate.ts'
import { DEFAULT_SETTINGS, settingsSchema } from '../../../../src/shared/settings.ts'

/** As the version with one talk key wrote it. */
const WITH_TALK_KEY = {
  language: 'es',
  microphone: { id: 'abc', label: 'Jabra' },
  speaker: null,
  volume: 0.4,
  talkKey: 'KeyB',
  tailMs: 300,
  groupId: '6f2a2f0e-5d0e-4a53-9c8b-0c2f2d3b1a11'
}

it('makes the one talk key a binding, keeps what was set and takes the rest from the defaults', () => {
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

it('leaves today’s settings as they are', () => {
  expect(migrate(DEFAULT_SETTINGS)).toBe(DEFAULT_SETTINGS)
})

it.each([
  ['a field from the future beside the old ones', { ...WITH_TALK_KEY, theme: 'dark' }],
  ['a field of the old ones missing', { ...WITH_TALK_KEY, volume: undefined }],
  ['a talk key that never was one', { ...WITH_TALK_KEY, talkKey: 12 }],
  ['both shapes at once', { ...WITH_TALK_KEY, ...DEFAULT_SETTINGS }],
  ['a field from the future', { ...DEFAULT_SETTINGS, theme: 'dark' }],
  ['half of today’s fields', { language: 'en', bindings: [] }],
  ['nothing', {}],
  ['a list', [WITH_TALK_KEY]],
  ['a text', 'talkKey'],
  ['null', null]
])('does not make settings of a file with %s', (_what, value) => {
  expect(settingsSchema.safeParse(migrate(value)).success).toBe(false)
})
