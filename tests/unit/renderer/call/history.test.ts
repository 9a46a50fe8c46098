// Replays exchanges on a new call.
import { expect, test } from 'vitest'
import {
  addExchange,
  REPLAYED_EXCHANGES,
  replayItems
} from '../../../../src/renderer/call/history.ts'

test('replays exchanges as text, oldest first', () => {
  let ids = 0
  const history = [1, 2].reduce(
    (known, n) => addExchange(known, { transcript: `q${n}`, answer: `a${n}` }),
    addExchange([], { transcript: 'q0', answer: 'a0' })
  )

  const items = replayItems(history, () => `${++ids}-long-enough`)

  expect(
    items.map((item) => (item.type === 'message' ? [item.role, item.content[0]?.text] : item))
  ).toEqual([
    ['user', 'q0'],
    ['assistant', 'a0'],
    ['user', 'q1'],
    ['assistant', 'a1'],
    ['user', 'q2'],
    ['assistant', 'a2']
  ])
  expect(new Set(items.map((item) => ('id' in item ? item.id : ''))).size).toBe(6)
})

test('limits the exchanges, and drops one without words', () => {
  let history = addExchange([], { transcript: '', answer: 'a' })
  expect(history).toEqual([])
  for (let n = 0; n < 20; n += 1)
    history = addExchange(history, { transcript: `q${n}`, answer: `a${n}` })
  expect(history).toHaveLength(REPLAYED_EXCHANGES)
  expect(history.at(-1)).toEqual({ transcript: 'q19', answer: 'a19' })
})
