// The turn on a call: what is said to the model and what the screen is given, event by event.
import { describe, expect, test } from 'vitest'
import type { ClientEvent } from '../../../../src/renderer/call/client-events.ts'
import { createConversation, type TurnView } from '../../../../src/renderer/call/conversation.ts'
import { phaseOf } from '../../../../src/renderer/kiosk-state.ts'
import type { HintCode, TurnState } from '../../../../src/renderer/turn/turn.ts'
import type { Bridge } from '../../../../src/shared/contract.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import type { SearchAnswer } from '../../../../src/shared/handbook.ts'

const CHICKEN: SearchAnswer = {
  found: true,
  passages: [
    {
      slug: 'cooking',
      title: 'Cooking temperatures',
      heading: '',
      language: 'en',
      text: 'Chicken: 165.'
    }
  ],
  citations: [{ slug: 'cooking', title: 'Cooking temperatures', language: 'en' }],
  method: 'hybrid'
}
const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

const setUp = (search: () => ReturnType<Bridge['call']> = async () => ok(CHICKEN) as never) => {
  const sent: ClientEvent[] = []
  const logged: string[] = []
  const hints: HintCode[] = []
  const searches: unknown[] = []
  const timers = new Map<() => void, number>()
  const world: string[] = []
  let nowMs = 0
  let shown: { turn: TurnState; view: TurnView } | null = null
  let ids = 0
  const conversation = createConversation(
    {
      bridge: {
        call: ((name: string, input: unknown) => {
          if (name === 'handbook.search') searches.push(input)
          return search()
        }) as Bridge['call'],
        on: () => () => {}
      },
      send: (event) => {
        sent.push(event)
        world.push(event.type)
        return true
      },
      gate: { open: () => world.push('gate opened'), close: () => world.push('gate closed') },
      speaker: { cut: () => world.push('cut'), restore: () => world.push('restored') },
      language: () => 'en',
      newId: () => `00000000-0000-4000-8000-00000000000${++ids}`,
      now: () => nowMs,
      schedule: (run, ms) => {
        timers.set(run, nowMs + ms)
        return () => timers.delete(run)
      },
      onChange: (turn, view) => {
        shown = { turn, view }
      },
      onHint: (hint) => hints.push(hint),
      log: (_level, event) => logged.push(event)
    },
    200
  )
  conversation.opened()
  conversation.dispatch({ type: 'microphone', available: true })
  return {
    conversation,
    sent,
    world,
    hints,
    logged,
    searches,
    view: (): TurnView => {
      if (shown === null) throw new Error('nothing shown')
      return shown.view
    },
    receive: (type: string, fields: object = {}) =>
      conversation.receive(JSON.stringify({ type, event_id: 'e', ...fields })),
    pass: (ms: number) => {
      nowMs += ms
      for (const [run, atMs] of [...timers]) {
        if (atMs > nowMs || !timers.delete(run)) continue
        run()
      }
    },
    of: <T extends ClientEvent['type']>(type: T) =>
      sent.filter((event): event is Extract<ClientEvent, { type: T }> => event.type === type)
  }
}

const hold = (kiosk: ReturnType<typeof setUp>) => {
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 0 })
  kiosk.conversation.dispatch({ type: 'release', atMs: 1_000 })
  kiosk.pass(200)
  kiosk.receive('input_audio_buffer.committed', { item_id: 'q1', previous_item_id: null })
}
const call = (id: string, request: string, status = 'completed') => ({
  response: {
    id,
    status: 'completed',
    metadata: { request },
    output: [
      {
        type: 'function_call',
        status,
        name: 'search_handbook',
        call_id: 'c1',
        arguments: '{"query":"chicken"}'
      }
    ]
  }
})
const created = (id: string, request: string) => ({
  response: { id, status: 'in_progress', metadata: { request }, output: [] }
})
const spoken = (id: string) => ({
  response: {
    id,
    status: 'completed',
    output: [{ type: 'message', id: 'a1', content: [{ type: 'output_audio' }] }]
  }
})

test('a spoken question is searched, answered, cited and ended, each thing once', async () => {
  const kiosk = setUp()
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  expect(kiosk.searches).toEqual([
    { questionId: expect.any(String), query: 'chicken', language: 'en' }
  ])
  kiosk.receive('response.created', created('r2', 'turn-1-2'))
  kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
  kiosk.receive('response.output_audio_transcript.delta', {
    response_id: 'r2',
    item_id: 'a1',
    delta: 'To 165.'
  })
  // The person's own words come last, as they often do.
  kiosk.receive('conversation.item.input_audio_transcription.completed', {
    item_id: 'q1',
    transcript: 'How hot does chicken have to be?'
  })
  kiosk.receive('response.done', spoken('r2'))
  kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })

  expect(kiosk.view()).toMatchObject({
    id: 1,
    heard: 'How hot does chicken have to be?',
    answer: 'To 165.',
    found: true,
    outcome: 'answered',
    citations: CHICKEN.citations,
    failure: null
  })
  expect(kiosk.world).toEqual([
    'restored',
    'input_audio_buffer.clear',
    'gate opened',
    'gate closed',
    'input_audio_buffer.commit',
    'response.create',
    'conversation.item.create',
    'response.create',
    'restored'
  ])
  expect(kiosk.of('response.create').map(({ response }) => response.tool_choice)).toEqual([
    { type: 'function', name: 'search_handbook' },
    'auto'
  ])
  expect(kiosk.logged).toContain('turn.ended')
})

test('the passages reach the model as the output of its call', async () => {
  const kiosk = setUp()
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  const [output] = kiosk.of('conversation.item.create')
  expect(output?.item).toMatchObject({ type: 'function_call_output', call_id: 'c1' })
  expect(JSON.stringify(output)).toContain('Chicken: 165.')
})

test('a tool call that was interrupted is not carried out', async () => {
  const kiosk = setUp()
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1', 'incomplete'))
  await settle()
  expect(kiosk.searches).toEqual([])
})

test('a search that fails is told to the model, and its code is the failure of the turn', async () => {
  const kiosk = setUp(async () => failed('limit_exceeded', 'no more today') as never)
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  expect(JSON.stringify(kiosk.of('conversation.item.create'))).toContain('limit_exceeded')
  kiosk.receive('response.created', created('r2', 'turn-1-2'))
  kiosk.receive('response.done', { response: { id: 'r2', status: 'completed', output: [] } })
  expect(kiosk.view()).toMatchObject({
    outcome: 'failed',
    found: null,
    failure: { code: 'limit_exceeded' }
  })
})

test('a search that comes back after a new press changes nothing', async () => {
  const answers: ((value: unknown) => void)[] = []
  const kiosk = setUp(() => new Promise((resolve) => answers.push(resolve)) as never)
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 5_000 })
  const before = kiosk.sent.length
  for (const answer of answers) answer(ok(CHICKEN))
  await settle()
  expect(kiosk.sent).toHaveLength(before)
  expect(kiosk.view()).toMatchObject({ id: 2, found: null, citations: [] })
})

test('a malformed event is logged and the turn goes on', async () => {
  const kiosk = setUp()
  hold(kiosk)
  kiosk.conversation.receive('{"type":"response.created","response":7}')
  kiosk.conversation.receive('not JSON at all')
  expect(kiosk.logged.filter((event) => event === 'call.malformedEvent')).toHaveLength(2)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  expect(kiosk.searches).toHaveLength(1)
})

test('an empty commit is a hint, not a failure', () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 0 })
  kiosk.conversation.dispatch({ type: 'release', atMs: 1_000 })
  kiosk.pass(200)
  kiosk.receive('error', {
    error: {
      type: 'invalid_request_error',
      code: 'input_audio_buffer_commit_empty',
      message: 'buffer too small',
      event_id: 'commit-1'
    }
  })
  expect(kiosk.hints).toEqual(['nothing_heard'])
  expect(kiosk.view()).toMatchObject({ outcome: 'cancelled', failure: null })
})

test('a typed question is shown as it was typed, and its id fits the service', () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'ask', text: 'How hot?' })
  expect(kiosk.view()).toMatchObject({ id: 1, heard: 'How hot?' })
  const [item] = kiosk.of('conversation.item.create')
  expect(item?.item).toMatchObject({
    role: 'user',
    content: [{ type: 'input_text', text: 'How hot?' }]
  })
  expect(item !== undefined && 'id' in item.item && item.item.id.length).toBeLessThanOrEqual(32)
})

test('a second typed question waits for the first response to be gone before it asks for its own', () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'ask', text: 'One?' })
  kiosk.conversation.dispatch({ type: 'ask', text: 'Two?' })
  expect(kiosk.of('response.create')).toHaveLength(1)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  expect(kiosk.of('response.cancel')).toMatchObject([{ response_id: 'r1' }])
  kiosk.receive('response.done', { response: { id: 'r1', status: 'cancelled', output: [] } })
  expect(kiosk.of('response.create').map(({ event_id }) => event_id)).toEqual([
    'turn-1-1',
    'turn-2-1'
  ])
})

describe('after the call was lost', () => {
  test('the answer stays on the screen while a new call is opened', () => {
    const kiosk = setUp()
    kiosk.conversation.dispatch({ type: 'ask', text: 'How hot?' })
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.output_text.done', { response_id: 'r1', item_id: 'a1', text: '165.' })
    kiosk.conversation.lost()
    kiosk.conversation.opened()
    expect(kiosk.view()).toMatchObject({ heard: 'How hot?', answer: '165.', outcome: 'failed' })
  })

  test('the kiosk is disconnected, whatever the turn was doing', () => {
    const kiosk = setUp()
    hold(kiosk)
    kiosk.conversation.lost()
    const state = { connection: { state: 'waiting' }, turn: kiosk.conversation.state() }
    expect(phaseOf(state as never)).toBe('disconnected')
  })
})
