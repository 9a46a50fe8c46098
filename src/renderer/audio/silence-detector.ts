// Detects the end of speech from the microphone's level, so that a tail can end early. A kitchen is loud: it
// reports silence only where speech stood out from the noise.

const FRAME_MS = 10
/** Long enough for even noise, short enough for a gap within a word. */
const SMOOTHED_FRAMES = 3
/** The noise floor is the quietest moment of about the last five seconds, in parts that expire one by one. */
const PART_FRAMES = 50
const PARTS = 10
/** A floor that is one second old can be one vowel. */
const KNOWN_AFTER_PARTS = 2
/** Speech is this much louder than the floor, for this long in the hold: a falling pan is shorter. */
const SPEECH = { aboveFloorDb: 15, frames: 10 } as const
/** Silence begins below the first and ends above the second. */
const QUIET = { belowDb: 5, endsAboveDb: 8 } as const
/** No syllable is below this: a microphone's own hiss is above it. */
const SILENCE_DB = -70

const FULL_SCALE = 32_767

export type SilenceDetector = {
  add: (samples: Int16Array) => void
  /** A hold begins: its speech is judged from here on. */
  begin: () => void
  /** Length of the silence so far; 0 during speech, or where speech does not stand out from noise. */
  silenceMs: () => number
  /** Another microphone: forgets the noise floor. */
  forget: () => void
}

const dbOf = (power: number): number => 10 * Math.log10(power + Number.EPSILON)

/** @param rateHz samples per second */
export const createSilenceDetector = (rateHz: number): SilenceDetector => {
  const frameSamples = Math.round((rateHz * FRAME_MS) / 1000)
  let squares = 0
  let filled = 0
  /** Mean squares of the last frames. */
  let recent: number[] = []
  /** The quietest level of each part; the last part is still growing. */
  let parts: number[] = []
  let framesInPart = 0
  /** The floor does not rise during a hold: a long vowel is not noise. */
  let holdFloorDb = Number.POSITIVE_INFINITY
  let speechFrames = 0
  let quietFrames = 0

  const floorDb = (): number => Math.max(SILENCE_DB, Math.min(holdFloorDb, ...parts))

  const learn = (levelDb: number) => {
    if (framesInPart % PART_FRAMES === 0) {
      parts.push(Number.POSITIVE_INFINITY)
      if (parts.length > PARTS) parts.shift()
    }
    framesInPart += 1
    const last = parts.length - 1
    parts[last] = Math.min(parts[last] ?? levelDb, levelDb)
    holdFloorDb = Math.min(holdFloorDb, levelDb)
  }
  const judge = (levelDb: number) => {
    const aboveFloorDb = levelDb - floorDb()
    if (aboveFloorDb > SPEECH.aboveFloorDb) speechFrames += 1
    const isKnown = parts.length > KNOWN_AFTER_PARTS && speechFrames >= SPEECH.frames
    const isQuiet =
      levelDb < SILENCE_DB ||
      (isKnown && aboveFloorDb < (quietFrames > 0 ? QUIET.endsAboveDb : QUIET.belowDb))
    quietFrames = isQuiet ? quietFrames + 1 : 0
  }
  const frameOver = () => {
    recent.push(squares / frameSamples)
    if (recent.length > SMOOTHED_FRAMES) recent.shift()
    squares = 0
    filled = 0
    const levelDb = dbOf(recent.reduce((sum, power) => sum + power, 0) / recent.length)
    learn(levelDb)
    judge(levelDb)
  }

  return {
    add: (samples) => {
      for (let at = 0; at < samples.length; at++) {
        const share = (samples[at] ?? 0) / FULL_SCALE
        squares += share * share
        filled += 1
        if (filled === frameSamples) frameOver()
      }
    },
    begin: () => {
      holdFloorDb = Math.min(...parts)
      speechFrames = 0
      quietFrames = 0
    },
    silenceMs: () => quietFrames * FRAME_MS,
    forget: () => {
      squares = 0
      filled = 0
      recent = []
      parts = []
      framesInPart = 0
      holdFloorDb = Number.POSITIVE_INFINITY
      speechFrames = 0
      quietFrames = 0
    }
  }
}
