// The recordings that the recorder keeps: their pieces, their ends, and the silences that a turn awaits in them.
import type { RecorderReport } from './recorder-core.ts'

/** The current question and the barge-in over it, 4.8 MB each at the most. A third replaces the oldest. */
const MAX_RECORDINGS = 2

/**
 * From a sound in the room to the block that holds it: 10 ms of the device, Chromium's processing, and the queue
 * between the two clocks.
 */
export const CAPTURE_LAG_MS = 30

/** The breath before a released "t" or "k" lasts 100 ms at the longest: a longer silence is not within a word. */
export const SILENCE_MS = 150

type Recording = {
  pieces: Int16Array<ArrayBuffer>[]
  isOver: boolean
  whenOver: (() => void)[]
  /** The `performance.now()` of the context's time 0; the earliest estimate so far. */
  clockZeroMs: number
  awaitedSilences: { atMs: number; resolve: (isSilent: boolean) => void }[]
}

const joined = (pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> => {
  const all = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

type Piece = Extract<RecorderReport, { kind: 'piece' }>

const resolveSilences = (recording: Recording, { untilSeconds, silenceMs }: Piece): void => {
  const untilMs = untilSeconds * 1000
  // A message comes late and never early: the smallest difference is the nearest.
  recording.clockZeroMs = Math.min(recording.clockZeroMs, performance.now() - untilMs)
  if (silenceMs < SILENCE_MS) return
  const recordedUntilMs = recording.clockZeroMs + untilMs - CAPTURE_LAG_MS
  const isRecorded = ({ atMs }: { atMs: number }) => atMs <= recordedUntilMs
  const silent = recording.awaitedSilences.filter(isRecorded)
  recording.awaitedSilences = recording.awaitedSilences.filter((one) => !isRecorded(one))
  for (const { resolve } of silent) resolve(true)
}

export const createRecordings = () => {
  const recordings = new Map<number, Recording>()
  const running = (id: number): Recording | null => {
    const recording = recordings.get(id)
    return recording === undefined || recording.isOver ? null : recording
  }

  return {
    begin: (id: number) => {
      recordings.delete(id)
      for (const oldest of recordings.keys()) {
        if (recordings.size < MAX_RECORDINGS) break
        recordings.delete(oldest)
      }
      recordings.set(id, {
        pieces: [],
        isOver: false,
        whenOver: [],
        clockZeroMs: Number.POSITIVE_INFINITY,
        awaitedSilences: []
      })
    },
    /** @returns false for a recording that was dropped while the piece was in flight */
    add: (piece: Piece): boolean => {
      const recording = recordings.get(piece.recordingId)
      if (recording === undefined) return false
      recording.pieces.push(piece.samples)
      resolveSilences(recording, piece)
      return true
    },
    end: (id: number) => {
      const recording = recordings.get(id)
      if (recording === undefined) return
      recording.isOver = true
      for (const resolve of recording.whenOver.splice(0)) resolve()
      for (const { resolve } of recording.awaitedSilences.splice(0)) resolve(false)
    },
    isRunning: (id: number): boolean => running(id) !== null,
    /** Calls `run` at the end. @returns how many wait for it now */
    whenOver: (id: number, run: () => void): number => running(id)?.whenOver.push(run) ?? 0,
    /** The `performance.now()` of the context's time 0; null before the first piece. */
    clockZeroMs: (id: number): number | null => {
      const clockZeroMs = recordings.get(id)?.clockZeroMs ?? Number.POSITIVE_INFINITY
      return clockZeroMs === Number.POSITIVE_INFINITY ? null : clockZeroMs
    },
    silenceAt: (id: number, atMs: number): Promise<boolean> =>
      new Promise((resolve) => {
        const recording = running(id)
        if (recording === null) resolve(false)
        else recording.awaitedSilences.push({ atMs, resolve })
      }),
    read: (id: number): Int16Array<ArrayBuffer> | null => {
      const recording = recordings.get(id)
      return recording === undefined ? null : joined(recording.pieces)
    },
    drop: (id: number) => recordings.delete(id),
    ids: (): number[] => [...recordings.keys()]
  }
}
