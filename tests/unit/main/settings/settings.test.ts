// Settings on a real disk through conf, which electron-store is made of: kept, backed up, set aside.
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSettingsFile } from '../../../../dev/preview/settings-file.ts'
import { createSettings } from '../../../../src/main/settings/settings.ts'
import { DEFAULT_SETTINGS, type SettingsPatch } from '../../../../src/shared/settings.ts'
import { createFakeClock } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heard-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const clock = createFakeClock()
const start = () => {
  const log = createRecordingLog()
  const settings = createSettings(
    {
      own: openSettingsFile(folder, 'settings', clock),
      backup: openSettingsFile(folder, 'settings.last-good', clock),
      beforeUpdate: openSettingsFile(folder, 'settings.before-update', clock)
    },
    log
  )
  return { settings, log }
}
const onDisk = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))

it('starts with the defaults and writes nothing until something changes', () => {
  const { settings } = start()
  expect(settings.current()).toEqual(DEFAULT_SETTINGS)
  expect(settings.setAside()).toBe('none')
  expect(readdirSync(folder)).toEqual([])
})

it('keeps a change across a restart, in a private file, and the same in the backup', () => {
  const heard: number[] = []
  const { settings } = start()
  settings.onChange((now) => heard.push(now.volume))
  expect(settings.change({ volume: 0.4 })).toMatchObject({ ok: true, value: { volume: 0.4 } })
  expect(settings.change({ language: 'es' })).toMatchObject({ ok: true })
  expect(heard).toEqual([0.4, 0.4])
  expect(start().settings.current()).toEqual({ ...DEFAULT_SETTINGS, volume: 0.4, language: 'es' })
  expect(onDisk('settings.last-good.json')).toEqual(onDisk('settings.json'))
  expect(statSync(join(folder, 'settings.json')).mode & 0o077).toBe(0)
})

it('ignores a field that is given as undefined', () => {
  const { settings } = start()
  // What structured clone and JSON do with a patch is not the same: one keeps the field.
  const patch = { volume: 0.3, talkMode: undefined } as unknown as { volume: number }
  expect(settings.change(patch)).toMatchObject({
    ok: true,
    value: { talkMode: DEFAULT_SETTINGS.talkMode, volume: 0.3 }
  })
})

it.each([
  ['not JSON', '{"volume": 0.'],
  ['an empty file', ''],
  ['a field too many', JSON.stringify({ ...DEFAULT_SETTINGS, theme: 'dark' })],
  ['a value out of range', JSON.stringify({ ...DEFAULT_SETTINGS, volume: 12 })],
  ['another kind of JSON', '[1,2]'],
  ['bytes', '\u0000\ufffd\u0001']
])('sets a file with %s aside, keeps it, and goes back to the backup', (_what, text) => {
  const before = start().settings
  before.change({ volume: 0.4 })
  before.change({ volume: 0.5 })
  writeFileSync(join(folder, 'settings.json'), text)

  const { settings, log } = start()
  expect(settings.current()).toEqual({ ...DEFAULT_SETTINGS, volume: 0.5 })
  expect(settings.setAside()).toBe('restored')
  expect(log.events()).toEqual(['settings.setAside', 'settings.restored'])
  const aside = readdirSync(folder).filter((name) => /^settings\.2026-11-20T.*\.json$/.test(name))
  expect(aside).toHaveLength(1)
  expect(readFileSync(join(folder, aside[0] ?? ''), 'utf8')).toBe(text)

  expect(start().settings.setAside()).toBe('none')
  expect(settings.change({ volume: 0.6 })).toMatchObject({ ok: true })
})

/** As the version with one talk key wrote it. */
const OLD_FILE = {
  language: 'es',
  microphone: null,
  speaker: null,
  volume: 0.4,
  talkKey: 'F20',
  tailMs: 200,
  groupId: null
}

it('takes over the settings of an older version, sets nothing aside, and writes them anew with a change', () => {
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(OLD_FILE))
  const { settings, log } = start()
  const bindings = [{ kind: 'key', code: 'F20' }]
  expect(settings.current()).toEqual({ ...DEFAULT_SETTINGS, language: 'es', volume: 0.4, bindings })
  expect(settings.setAside()).toBe('none')
  expect(log.events()).toContain('settings.migrated')
  expect(onDisk('settings.json')).toEqual(OLD_FILE)

  expect(settings.change({ volume: 0.5 })).toMatchObject({ ok: true })
  expect(onDisk('settings.json')).toEqual({ ...settings.current(), volume: 0.5 })
  const again = start()
  expect(again.settings.current()).toMatchObject({ volume: 0.5, bindings })
  expect(again.log.events()).not.toContain('settings.migrated')
})

it('goes back to a backup of an older version too', () => {
  writeFileSync(join(folder, 'settings.json'), 'x')
  writeFileSync(join(folder, 'settings.last-good.json'), JSON.stringify(OLD_FILE))
  expect(start().settings.current()).toMatchObject({ bindings: [{ code: 'F20' }], volume: 0.4 })
  expect(start().settings.setAside()).toBe('none')
})

it('takes the backup when the file is gone, as after a crash between setting one aside and writing the other', () => {
  start().settings.change({ volume: 0.4 })
  rmSync(join(folder, 'settings.json'))
  const { settings } = start()
  expect([settings.current().volume, settings.setAside()]).toEqual([0.4, 'restored'])
  expect(onDisk('settings.json')).toMatchObject({ volume: 0.4 })
})

it('keeps the file of an older version, and goes back to it when newer ones are from the future', () => {
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(OLD_FILE))
  start().settings.change({ volume: 0.5 })
  expect(onDisk('settings.before-update.json')).toEqual(OLD_FILE)
  // What a version to come would write, in both places, before the kiosk went back to this one.
  const future = { ...DEFAULT_SETTINGS, theme: 'dark' }
  for (const name of ['settings.json', 'settings.last-good.json']) {
    writeFileSync(join(folder, name), JSON.stringify(future))
  }
  const { settings, log } = start()
  expect(settings.current()).toMatchObject({ volume: 0.4, bindings: [{ code: 'F20' }] })
  expect(settings.setAside()).toBe('restored')
  expect(log.events().filter((event) => event === 'settings.setAside')).toHaveLength(2)
})

it('changes the settings though the backup cannot be written, and says so in the log', () => {
  const { log } = start()
  const full = {
    read: () => ({ kind: 'absent' as const }),
    write: () => {
      throw new Error('ENOSPC')
    },
    setAside: () => ''
  }
  const own = openSettingsFile(folder, 'settings', clock)
  const settings = createSettings({ own, backup: full, beforeUpdate: full }, log)
  expect(settings.change({ volume: 0.1 })).toMatchObject({ ok: true })
  expect(onDisk('settings.json')).toMatchObject({ volume: 0.1 })
  expect(log.events()).toContain('settings.backupFailed')
})

it('turns hands-free off when something to hold is added, unless it is chosen beside it', () => {
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

it('falls back to the defaults when the backup is broken too, and keeps both files', () => {
  writeFileSync(join(folder, 'settings.json'), 'x')
  writeFileSync(join(folder, 'settings.last-good.json'), 'y')
  const { settings } = start()
  expect([settings.current(), settings.setAside()]).toEqual([DEFAULT_SETTINGS, 'lost'])
  expect(readdirSync(folder).filter((name) => name.includes('2026'))).toHaveLength(2)
})

it('refuses a change that cannot be written and stays as it was', () => {
  const { log } = start()
  const broken = {
    read: () => ({ kind: 'absent' as const }),
    write: () => {
      throw new Error('ENOSPC')
    },
    setAside: () => ''
  }
  const settings = createSettings({ own: broken, backup: broken, beforeUpdate: broken }, log)
  expect(settings.change({ volume: 0.1 })).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(settings.current()).toEqual(DEFAULT_SETTINGS)
  expect(log.events()).toContain('settings.writeFailed')
})

it('opens with the defaults when the folder cannot be used at all', () => {
  writeFileSync(join(folder, 'settings.json'), 'x')
  chmodSync(join(folder, 'settings.json'), 0o600)
  const { log } = start()
  const stuck = {
    read: () => ({ kind: 'unreadable' as const, reason: 'EIO' }),
    write: () => {},
    setAside: () => {
      throw new Error('EROFS')
    }
  }
  expect(createSettings({ own: stuck, backup: stuck, beforeUpdate: stuck }, log).current()).toEqual(
    DEFAULT_SETTINGS
  )
})
