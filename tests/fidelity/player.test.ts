// The relay's player in a real Chromium, under the kiosk's own headers: its worklet loads, its stream is heard, its
// clock is the answer's, and a cut is told to the millisecond.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeWav } from '../../dev/wav.ts'
import { type AudioPage, openAudioPage } from './audio-page.ts'
import { hasTools } from './required-tools.ts'

const isComplete = hasTools('chromium')
const folder = mkdtempSync(join(tmpdir(), 'heard-player-'))
let lab: AudioPage

beforeAll(async () => {
  if (!isComplete) return
  const silence = join(folder, 'silence.wav')
  writeFileSync(silence, writeWav({ samples: new Int16Array(48_000), rateHz: 48_000 }))
  lab = await openAudioPage(silence, 'player')
})
afterAll(async () => {
  await lab?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('its worklet is a file of its own from the same origin', () => {
  expect(lab.scripts.filter((path) => /player\.worklet.*\.js$/.test(path))).toHaveLength(1)
})

test('an answer that comes faster than it is spoken is heard in its own time, without a gap', async () => {
  const heard = await lab.page.evaluate(async () => {
    const { newPlayer, listen, tone, wait, problems, PLAYER_RATE_HZ } = window.playerLab
    const { player, until } = await newPlayer()
    const ears = listen(player.stream)
    const piece = PLAYER_RATE_HZ / 5
    const pushedAtMs = performance.now()
    // Two seconds in ten pieces, three times as fast as they are spoken.
    for (let at = 0; at < 10; at++) {
      player.push(1, tone(at * piece, piece, 440))
      await wait(66)
    }
    player.end(1)
    const startedMs = await until('started', 1)
    const drainedMs = await until('drained', 1)
    const gapMs = ears.longestGapMs()
    const result = {
      afterMs: startedMs - pushedAtMs,
      lastedMs: drainedMs - startedMs,
      gapMs,
      playedMs: player.playedMs(),
      underruns: player.underruns(),
      problems: problems.splice(0)
    }
    player.close()
    await ears.close()
    return result
  })
  expect(heard.problems).toEqual([])
  expect(heard.underruns).toBe(0)
  expect(heard.afterMs).toBeLessThan(500)
  expect(Math.abs(heard.lastedMs - 2_000)).toBeLessThan(200)
  expect(heard.gapMs).toBeLessThan(60)
  expect(Math.abs(heard.playedMs - 2_000)).toBeLessThan(150)
})

test('a cut is heard at once and says how much was played', async () => {
  const cut = await lab.page.evaluate(async () => {
    const { newPlayer, listen, tone, wait, PLAYER_RATE_HZ } = window.playerLab
    const { player, until, seen } = await newPlayer()
    const ears = listen(player.stream)
    player.push(1, tone(0, PLAYER_RATE_HZ * 3, 440))
    player.push(2, tone(0, PLAYER_RATE_HZ, 440))
    const startedMs = await until('started', 1)
    await wait(700)
    const wasLoud = ears.isLoud()
    const askedMs = performance.now()
    const cuts = await player.flush()
    const tookMs = performance.now() - askedMs
    await wait(150)
    const result = {
      wasLoud,
      isLoud: ears.isLoud(),
      tookMs,
      cuts: cuts.map(({ segment, playedSamples }) => ({
        segment,
        playedMs: (playedSamples * 1000) / PLAYER_RATE_HZ
      })),
      sinceMs: askedMs - startedMs,
      kinds: seen.map(({ kind }) => kind)
    }
    player.close()
    await ears.close()
    return result
  })
  expect(cut.wasLoud).toBe(true)
  expect(cut.isLoud).toBe(false)
  expect(cut.tookMs).toBeLessThan(100)
  expect(cut.cuts.map(({ segment }) => segment)).toEqual([1, 2])
  expect(cut.cuts[1]?.playedMs).toBe(0)
  expect(Math.abs((cut.cuts[0]?.playedMs ?? 0) - cut.sinceMs)).toBeLessThan(60)
  expect(cut.kinds).toEqual(['started'])
})

test('what runs dry goes on when more has come, and is counted', async () => {
  const result = await lab.page.evaluate(async () => {
    const { newPlayer, tone, wait, PLAYER_RATE_HZ } = window.playerLab
    const { player, until, seen } = await newPlayer()
    player.push(1, tone(0, PLAYER_RATE_HZ / 4, 440))
    await until('started', 1)
    await wait(500)
    player.push(1, tone(0, PLAYER_RATE_HZ / 2, 440))
    player.end(1)
    await until('drained', 1)
    const underruns = player.underruns()
    player.close()
    return { underruns, kinds: seen.map(({ kind }) => kind) }
  })
  expect(result).toEqual({ underruns: 1, kinds: ['started', 'drained'] })
})
