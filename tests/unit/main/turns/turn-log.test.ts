import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createPrivateFile } from '../../../../src/main/private-file.ts'
import { createTurnLog, WRITE_PAUSE_MS } from '../../../../src/main/turns/turn-log.ts'
import { TURN_TIMINGS_LIMIT, type TurnTiming } from '../../../../src/shared/turn-timing.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { createFakeClock } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'

const folder = temporaryFolder()
const path = () => join(folder.path, 'turns.json')

const clock = createFakeClock()
const start = (faults: Partial<ReturnType<typeof createPrivateFile>> = {}) => {
  const log = createRecordingLog()
  const file = { ...createPrivateFile(path(), clock), ...faults }
  return { turns: createTurnLog(file, clock, log), log }
}
const turn = (turnId: number): TurnTiming => ({
  turnId,
  questionId: `9b2f4d6e-1111-4222-8333-${String(turnId).padStart(12, '0')}`,
  atMs: 1_763_629_200_000 + turnId,
  kind: 'spoken',
  path: 'webrtc',
  callId: 'rtc_1',
  carrier: 'live',
  outcome: 'answered',
  asks: 1,
  passes: 2,
  tailMs: 200,
  marks: { press: 0, gate: 4.26, end: 2_900.7 }
})
const idsOf = (turns: TurnTiming[]) => turns.map(({ turnId }) => turnId)

const COUNTS = {
  textInput: 5_200,
  textCached: 4_800,
  textOutput: 90,
  audioInput: 60,
  audioCached: 0,
  audioOutput: 240,
  transcriptionSeconds: 4
}
const costOf = (turnId: number) => ({ questionId: turn(turnId).questionId, ...COUNTS })

it('writes one line per turn, in whole milliseconds and with its cost', () => {
  const { turns, log } = start()
  turns.addCost(costOf(7))
  turns.record(turn(7))
  const { atMs: _at, ...detail } = {
    ...turn(7),
    cost: COUNTS,
    marks: { press: 0, gate: 4, end: 2_901 }
  }
  expect(log.lines).toEqual([{ level: 'info', event: 'turn.timed', detail }])
})

it('keeps the cost of its own turn only, also when it comes late', async () => {
  const { turns } = start()
  turns.addCost(costOf(1))
  turns.record(turn(2))
  turns.record(turn(3))
  turns.addCost({ ...costOf(2), audioOutput: 500 })
  expect((await turns.recent()).map(({ cost }) => cost)).toEqual([
    { ...COUNTS, audioOutput: 500 },
    null
  ])
  await turns.stop()
  expect(JSON.parse(folder.read('turns.json')).turns[0].cost.audioOutput).toBe(500)
})

it('keeps the last turns, oldest first', async () => {
  const { turns } = start()
  for (let id = 1; id <= TURN_TIMINGS_LIMIT + 3; id += 1) turns.record(turn(id))
  const recent = await turns.recent()
  expect(recent).toHaveLength(TURN_TIMINGS_LIMIT)
  expect([recent[0]?.turnId, recent.at(-1)?.turnId]).toEqual([4, TURN_TIMINGS_LIMIT + 3])
  await turns.stop()
})

it('writes several turns together after a pause', async () => {
  const { turns } = start()
  turns.record(turn(1))
  turns.record(turn(2))
  await clock.advance(WRITE_PAUSE_MS - 1)
  expect(readdirSync(folder.path)).toEqual([])
  await clock.advance(1)
  await turns.stop()
  expect(idsOf(JSON.parse(folder.read('turns.json')).turns)).toEqual([1, 2])
  expect(statSync(path()).mode & 0o077).toBe(0)
})

it('writes pending turns when it stops, leaves no timer, and appends at the next start', async () => {
  const { turns } = start()
  turns.record(turn(1))
  await turns.stop()
  expect(clock.pending()).toBe(0)
  turns.record(turn(2))
  expect(clock.pending()).toBe(0)
  const next = start().turns
  next.record(turn(3))
  expect(idsOf(await next.recent())).toEqual([1, 3])
  await next.stop()
})

it.each([
  ['not JSON', '{"version":1,"turns":['],
  ['another kind of JSON', '[]'],
  ['a field that is not a timing', JSON.stringify({ version: 1, turns: [{ question: 'secret' }] })]
])('sets aside a file with %s', async (_what, text) => {
  folder.write('turns.json', text)
  const { turns, log } = start()
  expect(await turns.recent()).toEqual([])
  expect(log.events()).toEqual(['turns.setAside'])
  expect(JSON.stringify(log.lines)).not.toContain('secret')
  turns.record(turn(1))
  await turns.stop()
  const names = readdirSync(folder.path)
  const aside = names.filter((name) => /^turns\.2026-11-20T.*\.json$/.test(name))
  expect(aside.map(folder.read)).toEqual([text])
  expect(idsOf(await start().turns.recent())).toEqual([1])
})

it('does not overwrite a file that it can neither read nor move', async () => {
  // A folder cannot be read as a file.
  mkdirSync(path())
  let written = 0
  const { turns, log } = start({
    setAside: () => Promise.reject(new Error('EROFS')),
    write: async () => {
      written += 1
    }
  })
  turns.record(turn(1))
  expect(idsOf(await turns.recent())).toEqual([1])
  await turns.stop()
  expect(written).toBe(0)
  expect(log.events()).toContain('turns.readFailed')
})

it('keeps the turns in memory when the disk is full', async () => {
  const { turns, log } = start({ write: () => Promise.reject(new Error('ENOSPC')) })
  turns.record(turn(1))
  await turns.stop()
  expect(idsOf(await turns.recent())).toEqual([1])
  expect(log.events()).toContain('turns.writeFailed')
})
