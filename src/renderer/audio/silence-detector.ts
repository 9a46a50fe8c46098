// Whether nobody speaks any more, from the microphone's level alone: for a tail that need not wait for a word that
// nobody is saying. A kitchen is loud, so it says so only where speech stood out from the noise.

/** Level is judged this often. */
const FRAME_MS = 10
/** Over so many frames: long enough that noise is even, short enough that a gap within a word is seen as one. */
const SMOOTHED_FRAMES = 3
/** The noise is the quietest moment of about the last five seconds, in parts that are forgotten one by one. */
const PART_FRAMES = 50
const PARTS = 10
/** Heard before it is judged: a floor that is a second old can be one vowel. */
const KNOWN_AFTER_PARTS = 2
/** Speech that is told from noise is this much louder, for this long in the hold: a pan that falls is no speech. */
const SPEECH = { aboveFloorDb: 15, frames: 10 } as const
/** Quiet begins below the one and ends above the other; in between it stays what it was. */
const QUIET = { belowDb: 5, endsAboveDb: 8 } as const
/** No syllable is below this, whatever the noise: a microphone's own hiss is above it. */
const SILENCE_DB = -70

const FULL_SCALE = 32_767

export type SilenceDetector = {
  heard: (samples: Int16Array) => void
  /** Somebody begins to speak: whether speech stands out is judged from here on. */
  begin: () => void
  /** For how long nobody has spoken; 0 while somebody does, or when it cannot be told. */
  silenceMs: () => number
  /** Another microphone, another room. */
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
  /** The quietest level of each part, the newest last; the last one is not over. */
  let parts: number[] = []
  let framesInPart = 0
  /** In a hold the floor never rises: a long vowel is no noise. */
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
    heard: (samples) => {
      for (const sample of samples) {
        squares += (sample / FULL_SCALE) ** 2
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
