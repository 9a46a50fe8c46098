// Finds the first audible block of an answer, and the silence after a cut, from the samples alone.

export const AUDIBLE_PROCESSOR = 'heard-audible'

/** An answer is louder than this for 5 ms; codec noise in a pause stays below. */
export const AUDIBLE = { aboveDb: -45, forMs: 5 } as const

/** Silence is quieter than this for 20 ms; a zero crossing is shorter. */
export const SILENT = { belowDb: -60, forMs: 20 } as const

/** Each order is reported once; a second one starts anew. */
export type AudibleOrder = { kind: 'await_audible' } | { kind: 'await_silent' }

/** `frame` of the context: the first sample of the first audible or silent block. */
export type AudibleReport = { kind: 'audible'; frame: number } | { kind: 'silent'; frame: number }

export type AudibleDetectorCore = {
  order: (order: AudibleOrder) => void
  /** Takes one block on its way to the speaker. An empty block, of an unconnected input, is silence. */
  add: (samples: Float32Array, frame: number, blockFrames: number) => void
}

const powerOf = (db: number): number => 10 ** (db / 10)

const squaresOf = (samples: Float32Array): number => {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return sum
}

type Block = { frame: number; squares: number; frames: number }

/** @param rateHz frames per second of the context */
export const createAudibleDetectorCore = (
  rateHz: number,
  report: (report: AudibleReport) => void
): AudibleDetectorCore => {
  const audibleFrames = (AUDIBLE.forMs / 1000) * rateHz
  const silentFrames = (SILENT.forMs / 1000) * rateHz
  let isAudibleAwaited = false
  let isSilentAwaited = false
  /** The last 5 ms, rounded up to whole blocks. */
  let recent: Block[] = []
  let quietSince: number | null = null

  const lookForAnswer = () => {
    const frames = recent.reduce((sum, block) => sum + block.frames, 0)
    const squares = recent.reduce((sum, block) => sum + block.squares, 0)
    const isLoud = frames >= audibleFrames && squares / frames > powerOf(AUDIBLE.aboveDb)
    if (!isLoud) return
    // The window may begin before the answer: the answer begins with its first loud block.
    const first = recent.find((block) => block.squares / block.frames > powerOf(AUDIBLE.aboveDb))
    isAudibleAwaited = false
    report({ kind: 'audible', frame: first?.frame ?? 0 })
  }

  return {
    order: (order) => {
      switch (order.kind) {
        case 'await_audible':
          isAudibleAwaited = true
          recent = []
          return
        case 'await_silent':
          isSilentAwaited = true
          return
        default:
          order satisfies never
      }
    },
    add: (samples, frame, blockFrames) => {
      const squares = squaresOf(samples)
      const isQuiet = squares / blockFrames < powerOf(SILENT.belowDb)
      quietSince = isQuiet ? (quietSince ?? frame) : null
      if (
        isSilentAwaited &&
        quietSince !== null &&
        frame + blockFrames - quietSince >= silentFrames
      ) {
        isSilentAwaited = false
        report({ kind: 'silent', frame: quietSince })
      }
      if (!isAudibleAwaited) return
      recent.push({ frame, squares, frames: blockFrames })
      while (recent.reduce((sum, block) => sum + block.frames, -blockFrames) >= audibleFrames) {
        recent.shift()
      }
      lookForAnswer()
    }
  }
}
