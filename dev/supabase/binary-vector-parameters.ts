// A vector goes to the embedded Postgres in its binary form. Read from its digits, 1,536 numbers take it 3 ms, a tenth of
// a search: the C library that it is built with reads each in numbers of 128 bits, which WebAssembly lacks.
import type { PGlite } from '@electric-sql/pglite'

/** pgvector's own limit (`VECTOR_MAX_DIM`). */
const MOST_DIMENSIONS = 16_000
/** What `vector_recv` reads: the dimensions and a zero, 16 bits each, then every number as a float of 32 bits. */
const HEADER_BYTES = 4
const NUMBER_BYTES = 4

const numbersIn = (text: string): number[] | null => {
  try {
    const read: unknown = JSON.parse(text)
    // A number that is none as 32 bits is refused by its digits.
    const isVector = (list: unknown): list is number[] =>
      Array.isArray(list) &&
      list.every((one) => typeof one === 'number' && Number.isFinite(Math.fround(one)))
    return isVector(read) ? read : null
  } catch {
    // Postgres says what is wrong with it.
    return null
  }
}

/** The binary form of `[0.1,0.2]`; what is no vector is left as it is, to be refused as anywhere else. */
export const vectorParameter = (value: unknown): string | Uint8Array => {
  const text = String(value)
  const numbers = numbersIn(text)
  if (numbers === null || numbers.length === 0 || numbers.length > MOST_DIMENSIONS) return text
  const bytes = Buffer.alloc(HEADER_BYTES + NUMBER_BYTES * numbers.length)
  let at = bytes.writeInt16BE(numbers.length) + Int16Array.BYTES_PER_ELEMENT
  for (const number of numbers) at = bytes.writeFloatBE(number, at)
  return bytes
}

/** From now on for every statement of the session; without pgvector there is nothing to do. */
export const sendVectorsInBinary = async (sql: PGlite): Promise<void> => {
  const { rows } = await sql.query<{ oid: number }>(
    `select t.oid::integer as oid
     from pg_type t join pg_namespace n on n.oid = t.typnamespace
     where n.nspname = 'extensions' and t.typname = 'vector'`
  )
  // Bytes are sent as they are, which PGlite's type of a serializer does not tell.
  for (const { oid } of rows) Object.assign(sql.serializers, { [oid]: vectorParameter })
}
