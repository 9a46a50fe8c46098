// Adds up what turns cost from the events of the service.
import { expect, test } from 'vitest'
import { readServerEvent } from '../../../../src/renderer/call/server-events.ts'
import { createTurnCosts } from '../../../../src/renderer/call/turn-costs.ts'
import type { TurnCost } from '../../../../src/shared/turn-cost.ts'

const setUp = () => {
  const reported: TurnCost[] = []
  const costs = createTurnCosts((cost) => reported.push(cost))
  const receive = (type: string, fields: object) => {
    const read = readServerEvent(JSON.stringify({ type, event_id: 'e', ...fields }))
    if (read.kind !== 'event') throw new Error(`${type} is ${read.kind}`)
    costs.observe(read.event)
  }
  const response = (id: string, usage?: object | null) => ({
    response: { id, status: 'completed', output: [], ...(usage === undefined ? {} : { usage }) }
  })
  return {
    ...costs,
    reported,
    created: (id: string) => receive('response.created', response(id)),
    done: (id: string, usage?: object | null) => receive('response.done', response(id, usage)),
    committed: (id: string) => receive('input_audio_buffer.committed', { item_id: id }),
    transcribed: (id: string, usage?: object) =>
      receive('conversation.item.input_audio_transcription.completed', {
        item_id: id,
        transcript: 'how hot',
        ...(usage === undefined ? {} : { usage })
      })
  }
}

const USAGE = {
  total_tokens: 5_450,
  input_tokens: 5_260,
  output_tokens: 330,
  input_token_details: {
    text_tokens: 5_200,
    audio_tokens: 60,
    image_tokens: 0,
    cached_tokens: 4_800,
    cached_tokens_details: { text_tokens: 4_790, audio_tokens: 10, image_tokens: 0 }
  },
  output_token_details: { text_tokens: 90, audio_tokens: 240 }
}
const TOKENS = {
  textInput: 5_200,
  textCached: 4_790,
  textOutput: 90,
  audioInput: 60,
  audioCached: 10,
  audioOutput: 240
}
const twice = Object.fromEntries(Object.entries(TOKENS).map(([kind, count]) => [kind, 2 * count]))

test('reports the sum of the responses and the transcription once, when the turn ends', () => {
  const kiosk = setUp()
  kiosk.turnStarted('q1')
  kiosk.committed('item-1')
  kiosk.created('r1')
  kiosk.transcribed('item-1', { type: 'duration', seconds: 2.2 })
  kiosk.done('r1', USAGE)
  kiosk.created('r2')
  kiosk.done('r2', USAGE)
  expect(kiosk.reported).toEqual([])
  kiosk.turnEnded()
  expect(kiosk.reported).toEqual([{ questionId: 'q1', ...twice, transcriptionSeconds: 3 }])
})

test('adds what arrives after the next turn began to the turn that began it', () => {
  const kiosk = setUp()
  kiosk.turnStarted('q1')
  kiosk.committed('item-1')
  kiosk.created('r1')
  kiosk.turnStarted('q2')
  kiosk.created('r2')
  kiosk.done('r1', USAGE)
  kiosk.transcribed('item-1', {
    type: 'tokens',
    input_tokens: 25,
    output_tokens: 4,
    total_tokens: 29
  })
  expect(kiosk.reported).toEqual([
    { questionId: 'q1', ...TOKENS, transcriptionSeconds: 0 },
    { questionId: 'q1', ...TOKENS, transcriptionSeconds: 3 }
  ])
  kiosk.done('r2', USAGE)
  kiosk.turnEnded()
  expect(kiosk.reported.at(-1)).toMatchObject({ questionId: 'q2', textInput: 5_200 })
})

test.each([
  ['no usage', undefined],
  ['null', null],
  ['another shape', { tokens: 'many' }],
  ['counts that are no counts', { input_token_details: { text_tokens: -1, audio_tokens: 'x' } }]
])('reports nothing for a response with %s', (_what, usage) => {
  const kiosk = setUp()
  kiosk.turnStarted('q1')
  kiosk.created('r1')
  kiosk.done('r1', usage)
  kiosk.transcribed('item-1')
  kiosk.turnEnded()
  expect(kiosk.reported).toEqual([])
})

test('never reports more cached tokens than came in', () => {
  const kiosk = setUp()
  kiosk.turnStarted('q1')
  kiosk.done('r1', {
    ...USAGE,
    input_token_details: {
      ...USAGE.input_token_details,
      cached_tokens_details: { text_tokens: 9_999, audio_tokens: 999 }
    }
  })
  kiosk.turnEnded()
  expect(kiosk.reported[0]).toMatchObject({ textCached: 5_200, audioCached: 60 })
})
