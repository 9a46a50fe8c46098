// Locks and unlocks the kiosk with a PIN file on a real disk.
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import {
  createMaintenance,
  UNLOCK_DURATION_MS
} from '../../../../src/main/maintenance/maintenance.ts'
import { createPrivateFile } from '../../../../src/main/private-file.ts'
import type { ExitMode, Maintenance } from '../../../../src/shared/maintenance.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { createRecordingLog, type RecordingLog } from '../recording-log.ts'

const PIN = '271828'
const WRONG = '314159'

const folder = temporaryFolder()
let clock: FakeClock
let log: RecordingLog
let isUnlockedByPolicy: boolean
beforeEach(() => {
  isUnlockedByPolicy = false
  clock = createFakeClock()
  log = createRecordingLog()
})

const path = () => join(folder.path, 'pin.json')
const start = async () => {
  const left: ExitMode[] = []
  const seen: Maintenance[] = []
  const maintenance = createMaintenance({
    file: createPrivateFile(path(), clock),
    clock,
    log,
    isUnlockedByPolicy: () => isUnlockedByPolicy,
    leave: (how) => left.push(how)
  })
  await maintenance.load()
  maintenance.onChange((now) => seen.push(now))
  return { maintenance, left, seen }
}
const startLocked = async () => {
  const first = await start()
  await first.maintenance.setPin(PIN)
  first.maintenance.stop()
  return start()
}

it('is unlocked without a PIN', async () => {
  const { maintenance, left } = await start()
  expect(maintenance.current()).toEqual({ hasPin: false, unlocked: true, canExit: true })
  expect(maintenance.permit().ok).toBe(true)
  expect(maintenance.leave('exit').ok).toBe(true)
  expect(left).toEqual(['exit'])
})

it('saves a PIN across a restart, hashed, in a private file', async () => {
  const { maintenance } = await startLocked()
  expect(maintenance.current()).toEqual({ hasPin: true, unlocked: false, canExit: true })
  const text = folder.read('pin.json')
  expect(text).not.toContain(PIN)
  expect(JSON.parse(text)).toMatchObject({ version: 1, pin: { N: 131_072, r: 8, p: 1 } })
  expect(statSync(path()).mode & 0o077).toBe(0)
  expect(JSON.stringify(log.lines)).not.toContain(PIN)
})

it('unlocks with the PIN, and locks itself ten minutes after the last use', async () => {
  const { maintenance, left, seen } = await startLocked()
  expect(maintenance.permit()).toMatchObject({ ok: false, error: { code: 'locked' } })
  expect(maintenance.leave('exit')).toMatchObject({ ok: false, error: { code: 'locked' } })
  expect(await maintenance.setPin(WRONG)).toMatchObject({ error: { code: 'locked' } })
  expect(left).toEqual([])

  expect(await maintenance.unlock(PIN)).toEqual({ ok: true, value: {} })
  await clock.advance(UNLOCK_DURATION_MS - 1)
  expect(maintenance.permit().ok).toBe(true)
  await clock.advance(UNLOCK_DURATION_MS - 1)
  expect(maintenance.current().unlocked).toBe(true)
  await clock.advance(1)
  expect(maintenance.permit().ok).toBe(false)
  expect(seen.map(({ unlocked }) => unlocked)).toEqual([true, false])
})

it('refuses even the right PIN during a pause, also after a restart', async () => {
  const { maintenance } = await startLocked()
  const codes: unknown[] = []
  for (let i = 0; i < 4; i += 1) {
    const answer = await maintenance.unlock(WRONG)
    codes.push(answer.ok ? 'unlocked' : [answer.error.code, answer.error.retryAfterSeconds])
  }
  expect(codes).toEqual([
    ['wrong_pin', undefined],
    ['wrong_pin', undefined],
    ['pin_rate_limited', 30],
    ['pin_rate_limited', 30]
  ])
  expect(await maintenance.unlock(PIN)).toMatchObject({ error: { code: 'pin_rate_limited' } })
  const again = await start()
  expect(await again.maintenance.unlock(PIN)).toMatchObject({ error: { code: 'pin_rate_limited' } })
  await clock.advance(30_000)
  expect(await again.maintenance.unlock(PIN)).toMatchObject({ ok: true })
  expect(JSON.parse(folder.read('pin.json'))).toMatchObject({ failures: 0 })
  expect(JSON.stringify(log.lines)).not.toContain(WRONG)
})

it('opens by policy in a pause', async () => {
  await startLocked()
  const saved = JSON.parse(folder.read('pin.json'))
  folder.write('pin.json', JSON.stringify({ ...saved, failures: 9, lastAtMs: clock.nowMs() }))
  const { maintenance } = await start()
  expect(await maintenance.unlock(PIN)).toMatchObject({ error: { code: 'pin_rate_limited' } })
  isUnlockedByPolicy = true
  expect(await maintenance.unlock(WRONG)).toEqual({ ok: true, value: {} })
  expect(log.lines).toContainEqual({
    level: 'info',
    event: 'maintenance.unlocked',
    detail: { by: 'policy', failuresBefore: 9 }
  })
})

it('opens by policy at the start, also with an unreadable PIN', async () => {
  folder.write('pin.json', 'half')
  isUnlockedByPolicy = true
  const { maintenance } = await start()
  expect(maintenance.current().unlocked).toBe(true)
  expect(await maintenance.setPin(PIN)).toMatchObject({ ok: true })
})

it('refuses a weak PIN', async () => {
  const { maintenance } = await start()
  expect(await maintenance.setPin('1234')).toMatchObject({ error: { code: 'weak_pin' } })
  expect(maintenance.current().hasPin).toBe(false)
})

it('compares one PIN at a time', async () => {
  const { maintenance } = await startLocked()
  const answers = await Promise.all([WRONG, PIN, PIN, PIN].map(maintenance.unlock))
  expect(answers.map((answer) => (answer.ok ? 'unlocked' : answer.error.code))).toEqual([
    'wrong_pin',
    'pin_rate_limited',
    'pin_rate_limited',
    'pin_rate_limited'
  ])
})

it('counts an attempt before it compares the PIN', async () => {
  const { maintenance } = await startLocked()
  const comparing = maintenance.unlock(WRONG)
  await expect.poll(() => JSON.parse(folder.read('pin.json')).failures).toBe(1)
  await comparing
})

it.each([
  ['half a file', '{"version":1,"pin":{'],
  ['a newer file', '{"version":2}'],
  ['a PIN in the clear', '{"version":1,"pin":"1234","failures":0,"lastAtMs":0}'],
  [
    'a hash that would take all memory',
    JSON.stringify({
      version: 1,
      pin: { salt: 'A'.repeat(24), hash: 'A'.repeat(44), N: 2 ** 30, r: 8, p: 1 },
      failures: 0,
      lastAtMs: 0
    })
  ]
])('stays locked with %s, and logs that', async (_what, text) => {
  folder.write('pin.json', text)
  const { maintenance } = await start()
  expect(maintenance.current()).toMatchObject({ hasPin: true, unlocked: false })
  expect(await maintenance.unlock(PIN)).toMatchObject({ error: { code: 'wrong_pin' } })
  expect(await maintenance.setPin(PIN)).toMatchObject({ error: { code: 'locked' } })
  expect(log.events()).toContain('maintenance.pinUnreadable')
  // IT removes the file to set a new PIN.
  rmSync(path())
  expect(await (await start()).maintenance.setPin(PIN)).toMatchObject({ ok: true })
})
