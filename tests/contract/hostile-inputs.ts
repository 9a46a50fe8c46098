// Hostile inputs of calls: of the wrong type, nearly valid, too large, or crafted for prototype pollution and injection.
import fc from 'fast-check'
import type { z } from 'zod'

const huge = 'x'.repeat(70_000)

/** Includes values that structured clone rejects: a forged message may contain them. */
const anyValue = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withSparseArray: true,
    maxDepth: 3
  }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    '',
    huge,
    [],
    [[]],
    new Date(Number.NaN),
    /x/,
    new Error('x'),
    new ArrayBuffer(8),
    Symbol.iterator,
    () => 1,
    "'; drop table handbook; --",
    '<img src=x onerror=alert(1)>',
    '../../etc/passwd',
    '{{constructor.constructor("return process")()}}',
    '\u0000',
    '\ud800',
    JSON.parse('{"__proto__":{"polluted":true}}'),
    JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
    {
      get polluted() {
        return true
      }
    },
    nested(200)
  )
)

function nested(depth: number): unknown {
  let value: unknown = {}
  for (let i = 0; i < depth; i += 1) value = { value }
  return value
}

const cyclic: Record<string, unknown> = {}
cyclic.self = cyclic

/** A valid input with one field that is invalid, missing or unknown. */
const nearlyRight = (good: Record<string, unknown>): fc.Arbitrary<unknown> => {
  const names = Object.keys(good)
  const surprise = fc.record({
    key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString')),
    value: anyValue
  })
  const added = surprise.map(({ key, value }) => {
    const input = { ...good }
    Object.defineProperty(input, key, { value, enumerable: true, configurable: true })
    return input
  })
  if (names.length === 0) return added
  const spoilt = fc
    .record({ name: fc.constantFrom(...names), value: anyValue })
    .map(({ name, value }) => ({ ...good, [name]: value }))
  const missing = fc
    .constantFrom(...names)
    .map((name) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)))
  return fc.oneof(added, spoilt, missing)
}

/** Inputs that `schema` refuses: generated inputs that happen to be valid are left out. */
export const hostileInput = (
  schema: z.ZodType,
  good: Record<string, unknown>
): fc.Arbitrary<unknown> =>
  fc
    .oneof(anyValue, nearlyRight(good), fc.constant(cyclic), fc.constant([good]))
    .filter((input) => !schema.safeParse(input).success)
