// Buffers an answer's samples: the wait before the first one, gapless segments, and the count of played
// samples.

/** The model's rate in `response.output_audio.delta`. */
export const PLAYER_RATE_HZ = 24_000

export const PLAYER_PROCESSOR = 'heard-player'

/**
 * Buffered before the first sample. The model sends three times as fast as it speaks: this bridges the pause
 * between its first messages.
 */
export const INITIAL_BUFFER_TARGET_MS = 100

/** An underrun doubles the target, up to this: longer is a pause in the answer. */
export const MAX_BUFFER_TARGET_MS = 800

/** A stopped player is noticed within two seconds. */
export const PROGRESS_MS = 100

/** A segment is the sound of one item of an answer; segments play in the order in which they begin. */
export type PlayerOrder =
  | { kind: 'push'; segment: number; samples: Int16Array<ArrayBuffer> }
  /** The segment has no more sound. */
  | { kind: 'end'; segment: number }
  /** Drops everything; answered by `flushed` with the same number. */
  | { kind: 'flush'; flush: number }

export type FlushedSegment = { segment: number; playedSamples: number }

export type PlayerReport =
  | { kind: 'started'; segment: number }
  /** The last sample of an ended segment was played. */
  | { kind: 'drained'; segment: number }
  /** Every `PROGRESS_MS` of sound. Both count from the player's beginning. */
  | { kind: 'progress'; playedSamples: number; underruns: number }
  | { kind: 'flushed'; flush: number; cuts: readonly FlushedSegment[] }

type Segment = {
  id: number
  pieces: Int16Array[]
  /** Played samples of the first piece. */
  offset: number
  left: number
  played: number
  isEnded: boolean
}

export type PlayerBuffer = {
  order: (order: PlayerOrder) => void
  /** Fills `output`, with silence where there is no sound. */
  render: (output: Float32Array) => void
}

const FULL_SCALE = 32_768

const samplesOf = (ms: number): number => (ms * PLAYER_RATE_HZ) / 1000

export const createPlayerBuffer = (report: (report: PlayerReport) => void): PlayerBuffer => {
  let queue: Segment[] = []
  let targetMs = INITIAL_BUFFER_TARGET_MS
  /** Waits for the target. */
  let isFilling = true
  let played = 0
  let underruns = 0
  let reported = 0

  const segmentOf = (id: number): Segment => {
    const known = queue.find((segment) => segment.id === id)
    if (known !== undefined) return known
    const segment = { id, pieces: [], offset: 0, left: 0, played: 0, isEnded: false }
    queue.push(segment)
    return segment
  }

  /** A complete answer waits for nothing. */
  const isFull = (): boolean => {
    let left = 0
    for (const segment of queue) {
      left += segment.left
      if (!segment.isEnded) return left >= samplesOf(targetMs)
    }
    return queue.length > 0
  }

  /** Plays one segment into `output` from `at` on; returns where it stopped. */
  const play = (segment: Segment, output: Float32Array, at: number): number => {
    if (segment.left > 0 && segment.played === 0) report({ kind: 'started', segment: segment.id })
    let next = at
    let piece = segment.pieces[0]
    while (piece !== undefined && next < output.length) {
      const count = Math.min(piece.length - segment.offset, output.length - next)
      for (let index = 0; index < count; index++) {
        output[next + index] = (piece[segment.offset + index] ?? 0) / FULL_SCALE
      }
      next += count
      segment.offset += count
      if (segment.offset === piece.length) {
        segment.pieces.shift()
        segment.offset = 0
        piece = segment.pieces[0]
      }
    }
    segment.left -= next - at
    segment.played += next - at
    played += next - at
    return next
  }

  const reportProgress = () => {
    if (played - reported < samplesOf(PROGRESS_MS)) return
    reported = played
    report({ kind: 'progress', playedSamples: played, underruns })
  }

  return {
    order: (order) => {
      switch (order.kind) {
        case 'push': {
          const segment = segmentOf(order.segment)
          segment.pieces.push(order.samples)
          segment.left += order.samples.length
          return
        }
        case 'end':
          segmentOf(order.segment).isEnded = true
          return
        case 'flush': {
          const cuts = queue.map(({ id, played: playedSamples }) => ({
            segment: id,
            playedSamples
          }))
          queue = []
          isFilling = true
          report({ kind: 'flushed', flush: order.flush, cuts })
          return
        }
        default:
          order satisfies never
      }
    },
    render: (output) => {
      output.fill(0)
      if (isFilling && !isFull()) return
      isFilling = false
      let at = 0
      let head = queue[0]
      while (head !== undefined && at < output.length) {
        at = play(head, output, at)
        if (head.left > 0) break
        if (!head.isEnded) {
          // An underrun: the buffer waits for more, and longer the next time.
          if (at < output.length) {
            isFilling = true
            underruns += 1
            targetMs = Math.min(targetMs * 2, MAX_BUFFER_TARGET_MS)
          }
          break
        }
        queue.shift()
        report({ kind: 'drained', segment: head.id })
        head = queue[0]
      }
      if (queue.length === 0) isFilling = true
      reportProgress()
    }
  }
}
