// Detects the start and the end of speech by its energy, for sessions without push-to-talk.
import { INPUT_RATE_HZ } from './rtp-receiver.ts'
import type { TurnDetection } from './session-schema.ts'

const WINDOW_MS = 20
const WINDOW_SAMPLES = (INPUT_RATE_HZ * WINDOW_MS) / 1_000

/** Three loud windows in a row: a click is not speech. */
const WINDOWS_TO_START = 3

/**
 * Full-scale RMS of speech at threshold 0.5: −40 dBFS. The real detector is a neural network; this one follows
 * `threshold` in the same direction only.
 */
const LEVEL_AT_HALF = 0.01

/** Silence that ends a turn under semantic detection, which depends on energy only here. */
const SEMANTIC_SILENCE_MS = { low: 1_200, medium: 700, high: 400, auto: 700 } as const
const DEFAULT_SILENCE_MS = 500
const DEFAULT_PREFIX_PADDING_MS = 300
const DEFAULT_THRESHOLD = 0.5

export type VadSettings = { threshold: number; silenceMs: number }

export const vadSettings = (detection: TurnDetection | null): VadSettings => {
  if (detection?.type === 'server_vad')
    return {
      threshold: detection.threshold ?? DEFAULT_THRESHOLD,
      silenceMs: detection.silence_duration_ms ?? DEFAULT_SILENCE_MS
    }
  return {
    threshold: DEFAULT_THRESHOLD,
    silenceMs: SEMANTIC_SILENCE_MS[detection?.eagerness ?? 'auto']
  }
}

/** Audio before the detected speech that belongs to it, in ms. */
export const prefixPaddingMs = (detection: TurnDetection): number =>
  detection.type === 'server_vad'
    ? (detection.prefix_padding_ms ?? DEFAULT_PREFIX_PADDING_MS)
    : DEFAULT_PREFIX_PADDING_MS

export type SpeechEvent = { type: 'speech_started' | 'speech_stopped'; atMs: number }

export const createVoiceActivity = (settings: () => VadSettings) => {
  let pending: number[] = []
  let detectedMs = 0
  let loudWindows = 0
  let silentMs = 0
  let speaking = false

  const loudness = (window: readonly number[]): number =>
    Math.sqrt(window.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / window.length)

  return {
    /** Returns the events in these samples, with times in ms of audio since the session began. */
    detect: (samples: Int16Array): SpeechEvent[] => {
      const events: SpeechEvent[] = []
      pending.push(...samples)
      while (pending.length >= WINDOW_SAMPLES) {
        const window = pending.slice(0, WINDOW_SAMPLES)
        pending = pending.slice(WINDOW_SAMPLES)
        detectedMs += WINDOW_MS
        const { threshold, silenceMs } = settings()
        const loud = loudness(window) > LEVEL_AT_HALF * 4 ** (threshold * 2 - 1)
        loudWindows = loud ? loudWindows + 1 : 0
        silentMs = loud ? 0 : silentMs + WINDOW_MS
        if (!speaking && loudWindows >= WINDOWS_TO_START) {
          speaking = true
          events.push({ type: 'speech_started', atMs: detectedMs - WINDOWS_TO_START * WINDOW_MS })
        } else if (speaking && silentMs >= silenceMs) {
          speaking = false
          events.push({ type: 'speech_stopped', atMs: detectedMs })
        }
      }
      return events
    }
  }
}
