// The token bucket of each caller.
import assert from 'node:assert/strict'
import { createRateLimit } from '../../supabase/functions/_shared/rate-limit.ts'

Deno.test('allows a burst of half a minute, then the configured rate', () => {
  let nowMs = 0
  const { take } = createRateLimit(60, () => nowMs)
  const takes = (count: number): number =>
    Array.from({ length: count }, () => take('a')).filter((wait) => wait === 0).length
  assert.equal(takes(100), 30)
  nowMs += 10_000
  assert.equal(takes(100), 10)
  nowMs += 600_000
  assert.equal(takes(100), 30)
})

Deno.test('returns enough seconds to wait', () => {
  let nowMs = 0
  const { take } = createRateLimit(6, () => nowMs)
  for (let asked = 0; asked < 3; asked += 1) take('a')
  nowMs += 3_000
  const waitSeconds = take('a')
  assert.equal(waitSeconds, 7)
  nowMs += waitSeconds * 1_000
  assert.equal(take('a'), 0)
})

Deno.test('allows one request below a rate of two a minute', () => {
  const { take } = createRateLimit(1, () => 0)
  assert.deepEqual([take('a'), take('b')], [0, 0])
  assert.ok(take('a') > 0)
})

Deno.test('limits its memory, and keeps the bucket of a busy caller', () => {
  const { take } = createRateLimit(2, () => 0)
  take('greedy')
  for (let person = 0; person < 30_000; person += 1) {
    assert.equal(take(`person ${person}`), 0)
    if (person % 1_000 === 0) assert.ok(take('greedy') > 0)
  }
})
