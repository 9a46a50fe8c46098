// Assigns the words of a conversation to its turns.
import { expect, test } from 'vitest'
import {
  answerIn,
  type CaptionEvent,
  type Captions,
  emptyCaptions,
  reduceCaptions,
  transcriptIn
} from '../../../../src/renderer/captions/captions.ts'

const after = (...events: CaptionEvent[]): Captions => events.reduce(reduceCaptions, emptyCaptions)
const started = (turnId: number): CaptionEvent => ({ type: 'turn_started', turnId })
const named = (turnId: number, itemId: string): CaptionEvent => ({
  type: 'question_item_assigned',
  turnId,
  itemId,
  text: null
})

test('shows words before their item is assigned, and keeps them after', () => {
  const held = after(
    started(1),
    { type: 'transcript_delta', itemId: 'q1', delta: 'How hot ' },
    { type: 'transcript_delta', itemId: 'q1', delta: 'does' }
  )
  expect(transcriptIn(held, 1)).toBe('How hot does')
  const done = [
    named(1, 'q1'),
    { type: 'transcript_delta', itemId: 'q1', delta: ' chicken' } as const
  ].reduce<Captions>(reduceCaptions, held)
  expect(transcriptIn(done, 1)).toBe('How hot does chicken')
})

test('drops the words of a discarded hold', () => {
  const captions = after(
    started(1),
    { type: 'transcript_delta', itemId: 'q1', delta: 'uh' },
    { type: 'turn_discarded', turnId: 1 },
    started(2)
  )
  expect(transcriptIn(captions, 2)).toBe('')
})

test('keeps a late transcript in its own turn', () => {
  const captions = after(started(1), named(1, 'q1'), started(2), {
    type: 'transcript_completed',
    itemId: 'q1',
    text: 'First?'
  })
  expect(transcriptIn(captions, 1)).toBe('First?')
  expect(transcriptIn(captions, 2)).toBe('')
})

test('replaces deltas with the final transcript, and ignores a late delta', () => {
  const captions = after(
    started(1),
    named(1, 'q1'),
    { type: 'transcript_delta', itemId: 'q1', delta: 'How hat' },
    { type: 'transcript_completed', itemId: 'q1', text: 'How hot?' },
    { type: 'transcript_delta', itemId: 'q1', delta: ' hat' }
  )
  expect(transcriptIn(captions, 1)).toBe('How hot?')
})

test('shows the words of the last response', () => {
  const captions = after(
    started(1),
    named(1, 'q1'),
    { type: 'response_assigned', responseId: 'r1', turnId: 1 },
    { type: 'answer_delta', responseId: 'r1', itemId: 'a1', delta: 'Let me check.' },
    { type: 'response_assigned', responseId: 'r2', turnId: 1 },
    { type: 'answer_delta', responseId: 'r2', itemId: 'a2', delta: '165 ' },
    { type: 'answer_done', responseId: 'r2', itemId: 'a2', text: '165 degrees.' }
  )
  expect(answerIn(captions, 1)).toBe('165 degrees.')
})

test('hides the words of an unassigned response', () => {
  const captions = after(started(1), {
    type: 'answer_delta',
    responseId: 'ghost',
    itemId: 'a1',
    delta: 'Boo'
  })
  expect(answerIn(captions, 1)).toBe('')
})

test('stays small over a day of questions', () => {
  let captions = emptyCaptions
  for (let turnId = 1; turnId <= 500; turnId += 1) {
    captions = [
      started(turnId),
      named(turnId, `q${turnId}`),
      { type: 'response_assigned', responseId: `r${turnId}`, turnId } as const,
      {
        type: 'answer_done',
        responseId: `r${turnId}`,
        itemId: `a${turnId}`,
        text: `Answer ${turnId}`
      } as const
    ].reduce<Captions>(reduceCaptions, captions)
    expect(answerIn(captions, turnId)).toBe(`Answer ${turnId}`)
  }
  expect(captions.lines.length).toBeLessThan(40)
  expect(Object.keys(captions.responses).length).toBeLessThan(40)
})
