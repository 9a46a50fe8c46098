// Runs in Chromium: gives tests the player of a WebSocket call and listens to its stream.
/// <reference types="vite/client" />
/// <reference path="../../../src/renderer/audio/audio-context-sink.d.ts" />
import {
  createPlayer,
  createPlayerContext,
  PLAYER_RATE_HZ,
  type Player,
  type PlayerEvent
} from '../../../src/renderer/audio/player.ts'
import { newWatch, schedule, wait } from './watch.ts'

const LEVEL = 16_000
/** Half of a tone at this level is louder than this. */
const LOUD = 0.05

const tone = (fromSample: number, count: number, frequencyHz: number): Int16Array<ArrayBuffer> =>
  new Int16Array(
    Array.from({ length: count }, (_, index) =>
      Math.round(
        Math.sin((2 * Math.PI * frequencyHz * (fromSample + index)) / PLAYER_RATE_HZ) * LEVEL
      )
    )
  )

type Listener = {
  isLoud: () => boolean
  /** The longest silence between two sounds, in milliseconds. */
  longestGapMs: () => number
  close: () => Promise<void>
}

/** Listens as the speaker does: through a source of its own, in a context of its own. */
const listen = (stream: MediaStream): Listener => {
  const context = new AudioContext()
  const analyser = new AnalyserNode(context, { fftSize: 1024 })
  const pull = new Audio()
  pull.muted = true
  pull.srcObject = stream
  void pull.play()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const isLoud = () => {
    analyser.getFloatTimeDomainData(samples)
    return samples.some((sample) => Math.abs(sample) > LOUD)
  }
  let quietSinceMs: number | null = null
  let hasBegun = false
  let longestGapMs = 0
  const look = setInterval(() => {
    const nowMs = performance.now()
    if (!isLoud()) {
      if (hasBegun) quietSinceMs ??= nowMs
      return
    }
    hasBegun = true
    if (quietSinceMs !== null) longestGapMs = Math.max(longestGapMs, nowMs - quietSinceMs)
    quietSinceMs = null
  }, 4)
  return {
    isLoud,
    longestGapMs: () => longestGapMs,
    close: async () => {
      clearInterval(look)
      await context.close()
    }
  }
}

const problems: string[] = []
type Seen = PlayerEvent & { atMs: number }

const newPlayer = async (): Promise<{
  player: Player
  seen: Seen[]
  until: (kind: PlayerEvent['kind'], segment: number) => Promise<number>
}> => {
  const { seen, add, until } = newWatch<Seen>()
  const player = await createPlayer({
    context: createPlayerContext(),
    onEvent: (event) => add({ ...event, atMs: performance.now() }),
    schedule,
    log: (event, message) => problems.push(`${event}: ${message}`)
  })
  return {
    player,
    seen,
    until: async (kind, segment) => {
      const events = await until((event) => event.kind === kind && event.segment === segment)
      return events.at(-1)?.atMs ?? Number.NaN
    }
  }
}

export const playerLab = { newPlayer, listen, tone, wait, problems, PLAYER_RATE_HZ }

declare global {
  interface Window {
    playerLab: typeof playerLab
  }
}
window.playerLab = playerLab
