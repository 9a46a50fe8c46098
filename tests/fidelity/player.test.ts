// Proves the player of a WebSocket call in a real Chromium, under the kiosk's own headers.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AudioPage, openAudioPage } from './audio-page.ts'
import { hasTools } from './required-tools.ts'

const isComplete = hasTools('chromium')
let lab: AudioPage

beforeAll(async () => {
  if (isComplete) lab = await openAudioPage('player')
})
afterAll(() => lab?.close())

test('loads its worklet as a file of its own from the same origin', () => {
  expect(lab.scripts.filter((path) => /player\.worklet.*\.js$/.test(path))).toHaveLength(1)
})

test('plays an answer that arrives faster than speech in real time, without a gap', async () => {
  const played = await lab.page.evaluate(async () => {
    const { newPlayer, listen, tone, wait, problems, PLAYER_RATE_HZ } = window.playerLab
    const { player, until } = await newPlayer()
    const listener = listen(player.stream)
    const piece = PLAYER_RATE_HZ / 5
    const pushedAtMs = performance.now()
    // Two seconds in ten pieces, at three times the speed of speech.
    for (let at = 0; at < 10; at++) {
      player.push(1, tone(at * piece, piece, 440))
      await wait(66)
    }
    player.end(1)
    const startedMs = await until('started', 1)
    const drainedMs = await until('drained', 1)
    const gapMs = listener.longestGapMs()
    const result = {
      afterMs: startedMs - pushedAtMs,
      lastedMs: drainedMs - startedMs,
      gapMs,
      playedMs: player.playedMs(),
      underruns: player.underruns(),
      problems: problems.splice(0)
    }
    player.close()
    await listener.close()
    return result
  })
  expect(played.problems).toEqual([])
  expect(played.underruns).toBe(0)
  expect(played.afterMs).toBeLessThan(500)
  expect(Math.abs(played.lastedMs - 2_000)).toBeLessThan(200)
  expect(played.gapMs).toBeLessThan(60)
  expect(Math.abs(played.playedMs - 2_000)).toBeLessThan(150)
})

test('cuts at once and returns the played length', async () => {
  const cut = await lab.page.evaluate(async () => {
    const { newPlayer, listen, tone, wait, PLAYER_RATE_HZ } = window.playerLab
    const { player, until, seen } = await newPlayer()
    const listener = listen(player.stream)
    player.push(1, tone(0, PLAYER_RATE_HZ * 3, 440))
    player.push(2, tone(0, PLAYER_RATE_HZ, 440))
    const startedMs = await until('started', 1)
    await wait(700)
    const wasLoud = listener.isLoud()
    const askedMs = performance.now()
    const cuts = await player.flush()
    const tookMs = performance.now() - askedMs
    await wait(150)
    const result = {
      wasLoud,
      isLoud: listener.isLoud(),
      tookMs,
      cuts: cuts.map(({ segment, playedSamples }) => ({
        segment,
        playedMs: (playedSamples * 1000) / PLAYER_RATE_HZ
      })),
      sinceMs: askedMs - startedMs,
      kinds: seen.map(({ kind }) => kind)
    }
    player.close()
    await listener.close()
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

test('continues after an underrun and counts it', async () => {
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
