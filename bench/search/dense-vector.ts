// Makes vectors for the search bench, as wide and dense as those of the real model. The stand-in's vectors are mostly zeros;
// a fixed rotation fills them and keeps all angles.
import { embed } from '../../dev/openai/lexical-embeddings.ts'
import { seededRandom } from '../../dev/openai/seeded-random.ts'
import { EMBEDDING_DIMENSIONS } from '../../supabase/functions/_shared/embedding.ts'

/** A Walsh–Hadamard transform needs a power of two: three blocks make 1,536. */
const BLOCK = 512
/** A shuffle between rounds spreads each number over all blocks. */
const ROUNDS = 3
const SEED = 20_261_121

type Round = { signs: Int8Array; places: Uint16Array }

const createRounds = (): Round[] => {
  const random = seededRandom(SEED)
  return Array.from({ length: ROUNDS }, () => {
    const signs = Int8Array.from({ length: EMBEDDING_DIMENSIONS }, () => (random() < 0.5 ? -1 : 1))
    const places = Uint16Array.from({ length: EMBEDDING_DIMENSIONS }, (_, place) => place)
    for (let last = places.length - 1; last > 0; last -= 1) {
      const other = Math.floor(random() * (last + 1))
      const kept = places[last] ?? 0
      places[last] = places[other] ?? 0
      places[other] = kept
    }
    return { signs, places }
  })
}

const rounds = createRounds()

const transformBlock = (vector: Float32Array, start: number): void => {
  for (let width = 1; width < BLOCK; width *= 2) {
    for (let group = start; group < start + BLOCK; group += 2 * width) {
      for (let at = group; at < group + width; at += 1) {
        const one = vector[at] ?? 0
        const other = vector[at + width] ?? 0
        vector[at] = one + other
        vector[at + width] = one - other
      }
    }
  }
}

/** The unit vector of a text. */
export const denseVector = (text: string): Float32Array => {
  let vector = embed(text, EMBEDDING_DIMENSIONS)
  for (const { signs, places } of rounds) {
    const before = vector
    vector = Float32Array.from(places, (place) => (before[place] ?? 0) * (signs[place] ?? 1))
    for (let start = 0; start < EMBEDDING_DIMENSIONS; start += BLOCK) transformBlock(vector, start)
    const scale = 1 / Math.sqrt(BLOCK)
    for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] ?? 0) * scale
  }
  return vector
}
