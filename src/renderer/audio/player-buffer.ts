// What the player does with samples, without a worklet around it: how much it waits for before the first one, how
// sound follows sound without a gap, and how much of what was really played.

/** The rate at which the model sends sound in its events. */
export const PLAYER_RATE_HZ = 24_000

/** The name under which the worklet registers itself. */
export const PLAYER_PROCESSOR = 'heard-player'

/**
 * Sound that is there before the first sample plays. The model sends three times as fast as it speaks: this bridges
 * the pause between two of its first messages and is not heard as one.
 */
export const INITIAL_BUFFER_TARGET_MS = 100

/** A buffer that ran dry waits for twice as much the next time, up to this: longer is a pause in the answer. */
export const MAX_BUFFER_TARGET_MS = 800

/** Often enough that a player which stands still is noticed within two seconds, whatever else is late. */
export const PROGRESS_MS = 100

/** A segment is the sound of one item of an answer; segments are played in the order in which they begin. */
export type PlayerOrder =
  | { kind: 'push'; segment: number; samples: Int16Array<ArrayBuffer> }
  /** No more sound of this segment will come. */
  | { kind: 'end'; segment: number }
  /** Drops everything; answered by `flushed` with the same number. */
  | { kind: 'flush'; flush: number }

/** How much of a segment was played when it was cut. */
export type FlushedSegment = { segment: number; playedSamples: number }

export type PlayerReport =
  /** Its first sample is played now. */
  | { kind: 'started'; segment: number }
  /** Its last sample was played. */
  | { kind: 'drained'; segment: number }
  /** Every `PROGRESS_MS` of sound. Both count from the player's beginning. */
  | { kind: 'progress'; playedSamples: number; underruns: number }
  | { kind: 'flushed'; flush: number; cuts: readonly FlushedSegment[] }

type Segment = {
  id: number
  pieces: Int16Array[]
  /** Samples of the first piece that were played. */
  offset: number
  left: number
  played: number
  isEnded: boolean
}

export type PlayerBuffer = {
  order: (order: PlayerOrder) => void
  /** Fills the whole of `output`, with silence where there is nothing to play. */
  render: (output: Float32Array) => void
}

const FULL_SCALE = 32_768

const samplesOf = (ms: number): number => (ms * PLAYER_RATE_HZ) / 1000

export const createPlayerBuffer = (report: (report: PlayerReport) => void): PlayerBuffer => {
  let queue: Segment[] = []
  let targetMs = INITIAL_BUFFER_TARGET_MS
  /** Waits until there is enough to go on. */
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

  /** What is there of an answer that is complete is all there will be: nothing is waited for. */
  const isFull = (): boolean => {
    let left = 0
    for (const segment of queue) {
      left += segment.left
      if (!segment.isEnded) return left >= samplesOf(targetMs)
    }
    return queue.length > 0
  }

  /** Plays from one segment into `output` from `at` on; returns where it stopped. */
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

  const tellProgress = () => {
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
          // Dry in the middle of an answer: from here on it waits for more, and longer the next time.
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
      tellProgress()
    }
  }
}
