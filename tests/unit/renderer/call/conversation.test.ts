// The turn on a call: what is said to the model and what the screen is given, event by event.
import { describe, expect, test } from 'vitest'
import type { ClientEvent } from '../../../../src/renderer/call/client-events.ts'
import { createConversation } from '../../../../src/renderer/call/conversation.ts'
import type { TurnView } from '../../../../src/renderer/call/turn-view.ts'
import type { HintCode } from '../../../../src/renderer/turn/turn-events.ts'
import type { TurnState } from '../../../../src/renderer/turn/turn-reducer.ts'
import * as answerChecks from '../../../../src/shared/answer-check.ts'
import type { Bridge } from '../../../../src/shared/contract.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import type { Passage, SearchAnswer } from '../../../../src/shared/handbook.ts'
import { turnTimingSchema } from '../../../../src/shared/turn-timing.ts'

const passage = (slug: string, title: string, text: string, needsManager = false): Passage => ({
  slug,
  title,
  heading: '',
  language: 'en',
  anchor: '',
  text,
  needsManager
})
const COOKED = passage('cooking', 'Cooking temperatures', 'Chicken: 165.')
const found = (...passages: Passage[]): SearchAnswer => ({
  found: passages.length > 0,
  passages,
  nearest: [],
  named: passages.length,
  method: 'hybrid'
})
const CHICKEN = found(COOKED)
const cited = ({ heading: _heading, text: _text, ...citation }: Passage) => ({
  ...citation,
  hasUnverifiedQuote: false
})
const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

const setUp = (
  search: (name: string) => ReturnType<Bridge['call']> = async () => ok(CHICKEN) as never
) => {
  const sent: ClientEvent[] = []
  const logged: string[] = []
  const hints: HintCode[] = []
  const searches: unknown[] = []
  const timers = new Map<() => void, number>()
  const world: string[] = []
  const recordings = new Map<number, Int16Array<ArrayBuffer>>()
  const recorded: unknown[] = []
  let nowMs = 0
  let shown: { turn: TurnState; view: TurnView } | null = null
  let ids = 0
  const quietAsked: [number, number][] = []
  let sayQuiet: (isQuiet: boolean) => void = () => {}
  const conversation = createConversation(
    {
      bridge: {
        call: ((name: string, input: unknown) => {
          if (name === 'turns.record') {
            recorded.push(input)
            return Promise.resolve(ok({}))
          }
          if (name.startsWith('handbook.')) searches.push([name, input])
          return search(name)
        }) as Bridge['call'],
        on: () => () => {}
      },
      path: () => 'webrtc',
      wakeCall: () => world.push('call woken'),
      replaceCall: (reason) => world.push(`call suspected: ${reason}`),
      inputSettings: () => ({ modelNoiseReduction: 'far', handsFree: false }),
      onQuestionSent: () => world.push('answer expected'),
      recorder: {
        start: (id) =>
          recordings.set(
            id,
            Int16Array.from({ length: 12_000 }, () => id)
          ),
        stop: async () => {},
        silenceAt: (id, atMs) => {
          quietAsked.push([id, atMs])
          return new Promise((resolve) => {
            sayQuiet = resolve
          })
        },
        read: (id) => recordings.get(id) ?? null,
        drop: (id) => recordings.delete(id)
      },
      wallClock: () => 1_700_000_000_000 + nowMs,
      send: (event) => {
        sent.push(event)
        world.push(event.type)
        return true
      },
      gate: { open: () => world.push('gate opened'), close: () => world.push('gate closed') },
      speaker: { cut: () => world.push('cut'), restore: () => world.push('restored') },
      loadChecks: async () => answerChecks,
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
    { tailMs: 200, talkMode: 'hold' }
  )
  conversation.opened({ replay: false })
  conversation.dispatch({ type: 'microphone', available: true })
  return {
    conversation,
    sent,
    world,
    hints,
    logged,
    searches,
    recorded,
    quietAsked,
    sayQuiet: (isQuiet: boolean) => sayQuiet(isQuiet),
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
  kiosk.conversation.dispatch({ type: 'release', source: 'key', atMs: 1_000 })
  kiosk.pass(200)
  kiosk.receive('input_audio_buffer.committed', { item_id: 'q1', previous_item_id: null })
}
const ASKED = {
  question: 'yo how hot is chicken',
  restated: 'How hot must chicken be?',
  sections: ['cooking']
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
        arguments: JSON.stringify(ASKED)
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

test('a question that was damaged on its way is taken out and asked from its recording, and shown once', async () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 0 })
  kiosk.conversation.dispatch({ type: 'release', source: 'key', atMs: 1_000 })
  kiosk.pass(200)
  kiosk.conversation.dispatch({ type: 'audio_lost', turnId: 1 })
  kiosk.receive('input_audio_buffer.committed', { item_id: 'q1', previous_item_id: null })
  await settle()
  expect(kiosk.of('response.create')).toEqual([])
  kiosk.receive('conversation.item.input_audio_transcription.completed', {
    item_id: 'q1',
    transcript: 'How bees?'
  })
  kiosk.receive('input_audio_buffer.committed', { item_id: 'q2', previous_item_id: null })
  kiosk.receive('conversation.item.input_audio_transcription.completed', {
    item_id: 'q2',
    transcript: 'How hot does chicken have to be?'
  })
  expect(kiosk.view()).toMatchObject({ transcript: 'How hot does chicken have to be?' })
  expect(kiosk.world.filter((what) => what !== 'input_audio_buffer.append')).toEqual([
    'restored',
    'gate opened',
    'gate closed',
    'answer expected',
    'input_audio_buffer.commit',
    'conversation.item.delete',
    'input_audio_buffer.clear',
    'answer expected',
    'input_audio_buffer.commit',
    'response.create'
  ])
})

test('a spoken question is searched, answered, cited and ended, each thing once', async () => {
  const kiosk = setUp()
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  expect(kiosk.searches).toEqual([
    ['handbook.search', { questionId: expect.any(String), language: 'en', ...ASKED }]
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
    transcript: 'How hot does chicken have to be?',
    answer: 'To 165.',
    found: true,
    outcome: 'answered',
    citations: [cited(COOKED)],
    unverified: [],
    failure: null
  })
  expect(kiosk.world).toEqual([
    'restored',
    'gate opened',
    'gate closed',
    'answer expected',
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

const refuseCommit = (kiosk: ReturnType<typeof setUp>) =>
  kiosk.receive('error', {
    error: {
      type: 'invalid_request_error',
      code: 'input_audio_buffer_commit_empty',
      message: 'buffer too small',
      event_id: 'commit-1'
    }
  })

test('a press is recorded until the clear before it is confirmed', async () => {
  const kiosk = setUp()
  const press = (atMs: number) =>
    kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs })
  const release = (atMs: number) =>
    kiosk.conversation.dispatch({ type: 'release', source: 'key', atMs })
  press(0)
  release(100)
  kiosk.pass(40)
  expect(kiosk.of('input_audio_buffer.clear')).toHaveLength(1)
  kiosk.world.length = 0
  press(1_000)
  expect(kiosk.world).not.toContain('gate opened')
  release(1_100)
  kiosk.pass(40)
  kiosk.receive('input_audio_buffer.cleared')
  press(2_000)
  expect(kiosk.world).toContain('gate opened')
})

test('an empty commit is a hint, not a failure, when the recording was no question either', async () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 0 })
  kiosk.conversation.dispatch({ type: 'release', source: 'key', atMs: 1_000 })
  kiosk.pass(200)
  refuseCommit(kiosk)
  await settle()
  expect(kiosk.of('input_audio_buffer.append').length).toBeGreaterThan(0)
  refuseCommit(kiosk)
  expect(kiosk.hints).toEqual(['nothing_heard'])
  expect(kiosk.view()).toMatchObject({ outcome: 'cancelled', failure: null })
})

test('a typed question is shown as it was typed, and its id fits the service', () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'ask', text: 'How hot?' })
  expect(kiosk.view()).toMatchObject({ id: 1, transcript: 'How hot?' })
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
  test('the answer stays on the screen, and a typed question is asked again on the next call', () => {
    const kiosk = setUp()
    kiosk.conversation.dispatch({ type: 'ask', text: 'How hot?' })
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.output_text.done', { response_id: 'r1', item_id: 'a1', text: '165.' })
    kiosk.conversation.lost()
    kiosk.conversation.opened({ replay: true })
    expect(kiosk.view()).toMatchObject({ transcript: 'How hot?', answer: '165.', outcome: null })
    expect(kiosk.of('conversation.item.create')).toHaveLength(2)
    expect(kiosk.of('response.create')).toHaveLength(2)
  })

  test('a spoken question is sent whole from its recording, cleared before and committed after', async () => {
    const kiosk = setUp()
    hold(kiosk)
    kiosk.conversation.lost()
    kiosk.sent.length = 0
    kiosk.conversation.opened({ replay: true })
    await settle()
    kiosk.receive('input_audio_buffer.committed', { item_id: 'q2', previous_item_id: null })
    const types = kiosk.sent.map(({ type }) => type)
    expect(types.at(0)).toBe('input_audio_buffer.clear')
    expect(types.at(-2)).toBe('input_audio_buffer.commit')
    expect(types.at(-1)).toBe('response.create')
    const bytes = Buffer.concat(
      kiosk.of('input_audio_buffer.append').map(({ audio }) => Buffer.from(audio, 'base64'))
    )
    expect(bytes).toHaveLength(24_000)
  })

  test('a recording that is on its way when another call comes is sent on that one only', async () => {
    const kiosk = setUp()
    hold(kiosk)
    kiosk.conversation.lost()
    kiosk.conversation.opened({ replay: true })
    kiosk.conversation.lost()
    kiosk.sent.length = 0
    kiosk.conversation.opened({ replay: true })
    await settle()
    expect(kiosk.of('input_audio_buffer.commit')).toHaveLength(1)
  })

  test('the question keeps its number: it is charged once however often it is asked', async () => {
    const kiosk = setUp()
    kiosk.conversation.dispatch({ type: 'ask', text: 'How hot?' })
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.done', call('r1', 'turn-1-1'))
    await settle()
    kiosk.conversation.lost()
    kiosk.conversation.opened({ replay: true })
    const request = kiosk.of('response.create').at(-1)?.response.metadata.request ?? ''
    kiosk.receive('response.created', created('r9', request))
    kiosk.receive('response.done', call('r9', request))
    await settle()
    const ids = kiosk.searches.map((entry) => (entry as [string, { questionId: string }])[1])
    expect(ids).toHaveLength(2)
    expect(ids[0]?.questionId).toBe(ids[1]?.questionId)
  })

  test('with no call at all the copy is asked, and what it says is shown as such', async () => {
    const kiosk = setUp(async () => ok({ ...CHICKEN, method: 'offline' }) as never)
    kiosk.conversation.lost()
    kiosk.conversation.dispatch({ type: 'ask', text: 'How hot?' })
    kiosk.pass(60_000)
    await settle()
    expect(kiosk.searches).toEqual([
      ['handbook.searchOffline', { question: 'How hot?', language: 'en' }]
    ])
    expect(kiosk.view()).toMatchObject({
      outcome: 'answered',
      offline: true,
      silent: true,
      answer: 'Chicken: 165.',
      citations: [cited(COOKED)],
      unverified: []
    })
  })
})

describe('a call that takes over', () => {
  const answered = async (kiosk: ReturnType<typeof setUp>) => {
    kiosk.conversation.dispatch({ type: 'ask', text: 'How hot?' })
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.done', call('r1', 'turn-1-1'))
    await settle()
    kiosk.receive('response.created', created('r2', 'turn-1-2'))
    kiosk.receive('response.output_text.done', { response_id: 'r2', item_id: 'a1', text: '165.' })
    kiosk.receive('response.done', {
      response: { id: 'r2', status: 'completed', metadata: { request: 'turn-1-2' }, output: [] }
    })
    expect(kiosk.view().outcome).toBe('answered')
    kiosk.conversation.lost()
    kiosk.sent.length = 0
  }

  test('is told what was asked and answered, and shows none of it again', async () => {
    const kiosk = setUp()
    await answered(kiosk)
    kiosk.conversation.opened({ replay: true })
    expect(
      kiosk
        .of('conversation.item.create')
        .map(({ item }) => (item.type === 'message' ? [item.role, item.content[0]?.text] : null))
    ).toEqual([
      ['user', 'How hot?'],
      ['assistant', '165.']
    ])
    expect(kiosk.view()).toMatchObject({ transcript: 'How hot?', answer: '165.' })
  })

  test('is told nothing when the restaurant, the language or the use limit asked for it', async () => {
    const kiosk = setUp()
    await answered(kiosk)
    kiosk.conversation.opened({ replay: false })
    kiosk.conversation.lost()
    kiosk.conversation.opened({ replay: true })
    expect(kiosk.of('conversation.item.create')).toEqual([])
  })
})

const COOLED = passage('cooling', 'Cooling', 'Cool soup to 70 °F within **2 hours**.', true)
const STORED = passage('storage', 'Storage', 'Raw chicken goes on the bottom shelf.')
const TWO_SECTIONS = found(COOKED, COOLED)

/** Asked and searched, the answer's response under way. */
const answering = async (answer: SearchAnswer = TWO_SECTIONS) => {
  const kiosk = setUp(async () => ok(answer) as never)
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  kiosk.receive('response.created', created('r2', 'turn-1-2'))
  kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
  return kiosk
}
const sayMore = (kiosk: ReturnType<typeof setUp>, delta: string) =>
  kiosk.receive('response.output_audio_transcript.delta', {
    response_id: 'r2',
    item_id: 'a1',
    delta
  })
/** The answer and, where there is one, its report in one response. */
const answeredWith = (id: string, report: unknown) => ({
  response: {
    id,
    status: 'completed',
    output: [
      { type: 'message', id: 'a1', content: [{ type: 'output_audio' }] },
      ...(report === null
        ? []
        : [
            {
              type: 'function_call',
              status: 'completed',
              name: 'report_answer',
              call_id: 'c2',
              arguments: typeof report === 'string' ? report : JSON.stringify(report)
            }
          ])
    ]
  }
})
const source = (section: string, quote: string) => ({ section, quote })
const COOLING_REPORT = {
  found: true,
  sources: [source('cooling', 'Cool soup to 70 °F within 2 hours.')]
}
const NO_REPORT = { found: false, sources: [] }
/** The words of an answer, and its report; null: it has none. */
const answered = async (words: string, report: unknown, answer: SearchAnswer = TWO_SECTIONS) => {
  const kiosk = await answering(answer)
  const awaited = kiosk.view()
  if (words !== '') sayMore(kiosk, words)
  const before = kiosk.sent.length
  kiosk.receive('response.done', answeredWith('r2', report))
  const sent = kiosk.sent.slice(before)
  const reports = kiosk.searches.slice(1).map((entry) => (entry as [string, object])[1])
  return { kiosk, awaited, sent, reports }
}
const marked = ({ answer, unverified }: TurnView) =>
  unverified.map(({ start, end }) => answer.slice(start, end))

describe('what an answer is said to be taken from', () => {
  test('is shown alone, and told to the backend, while the answer sounds', async () => {
    const { kiosk, awaited, sent, reports } = await answered('To 70 °F in two hours.', {
      found: true,
      sources: [...COOLING_REPORT.sources, source('elsewhere', 'Chicken: 165.')]
    })
    expect(awaited).toMatchObject({ verdict: 'awaited', outcome: null })
    expect(kiosk.view()).toMatchObject({
      found: true,
      verdict: 'reported',
      citations: [cited(COOLED)],
      outcome: null
    })
    expect(sent).toMatchObject([
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: 'c2', output: '{"received":true}' }
      }
    ])
    const { questionId } = kiosk.view()
    expect(reports).toEqual([
      {
        questionId,
        outcome: 'answered',
        sections: ['cooling'],
        unverifiedQuotes: 0,
        unverifiedFigures: 0
      }
    ])
    kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })
    expect(kiosk.view()).toMatchObject({ outcome: 'answered', citations: [cited(COOLED)] })
    expect(kiosk.searches).toHaveLength(2)
  })

  test.each([
    ['no section', []],
    ['a section that was not given', [source('elsewhere', 'Chicken: 165.')]]
  ])('is the best section, where the report names %s', async (_what, sources) => {
    const { kiosk, reports } = await answered('To 165.', { found: true, sources })
    expect(kiosk.view()).toMatchObject({ verdict: 'reported', citations: [cited(COOKED)] })
    expect(reports).toMatchObject([{ outcome: 'answered', sections: [] }])
  })

  test('is nothing, when the model says that the handbook does not say it: the sections that it read are nearest', async () => {
    const { kiosk, reports } = await answered('It does not say.', {
      found: false,
      sources: [source('cooking', 'Chicken: 165.')]
    })
    expect(kiosk.view()).toMatchObject({
      found: false,
      citations: [],
      nearest: [{ slug: 'cooking' }, { slug: 'cooling' }]
    })
    expect(reports).toMatchObject([{ outcome: 'not_found', sections: [], unverifiedQuotes: 0 }])
    kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })
    expect(kiosk.view()).toMatchObject({ outcome: 'not_found', citations: [] })
  })

  test.each([null, '{"found":'])(
    'is the best section without a report, which is told as missing (%s)',
    async (report) => {
      const { kiosk, reports } = await answered('To 165, in 3 hours.', report)
      expect(kiosk.view()).toMatchObject({
        found: true,
        verdict: 'searched',
        citations: [cited(COOKED)]
      })
      expect(reports).toMatchObject([
        { outcome: 'missing', sections: [], unverifiedQuotes: 0, unverifiedFigures: 1 }
      ])
      kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })
      expect(kiosk.searches).toHaveLength(2)
    }
  )

  test('is not told as missing where nothing was said, or nothing was found', async () => {
    expect((await answered('', null)).reports).toEqual([])
    expect((await answered('It does not say.', null, found())).reports).toEqual([])
  })

  test('is not told as missing where a press ended the answer before its last word', async () => {
    const kiosk = await answering()
    sayMore(kiosk, 'To 165')
    kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 9_000 })
    expect(kiosk.searches).toHaveLength(1)
  })

  test('is told with the words that come after it', async () => {
    const kiosk = await answering()
    const silent = answeredWith('r2', COOLING_REPORT)
    silent.response.output.shift()
    kiosk.receive('response.done', silent)
    expect(kiosk.searches).toHaveLength(1)
    kiosk.receive('response.created', created('r3', 'turn-1-3'))
    kiosk.receive('response.output_audio_transcript.delta', {
      response_id: 'r3',
      item_id: 'a3',
      delta: 'In nine hours.'
    })
    kiosk.receive('response.done', spoken('r3'))
    expect(kiosk.searches[1]).toMatchObject([
      'handbook.reportAnswer',
      { outcome: 'answered', unverifiedFigures: 1 }
    ])
  })

  test('is told although a press ends the turn before those words', async () => {
    const kiosk = await answering()
    const silent = answeredWith('r2', NO_REPORT)
    silent.response.output.shift()
    kiosk.receive('response.done', silent)
    kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 9_000 })
    expect(kiosk.searches[1]).toMatchObject(['handbook.reportAnswer', { outcome: 'not_found' }])
  })

  test('is not told to a backend that has not answered the question', async () => {
    const offline: SearchAnswer = { ...TWO_SECTIONS, method: 'offline' }
    const { kiosk, awaited, reports } = await answered('In 2 hours.', COOLING_REPORT, offline)
    expect(awaited.offline).toBe(true)
    expect(kiosk.view()).toMatchObject({ citations: [cited(COOLED)] })
    expect(reports).toEqual([])
  })

  test('may be of any search for the question', async () => {
    const answers = [found(COOKED), found(COOLED, COOKED), found(STORED)]
    let searches = 0
    const kiosk = setUp(
      async (name) =>
        (name === 'handbook.search' ? ok(answers[searches++]) : ok({ isSent: true })) as never
    )
    hold(kiosk)
    for (const number of [1, 2, 3]) {
      kiosk.receive('response.created', created(`r${number}`, `turn-1-${number}`))
      kiosk.receive('response.done', call(`r${number}`, `turn-1-${number}`))
      await settle()
    }
    kiosk.receive('response.created', created('r4', 'turn-1-4'))
    const report = {
      found: true,
      sources: [source('storage', STORED.text), source('cooking', COOKED.text)]
    }
    kiosk.receive('response.done', answeredWith('r4', report))
    expect(kiosk.view().citations).toEqual([cited(STORED), cited(COOKED)])
    expect(kiosk.view().nearest.map(({ slug }) => slug)).toEqual(['cooking', 'cooling', 'storage'])
  })

  test('says that a manager confirms it, where the section is of that kind', async () => {
    const { kiosk } = await answered('In 2 hours.', COOLING_REPORT)
    expect(kiosk.view().citations).toMatchObject([{ slug: 'cooling', needsManager: true }])
  })
})

describe('a report with a quote that does not check', () => {
  test.each([
    ['that is nowhere', 'Serve the chicken rare.'],
    ['of another restaurant’s text', 'El trompo gira a 165 grados toda la noche.'],
    ['of 5,000 characters', 'Cool soup to 70 °F within 2 hours. '.repeat(143)],
    ['of nothing', '']
  ])('%s is a report, says so beside its section and is counted', async (_what, quote) => {
    const { kiosk, sent, reports } = await answered('To 165, in 2 hours.', {
      found: true,
      sources: [source('cooking', 'Chicken: 165.'), source('cooling', quote)]
    })
    expect(sent).toMatchObject([{ item: { output: '{"received":true}' } }])
    expect(kiosk.view()).toMatchObject({ found: true, verdict: 'reported' })
    expect(kiosk.view().citations).toEqual([
      cited(COOKED),
      { ...cited(COOLED), hasUnverifiedQuote: true }
    ])
    expect(reports).toMatchObject([
      { outcome: 'answered', sections: ['cooking', 'cooling'], unverifiedQuotes: 1 }
    ])
  })

  test('beside one that does is said once, and counted once', async () => {
    const { kiosk, reports } = await answered('In 2 hours.', {
      found: true,
      sources: [source('cooling', 'Within 2 hours.'), source('cooling', 'Within 3 hours.')]
    })
    expect(kiosk.view().citations).toEqual([{ ...cited(COOLED), hasUnverifiedQuote: true }])
    expect(reports).toMatchObject([{ sections: ['cooling'], unverifiedQuotes: 1 }])
  })
})

describe('a figure that stands in no passage', () => {
  test('is marked in its place, and counted', async () => {
    const { kiosk, reports } = await answered(
      'Cook it to 165, hold it at 150 °F and cool it within two hours or 4 days.',
      COOLING_REPORT
    )
    expect(marked(kiosk.view())).toEqual(['150 °F', '4 days'])
    expect(reports).toMatchObject([{ unverifiedFigures: 2 }])
    kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })
    expect(marked(kiosk.view())).toEqual(['150 °F', '4 days'])
  })

  test('is marked although the person asked with it', async () => {
    const kiosk = await answering()
    kiosk.receive('conversation.item.input_audio_transcription.completed', {
      item_id: 'q1',
      transcript: 'Is chicken done at 300?'
    })
    sayMore(kiosk, 'At 300 it is done.')
    kiosk.receive('response.done', answeredWith('r2', null))
    expect(marked(kiosk.view())).toEqual(['300'])
  })

  test('is marked where nothing was found', async () => {
    const { kiosk } = await answered('It is 165 °F, I think.', NO_REPORT, found())
    expect(marked(kiosk.view())).toEqual(['165 °F'])
  })

  test('at the end of what has been said so far is not marked yet', async () => {
    const kiosk = await answering()
    sayMore(kiosk, 'Cook it to 1')
    expect(marked(kiosk.view())).toEqual([])
    sayMore(kiosk, '50 degrees. Then')
    expect(marked(kiosk.view())).toEqual(['150 degrees'])
  })

  test('is not looked for in words before the search', () => {
    const kiosk = setUp()
    hold(kiosk)
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.output_audio_transcript.delta', {
      response_id: 'r1',
      item_id: 'a0',
      delta: 'Give me 5 seconds. I look it up. '
    })
    expect(kiosk.view()).toMatchObject({
      answer: 'Give me 5 seconds. I look it up.',
      unverified: []
    })
  })

  test('is gone with the next question', async () => {
    const { kiosk } = await answered('150 °F.', COOLING_REPORT)
    kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 9_000 })
    expect(kiosk.view()).toMatchObject({ unverified: [], citations: [], nearest: [] })
  })
})

test('a question that the search does not find has the sections that it names as nearest', async () => {
  const near = { slug: 'thawing', title: 'Thawing', language: 'en', anchor: 'sink' } as const
  const { kiosk } = await answered('It does not say.', NO_REPORT, { ...found(), nearest: [near] })
  expect(kiosk.view()).toMatchObject({ found: false, citations: [], nearest: [near] })
})

test('the copy is asked with the person’s words, and with the restatement where those find nothing', async () => {
  const asked: unknown[] = []
  const kiosk = setUp(async (name) => {
    if (name === 'handbook.search') return failed('search_timeout', 'late') as never
    asked.push(name)
    return ok(asked.length === 1 ? found() : { ...CHICKEN, method: 'offline' }) as never
  })
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  expect(kiosk.searches.slice(1)).toEqual([
    ['handbook.searchOffline', { question: ASKED.question, language: 'en' }],
    ['handbook.searchOffline', { question: ASKED.restated, language: 'en' }]
  ])
  expect(kiosk.view()).toMatchObject({ found: true, offline: true })
})

test.each([
  ['a search with nothing in it', {}],
  ['a search that is cut short', '{"question":"chick']
])('%s is refused, and nothing is searched', async (_what, argumentsOf) => {
  const kiosk = setUp()
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  const bad = call('r1', 'turn-1-1')
  for (const item of bad.response.output) {
    item.arguments = typeof argumentsOf === 'string' ? argumentsOf : JSON.stringify(argumentsOf)
  }
  kiosk.receive('response.done', bad)
  await settle()
  expect(kiosk.searches).toEqual([])
  expect(JSON.stringify(kiosk.of('conversation.item.create'))).toContain('bad_request')
})

test('a search that nobody answers is answered by the copy, and the model is given that', async () => {
  const kiosk = setUp(
    async (name) =>
      (name === 'handbook.search'
        ? failed('search_timeout', 'late')
        : ok({ ...CHICKEN, method: 'offline' })) as never
  )
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  expect(JSON.stringify(kiosk.of('conversation.item.create'))).toContain('Chicken: 165.')
  expect(kiosk.view()).toMatchObject({
    found: true,
    offline: true,
    silent: false,
    failure: null,
    questionId: null
  })
})

describe('what can be rated', () => {
  /** Asked, searched and answered aloud, the first sound 700 ms after the release. */
  const answered = async (kiosk: ReturnType<typeof setUp>) => {
    hold(kiosk)
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.done', call('r1', 'turn-1-1'))
    await settle()
    kiosk.receive('response.created', created('r2', 'turn-1-2'))
    kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
    kiosk.conversation.mark('audible', 1_700)
    kiosk.receive('response.done', spoken('r2'))
    kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })
  }

  test.each([
    ['answered', CHICKEN],
    ['not_found', found()]
  ] as const)('is a question that was %s, under the id of its search', async (outcome, answer) => {
    const kiosk = setUp(async () => ok(answer) as never)
    await answered(kiosk)
    const [searched] = kiosk.searches as [string, { questionId: string }][]
    expect(kiosk.view()).toMatchObject({
      outcome,
      questionId: searched?.[1].questionId,
      timeToFirstAudioMs: 700
    })
  })

  test('is gone with the next press', async () => {
    const kiosk = setUp()
    await answered(kiosk)
    kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 9_000 })
    expect(kiosk.view()).toMatchObject({ questionId: null, timeToFirstAudioMs: null })
  })

  test('has no time to its first sound when nobody let go of anything', async () => {
    const kiosk = setUp()
    kiosk.conversation.dispatch({ type: 'ask', text: 'How hot?' })
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.done', call('r1', 'turn-1-1'))
    await settle()
    kiosk.receive('response.created', created('r2', 'turn-1-2'))
    kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
    kiosk.conversation.mark('audible', 500)
    kiosk.receive('response.done', spoken('r2'))
    kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })
    expect(kiosk.view()).toMatchObject({
      outcome: 'answered',
      questionId: expect.any(String),
      timeToFirstAudioMs: null
    })
  })
})

test('a refusal is not answered by the copy', async () => {
  const kiosk = setUp(async () => failed('limit_exceeded', 'no more today') as never)
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  expect(kiosk.searches.map((entry) => (entry as [string, unknown])[0])).toEqual([
    'handbook.search'
  ])
})

test('a session that has expired is another call’s to go on with', () => {
  const kiosk = setUp()
  kiosk.receive('error', {
    error: { type: 'invalid_request_error', code: 'session_expired', message: 'over' }
  })
  expect(kiosk.world).toContain('call suspected: session_expired')
})

test('each turn leaves its moments, in their order, and no words', async () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 0 })
  kiosk.pass(1_000)
  kiosk.conversation.dispatch({ type: 'release', source: 'key', atMs: 1_000 })
  kiosk.pass(200)
  kiosk.receive('input_audio_buffer.committed', { item_id: 'q1', previous_item_id: null })
  kiosk.pass(10)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  await settle()
  kiosk.receive('response.created', created('r2', 'turn-1-2'))
  kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
  kiosk.conversation.mark('audible', 1_300)
  kiosk.receive('response.done', { response: { ...spoken('r2').response } })
  kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })

  expect(kiosk.recorded).toHaveLength(1)
  expect(turnTimingSchema.parse(kiosk.recorded[0])).toMatchObject({
    turnId: 1,
    kind: 'spoken',
    carrier: 'live',
    path: 'webrtc',
    outcome: 'answered',
    asks: 1,
    tailMs: 200,
    marks: { press: 0, release: 1_000, commit: 1_200, committed: 1_200, audible: 1_300 }
  })
  expect(JSON.stringify(kiosk.recorded)).not.toMatch(/hot|chicken/i)
})

test('a question that is let go in silence is committed before its tail is over, and timed with the tail it had', async () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 0 })
  kiosk.pass(1_000)
  kiosk.conversation.dispatch({ type: 'release', source: 'key', atMs: 1_000 })
  expect(kiosk.quietAsked).toEqual([[1, 1_000]])
  kiosk.pass(55)
  kiosk.sayQuiet(true)
  await settle()
  expect(kiosk.of('input_audio_buffer.commit')).toEqual([])
  kiosk.pass(0)
  expect(kiosk.of('input_audio_buffer.commit')).toHaveLength(1)
  kiosk.receive('input_audio_buffer.committed', { item_id: 'q1', previous_item_id: null })
  kiosk.conversation.dispatch({ type: 'abandon' })
  expect(turnTimingSchema.parse(kiosk.recorded[0])).toMatchObject({
    tailMs: 55,
    marks: { release: 1_000, commit: 1_055 }
  })
})

test('a question in which nobody is known to be silent has its whole tail', async () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 0 })
  kiosk.conversation.dispatch({ type: 'release', source: 'key', atMs: 1_000 })
  kiosk.sayQuiet(false)
  await settle()
  kiosk.pass(199)
  expect(kiosk.of('input_audio_buffer.commit')).toEqual([])
  kiosk.pass(1)
  expect(kiosk.of('input_audio_buffer.commit')).toHaveLength(1)
})

test('what the model still says of a turn that was cancelled is no moment of the next one', async () => {
  const kiosk = setUp()
  hold(kiosk)
  kiosk.receive('response.created', created('r1', 'turn-1-1'))
  kiosk.receive('response.done', call('r1', 'turn-1-1'))
  // Its search is still under way; the call is answered all the same when the next press comes, and so is a late one.
  kiosk.conversation.dispatch({ type: 'press', source: 'key', atMs: 2_000 })
  kiosk.receive('response.created', created('r2', 'turn-1-2'))
  kiosk.receive('response.done', call('r2', 'turn-1-2'))
  kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
  kiosk.conversation.dispatch({ type: 'release', source: 'key', atMs: 3_000 })
  kiosk.pass(200)
  await settle()
  kiosk.conversation.dispatch({ type: 'abandon' })

  expect(kiosk.of('conversation.item.create')).toHaveLength(2)
  const second = turnTimingSchema.parse(kiosk.recorded[1])
  expect(second.turnId).toBe(2)
  for (const late of ['responseCreated', 'toolCall', 'outputSent', 'audioStarted'] as const) {
    expect(second.marks[late], late).toBeUndefined()
  }
})

test("hands-free it is the model's word that somebody has stopped speaking that the answer is timed from", () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'hands_free_changed', on: true })
  kiosk.receive('input_audio_buffer.speech_started', { item_id: 'q1', audio_start_ms: 0 })
  kiosk.pass(700)
  kiosk.receive('input_audio_buffer.speech_stopped', { item_id: 'q0', audio_end_ms: 1 })
  kiosk.pass(100)
  kiosk.receive('input_audio_buffer.speech_stopped', { item_id: 'q1', audio_end_ms: 800 })
  kiosk.receive('input_audio_buffer.committed', { item_id: 'q1', previous_item_id: null })
  kiosk.conversation.mark('audible', 2_000)
  kiosk.conversation.dispatch({ type: 'abandon' })
  expect(turnTimingSchema.parse(kiosk.recorded[0])).toMatchObject({
    tailMs: 0,
    marks: { release: expect.any(Number), audible: 2_000 }
  })
  const { release } = turnTimingSchema.parse(kiosk.recorded[0]).marks
  expect(release).toBe(800)
})

test('hands-free the answer is listened for from the moment the service says that it was asked', () => {
  const kiosk = setUp()
  kiosk.conversation.dispatch({ type: 'hands_free_changed', on: true })
  kiosk.receive('input_audio_buffer.speech_started', { item_id: 'q1', audio_start_ms: 0 })
  expect(kiosk.world).not.toContain('answer expected')
  kiosk.receive('input_audio_buffer.committed', { item_id: 'q1', previous_item_id: null })
  expect(kiosk.world.filter((said) => said === 'answer expected')).toHaveLength(1)
  kiosk.conversation.mark('audible', 900)
  kiosk.conversation.dispatch({ type: 'abandon' })
  expect(turnTimingSchema.parse(kiosk.recorded[0]).marks.audible).toBe(900)
})
