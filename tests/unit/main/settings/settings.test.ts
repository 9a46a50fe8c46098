// Reads, changes, backs up and restores settings on a real disk.
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConf } from '../../../../dev/preview/open-conf.ts'
import { createSettings, type SettingsFiles } from '../../../../src/main/settings/settings.ts'
import { createSettingsFile } from '../../../../src/main/settings/settings-file.ts'
import { DEFAULT_SETTINGS, type SettingsPatch } from '../../../../src/shared/settings.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { createFakeClock } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'

const folder = temporaryFolder()

const start = (changes: Partial<SettingsFiles> = {}) => {
  const log = createRecordingLog()
  const file = (name: string) => createSettingsFile(folder.path, name, createFakeClock(), openConf)
  const settings = createSettings(
    {
      own: file('settings'),
      backup: file('settings.last-good'),
      beforeUpdate: file('settings.before-update'),
      ...changes
    },
    log
  )
  return { settings, log }
}
const onDisk = (name: string): unknown => JSON.parse(folder.read(name))
const write = (name: string, value: unknown) =>
  folder.write(name, typeof value === 'string' ? value : JSON.stringify(value))
/** From the version with one talk key. */
const OLD_FILE = {
  language: 'es',
  microphone: null,
  speaker: null,
  volume: 0.4,
  talkKey: 'F20',
  tailMs: 200,
  groupId: null
}
const OLD_BINDINGS = [{ kind: 'key', code: 'F20' }]

it('starts with the defaults and writes nothing until a change', () => {
  const { settings } = start()
  expect(settings.current()).toEqual(DEFAULT_SETTINGS)
  expect(settings.setAside()).toBe('none')
  expect(readdirSync(folder.path)).toEqual([])
})

it('saves a change in a private file and in the backup', () => {
  const volumes: number[] = []
  const { settings } = start()
  settings.onChange((now) => volumes.push(now.volume))
  expect(settings.change({ volume: 0.4 })).toMatchObject({ ok: true, value: { volume: 0.4 } })
  expect(settings.change({ language: 'es' })).toMatchObject({ ok: true })
  expect(volumes).toEqual([0.4, 0.4])
  expect(start().settings.current()).toEqual({ ...DEFAULT_SETTINGS, volume: 0.4, language: 'es' })
  expect(onDisk('settings.last-good.json')).toEqual(onDisk('settings.json'))
  expect(statSync(join(folder.path, 'settings.json')).mode & 0o077).toBe(0)
})

it('ignores a field of the patch that is undefined', () => {
  // Structured clone keeps such a field, JSON does not.
  const patch = { volume: 0.3, talkMode: undefined } as unknown as SettingsPatch
  expect(start().settings.change(patch)).toMatchObject({
    ok: true,
    value: { talkMode: DEFAULT_SETTINGS.talkMode, volume: 0.3 }
  })
})

it.each([
  ['not JSON', '{"volume": 0.'],
  ['an empty file', ''],
  ['an unknown field', JSON.stringify({ ...DEFAULT_SETTINGS, theme: 'dark' })],
  ['a value out of range', JSON.stringify({ ...DEFAULT_SETTINGS, volume: 12 })],
  ['another kind of JSON', '[1,2]'],
  ['bytes', '\u0000\ufffd\u0001']
])('sets a file with %s aside unchanged, and restores the backup', (_what, text) => {
  const before = start().settings
  before.change({ volume: 0.4 })
  before.change({ volume: 0.5 })
  write('settings.json', text)

  const { settings, log } = start()
  expect(settings.current()).toEqual({ ...DEFAULT_SETTINGS, volume: 0.5 })
  expect(settings.setAside()).toBe('restored')
  expect(log.events()).toEqual(['settings.setAside', 'settings.restored'])
  const names = readdirSync(folder.path)
  const aside = names.filter((name) => /^settings\.2026-11-20T.*\.json$/.test(name))
  expect(aside.map(folder.read)).toEqual([text])

  expect(start().settings.setAside()).toBe('none')
  expect(settings.change({ volume: 0.6 })).toMatchObject({ ok: true })
})

it('restores the backup when the file is gone', () => {
  start().settings.change({ volume: 0.4 })
  rmSync(join(folder.path, 'settings.json'))
  const { settings } = start()
  expect([settings.current().volume, settings.setAside()]).toEqual([0.4, 'restored'])
  expect(onDisk('settings.json')).toMatchObject({ volume: 0.4 })
})

it('uses the defaults when the backup is invalid too, and keeps both files', () => {
  write('settings.json', 'x')
  write('settings.last-good.json', 'y')
  const { settings } = start()
  expect([settings.current(), settings.setAside()]).toEqual([DEFAULT_SETTINGS, 'lost'])
  expect(readdirSync(folder.path).filter((name) => name.includes('2026'))).toHaveLength(2)
})

describe('the settings of an older version', () => {
  it('are migrated, and written with the next change', () => {
    write('settings.json', OLD_FILE)
    const { settings, log } = start()
    expect(settings.current()).toEqual({
      ...DEFAULT_SETTINGS,
      language: 'es',
      volume: 0.4,
      bindings: OLD_BINDINGS
    })
    expect(settings.setAside()).toBe('none')
    expect(log.events()).toContain('settings.migrated')
    expect(onDisk('settings.json')).toEqual(OLD_FILE)

    expect(settings.change({ volume: 0.5 })).toMatchObject({ ok: true })
    expect(onDisk('settings.json')).toEqual({ ...settings.current(), volume: 0.5 })
    const again = start()
    expect(again.settings.current()).toMatchObject({ volume: 0.5, bindings: OLD_BINDINGS })
    expect(again.log.events()).not.toContain('settings.migrated')
  })

  it('are restored from a backup', () => {
    write('settings.json', 'x')
    write('settings.last-good.json', OLD_FILE)
    expect(start().settings.current()).toMatchObject({ bindings: OLD_BINDINGS, volume: 0.4 })
    expect(start().settings.setAside()).toBe('none')
  })

  it('are kept for a rollback, and restored when both files are of a newer version', () => {
    write('settings.json', OLD_FILE)
    start().settings.change({ volume: 0.5 })
    expect(onDisk('settings.before-update.json')).toEqual(OLD_FILE)
    for (const name of ['settings.json', 'settings.last-good.json']) {
      write(name, { ...DEFAULT_SETTINGS, theme: 'dark' })
    }
    const { settings, log } = start()
    expect(settings.current()).toMatchObject({ volume: 0.4, bindings: OLD_BINDINGS })
    expect(settings.setAside()).toBe('restored')
    expect(log.events().filter((event) => event === 'settings.setAside')).toHaveLength(2)
  })
})

it('turns hands-free off when a key or pedal is added, unless the patch sets hands-free', () => {
  const { settings } = start()
  const f19 = { kind: 'key', code: 'F19' } as const
  const pedal = { kind: 'hid', vendorId: 0x05f3, productId: 0xff, button: 0, label: 'VEC' } as const
  const handsFree = (patch: SettingsPatch) => {
    const changed = settings.change(patch)
    return changed.ok ? changed.value.handsFree : changed.error.code
  }
  expect(handsFree({ handsFree: true })).toBe(true)
  expect(handsFree({ volume: 0.2 })).toBe(true)
  expect(handsFree({ bindings: [f19] })).toBe(true)
  expect(handsFree({ bindings: [f19, pedal] })).toBe(false)
  expect(handsFree({ handsFree: true })).toBe(true)
  expect(handsFree({ bindings: [pedal] })).toBe(true)
  expect(handsFree({ bindings: [pedal, f19], handsFree: true })).toBe(true)
})

describe('a disk that fails', () => {
  const full = {
    read: () => ({ kind: 'absent' as const }),
    write: () => {
      throw new Error('ENOSPC')
    },
    setAside: () => ''
  }

  it('refuses a change that cannot be written, and changes nothing', () => {
    const { settings, log } = start({ own: full })
    expect(settings.change({ volume: 0.1 })).toMatchObject({ error: { code: 'internal' } })
    expect(settings.current()).toEqual(DEFAULT_SETTINGS)
    expect(log.events()).toContain('settings.writeFailed')
  })

  it('accepts a change whose backup cannot be written, and logs that', () => {
    const { settings, log } = start({ backup: full })
    expect(settings.change({ volume: 0.1 })).toMatchObject({ ok: true })
    expect(onDisk('settings.json')).toMatchObject({ volume: 0.1 })
    expect(log.events()).toContain('settings.backupFailed')
  })

  it('starts with the defaults when no file can be set aside', () => {
    const stuck = {
      read: () => ({ kind: 'unreadable' as const, reason: 'EIO' }),
      write: () => {},
      setAside: () => {
        throw new Error('EROFS')
      }
    }
    expect(start({ own: stuck }).settings.current()).toEqual(DEFAULT_SETTINGS)
  })
})
