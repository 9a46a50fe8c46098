// The effects of a conversation: the events for the model, and what is asked of the rest of the renderer.
import { describe, expect, test } from 'vitest'
import type { ClientEvent } from '../../../../src/renderer/call/client-events.ts'
import { createConversation } from '../../../../src/renderer/call/conversation.ts'
import type { TurnView } from '../../../../src/renderer/call/turn-view.ts'
import type { HintCode } from '../../../../src/renderer/turn/turn-events.ts'
import * as answerChecks from '../../../../src/shared/answer-check.ts'
import type { Bridge } from '../../../../src/shared/contract.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import { turnTimingSchema } from '../../../../src/shared/turn-timing.ts'
import { answerOf, COOKED, cited } from './passages.ts'

const CHICKEN = answerOf(COOKED)
const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

const setUp = (
  search: (name: string) => ReturnType<Bridge['call']> = async () => ok(CHICKEN) as never
) => {
  const sent: ClientEvent[] = []
  const logged: string[] = []
  const hints: HintCode[] = []
  const searches: [string, { questionId?: string }][] = []
  const timers = new Map<() => void, number>()
  const world: string[] = []
  const recordings = new Map<number, Int16Array<ArrayBuffer>>()
  const recorded: unknown[] = []
  let nowMs = 0
  let shown: TurnView | null = null
  let ids = 0
  const silenceAsked: [number, number][] = []
  let answerSilence: (isQuiet: boolean) => void = () => {}
  const conversation = createConversation(
    {
      bridge: {
        call: ((name: string, input: object) => {
          if (name === 'turns.record') {
            recorded.push(input)
            return Promise.resolve(ok({}))
          }
          if (name.startsWith('handbook.')) searches.push([name, input])
          return search(name)
        }) as Bridge['call'],
        on: () => () => {}
      },
      call: () => ({ path: 'webrtc', callId: 'rtc_1' }),
      wakeCall: () => world.push('call woken'),
      replaceCall: (reason) => world.push(`call replaced: ${reason}`),
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
          silenceAsked.push([id, atMs])
          return new Promise((resolve) => {
            answerSilence = resolve
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
      onChange: (_turn, view) => {
        shown = view
      },
      onHint: (hint) => hints.push(hint),
      log: (_level, event) => logged.push(event)
    },
    { tailMs: 200, talkMode: 'hold', transcriptWaitMs: 300 }
  )
  const { dispatch } = conversation
  conversation.opened({ replay: false })
  dispatch({ type: 'microphone', available: true })
  const receive = (type: string, fields: object = {}) =>
    conversation.receive(JSON.stringify({ type, event_id: 'e', ...fields }))
  const pass = (ms: number) => {
    nowMs += ms
    for (const [run, atMs] of [...timers]) {
      if (atMs > nowMs || !timers.delete(run)) continue
      run()
    }
  }
  const press = (atMs: number) => dispatch({ type: 'press', source: 'key', atMs })
  const release = (atMs: number) => dispatch({ type: 'release', source: 'key', atMs })
  return {
    conversation,
    dispatch,
    sent,
    world,
    hints,
    logged,
    searches,
    silenceAsked,
    answerSilence: (isQuiet: boolean) => answerSilence(isQuiet),
    view: (): TurnView => {
      if (shown === null) throw new Error('nothing shown')
      return shown
    },
    timing: (index = 0) => turnTimingSchema.parse(recorded[index]),
    receive,
    pass,
    press,
    release,
    /** A hold up to its commit. */
    hold: () => {
      press(0)
      release(1_000)
      pass(200)
    },
    committed: (itemId: string) =>
      receive('input_audio_buffer.committed', { item_id: itemId, previous_item_id: null }),
    /** The response that calls the search, up to its result. */
    search: async (id = 'r1', request = 'turn-1-1') => {
      receive('response.created', created(id, request))
      receive('response.done', call(id, request))
      await settle()
    },
    types: () => sent.map(({ type }) => type),
    of: <T extends ClientEvent['type']>(type: T) =>
      sent.filter((event): event is Extract<ClientEvent, { type: T }> => event.type === type)
  }
}
type Kiosk = ReturnType<typeof setUp>

/** Asked and committed. */
const asked = (...given: Parameters<typeof setUp>) => {
  const kiosk = setUp(...given)
  kiosk.hold()
  kiosk.committed('q1')
  return kiosk
}
/** Answered aloud after its search. */
const speak = (kiosk: Kiosk, audibleAtMs: number) => {
  kiosk.receive('response.created', created('r2', 'turn-1-2'))
  kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
  kiosk.conversation.mark('audible', audibleAtMs)
  kiosk.receive('response.done', spoken('r2'))
  kiosk.receive('output_audio_buffer.stopped', { response_id: 'r2' })
}
const ARGUMENTS = {
  question: 'yo how hot is chicken',
  restated: 'How hot must chicken be?',
  sections: ['cooking']
}
const call = (id: string, request: string, status = 'completed', given: unknown = ARGUMENTS) => ({
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
        arguments: JSON.stringify(given)
      }
    ]
  }
})
const created = (id: string, request: string) => ({
  response: { id, status: 'in_progress', metadata: { request }, output: [] }
})
const done = (id: string, status: string) => ({ response: { id, status, output: [] } })
const spoken = (id: string) => ({
  response: {
    id,
    status: 'completed',
    output: [{ type: 'message', id: 'a1', content: [{ type: 'output_audio' }] }]
  }
})
const transcript = (itemId: string, text: string) => ({ item_id: itemId, transcript: text })
const TRANSCRIBED = 'conversation.item.input_audio_transcription.completed'

test('deletes a damaged question, asks it from its recording, and shows it once', async () => {
  const kiosk = setUp()
  kiosk.hold()
  kiosk.dispatch({ type: 'audio_lost', turnId: 1 })
  kiosk.committed('q1')
  await settle()
  expect(kiosk.of('response.create')).toEqual([])
  kiosk.receive(TRANSCRIBED, transcript('q1', 'How bees?'))
  kiosk.committed('q2')
  kiosk.receive(TRANSCRIBED, transcript('q2', 'How hot does chicken have to be?'))
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

test('searches, answers, cites and ends a spoken question, each once', async () => {
  const kiosk = asked()
  await kiosk.search()
  expect(kiosk.searches).toEqual([
    ['handbook.search', { questionId: expect.any(String), language: 'en', ...ARGUMENTS }]
  ])
  kiosk.receive('response.created', created('r2', 'turn-1-2'))
  kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
  kiosk.receive('response.output_audio_transcript.delta', {
    response_id: 'r2',
    item_id: 'a1',
    delta: 'To 165.'
  })
  // The person's transcript often comes last.
  kiosk.receive(TRANSCRIBED, transcript('q1', 'How hot does chicken have to be?'))
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
  // The report of the answer follows the search.
  expect(kiosk.searches[1]).toMatchObject(['handbook.reportAnswer', { outcome: 'missing' }])
})

describe('a tool call', () => {
  test.each([
    ['the passages', ok(CHICKEN), 'Chicken: 165.'],
    ['the code of a failure', failed('limit_exceeded', 'no more today'), 'limit_exceeded']
  ])('is answered with %s', async (_what, result, output) => {
    const kiosk = asked(async () => result as never)
    await kiosk.search()
    const [item] = kiosk.of('conversation.item.create')
    expect(item?.item).toMatchObject({ type: 'function_call_output', call_id: 'c1' })
    expect(JSON.stringify(item)).toContain(output)
  })

  test('is not carried out when it was interrupted', async () => {
    const kiosk = asked()
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.done', call('r1', 'turn-1-1', 'incomplete'))
    await settle()
    expect(kiosk.searches).toEqual([])
  })
})

test('logs a malformed event and goes on with the turn', async () => {
  const kiosk = asked()
  kiosk.conversation.receive('{"type":"response.created","response":7}')
  expect(kiosk.logged).toContain('call.malformedEvent')
  await kiosk.search()
  expect(kiosk.searches).toHaveLength(1)
})

test('records a press until the clear before it is confirmed', () => {
  const kiosk = setUp()
  kiosk.press(0)
  kiosk.release(100)
  kiosk.pass(40)
  expect(kiosk.of('input_audio_buffer.clear')).toHaveLength(1)
  kiosk.world.length = 0
  kiosk.press(1_000)
  expect(kiosk.world).not.toContain('gate opened')
  kiosk.release(1_100)
  kiosk.pass(40)
  kiosk.receive('input_audio_buffer.cleared')
  kiosk.press(2_000)
  expect(kiosk.world).toContain('gate opened')
})

test('hints at an empty commit when the recording was no question either', async () => {
  const kiosk = setUp()
  const refuseCommit = () =>
    kiosk.receive('error', {
      error: {
        type: 'invalid_request_error',
        code: 'input_audio_buffer_commit_empty',
        message: 'buffer too small',
        event_id: 'commit-1'
      }
    })
  kiosk.hold()
  refuseCommit()
  await settle()
  expect(kiosk.of('input_audio_buffer.append').length).toBeGreaterThan(0)
  refuseCommit()
  expect(kiosk.hints).toEqual(['nothing_heard'])
  expect(kiosk.view()).toMatchObject({ outcome: 'cancelled', failure: null })
})

describe('a typed question', () => {
  test('is shown as typed, and its id fits the service', () => {
    const kiosk = setUp()
    kiosk.dispatch({ type: 'ask', text: 'How hot?' })
    expect(kiosk.view()).toMatchObject({ id: 1, transcript: 'How hot?' })
    const [item] = kiosk.of('conversation.item.create')
    expect(item?.item).toMatchObject({
      role: 'user',
      content: [{ type: 'input_text', text: 'How hot?' }]
    })
    expect(item !== undefined && 'id' in item.item && item.item.id.length).toBeLessThanOrEqual(32)
  })

  test('waits until the response of the last one is gone', () => {
    const kiosk = setUp()
    kiosk.dispatch({ type: 'ask', text: 'One?' })
    kiosk.dispatch({ type: 'ask', text: 'Two?' })
    expect(kiosk.of('response.create')).toHaveLength(1)
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    expect(kiosk.of('response.cancel')).toMatchObject([{ response_id: 'r1' }])
    kiosk.receive('response.done', done('r1', 'cancelled'))
    expect(kiosk.of('response.create').map(({ event_id }) => event_id)).toEqual([
      'turn-1-1',
      'turn-2-1'
    ])
  })
})

describe('a lost call', () => {
  const replaceCall = ({ conversation, sent }: Kiosk) => {
    conversation.lost()
    sent.length = 0
    conversation.opened({ replay: true })
  }

  test('keeps the answer on the screen, and the next call gets the typed question', () => {
    const kiosk = setUp()
    kiosk.dispatch({ type: 'ask', text: 'How hot?' })
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.output_text.done', { response_id: 'r1', item_id: 'a1', text: '165.' })
    replaceCall(kiosk)
    expect(kiosk.view()).toMatchObject({ transcript: 'How hot?', answer: '165.', outcome: null })
    expect(kiosk.types()).toEqual(['conversation.item.create', 'response.create'])
  })

  test('sends a spoken question whole from its recording, between a clear and a commit', async () => {
    const kiosk = asked()
    replaceCall(kiosk)
    await settle()
    kiosk.committed('q2')
    expect(kiosk.types().at(0)).toBe('input_audio_buffer.clear')
    expect(kiosk.types().slice(-2)).toEqual(['input_audio_buffer.commit', 'response.create'])
    const bytes = Buffer.concat(
      kiosk.of('input_audio_buffer.append').map(({ audio }) => Buffer.from(audio, 'base64'))
    )
    expect(bytes).toHaveLength(24_000)
  })

  test('sends a recording on the newest call only', async () => {
    const kiosk = asked()
    replaceCall(kiosk)
    replaceCall(kiosk)
    await settle()
    expect(kiosk.of('input_audio_buffer.commit')).toHaveLength(1)
  })

  test('keeps the id of the question, which is charged once', async () => {
    const kiosk = setUp()
    kiosk.dispatch({ type: 'ask', text: 'How hot?' })
    await kiosk.search()
    replaceCall(kiosk)
    await kiosk.search('r9', kiosk.of('response.create').at(-1)?.response.metadata.request)
    const [first, second] = kiosk.searches
    expect(second?.[1].questionId).toBe(first?.[1].questionId)
  })

  test('asks the offline copy when no other call comes', async () => {
    const kiosk = setUp(async () => ok({ ...CHICKEN, method: 'offline' }) as never)
    kiosk.conversation.lost()
    kiosk.dispatch({ type: 'ask', text: 'How hot?' })
    kiosk.pass(60_000)
    await settle()
    const input = { question: 'How hot?', language: 'en' }
    expect(kiosk.searches).toEqual([['handbook.searchOffline', input]])
    expect(kiosk.view()).toMatchObject({ outcome: 'answered', silent: true })
  })
})

describe('a new call', () => {
  const answered = async () => {
    const kiosk = setUp()
    kiosk.dispatch({ type: 'ask', text: 'How hot?' })
    await kiosk.search()
    kiosk.receive('response.created', created('r2', 'turn-1-2'))
    kiosk.receive('response.output_text.done', { response_id: 'r2', item_id: 'a1', text: '165.' })
    kiosk.receive('response.done', done('r2', 'completed'))
    expect(kiosk.view().outcome).toBe('answered')
    kiosk.conversation.lost()
    kiosk.sent.length = 0
    return kiosk
  }

  test('gets the last exchange, and the screen does not change', async () => {
    const kiosk = await answered()
    kiosk.conversation.opened({ replay: true })
    const items = kiosk.of('conversation.item.create').map(({ item }) => item)
    expect(
      items.map((item) => (item.type === 'message' ? [item.role, item.content[0]?.text] : null))
    ).toEqual([
      ['user', 'How hot?'],
      ['assistant', '165.']
    ])
    expect(kiosk.view()).toMatchObject({ transcript: 'How hot?', answer: '165.' })
  })

  test('gets nothing after a change of restaurant or language, or at the use limit', async () => {
    const kiosk = await answered()
    kiosk.conversation.opened({ replay: false })
    kiosk.conversation.lost()
    kiosk.conversation.opened({ replay: true })
    expect(kiosk.of('conversation.item.create')).toEqual([])
  })
})

test('replaces a call whose session has expired', () => {
  const kiosk = setUp()
  kiosk.receive('error', {
    error: { type: 'invalid_request_error', code: 'session_expired', message: 'over' }
  })
  expect(kiosk.world).toContain('call replaced: session_expired')
})

describe('the timing of a turn', () => {
  test('has its marks in order, and no words', async () => {
    const kiosk = setUp()
    kiosk.press(0)
    kiosk.pass(1_000)
    kiosk.release(1_000)
    kiosk.pass(200)
    kiosk.committed('q1')
    kiosk.pass(10)
    kiosk.receive('conversation.item.input_audio_transcription.completed', {
      item_id: 'q1',
      transcript: 'How hot?'
    })
    await kiosk.search()
    speak(kiosk, 1_300)
    expect(kiosk.timing()).toMatchObject({
      turnId: 1,
      kind: 'spoken',
      carrier: 'live',
      path: 'webrtc',
      callId: 'rtc_1',
      outcome: 'answered',
      asks: 1,
      tailMs: 200,
      marks: {
        press: 0,
        release: 1_000,
        commit: 1_200,
        committed: 1_200,
        transcribed: 1_210,
        audible: 1_300
      }
    })
    expect(JSON.stringify(kiosk.timing())).not.toMatch(/hot|chicken/i)
  })

  test.each([
    ['a spoken question', 700],
    ['a typed question', null]
  ])('gives the view of %s the time from the release to the first audio: %s', async (kind, ms) => {
    const kiosk = kind === 'a spoken question' ? asked() : setUp()
    if (ms === null) kiosk.dispatch({ type: 'ask', text: 'How hot?' })
    await kiosk.search()
    speak(kiosk, 1_700)
    expect(kiosk.view()).toMatchObject({ outcome: 'answered', timeToFirstAudioMs: ms })
  })

  test('ends the tail with the silence at the release', async () => {
    const kiosk = setUp()
    kiosk.press(0)
    kiosk.pass(1_000)
    kiosk.release(1_000)
    expect(kiosk.silenceAsked).toEqual([[1, 1_000]])
    kiosk.pass(55)
    kiosk.answerSilence(true)
    await settle()
    expect(kiosk.of('input_audio_buffer.commit')).toEqual([])
    kiosk.pass(0)
    expect(kiosk.of('input_audio_buffer.commit')).toHaveLength(1)
    kiosk.committed('q1')
    kiosk.dispatch({ type: 'abandon' })
    expect(kiosk.timing()).toMatchObject({ tailMs: 55, marks: { release: 1_000, commit: 1_055 } })
  })

  test('has the whole tail without a known silence', async () => {
    const kiosk = setUp()
    kiosk.press(0)
    kiosk.release(1_000)
    kiosk.answerSilence(false)
    await settle()
    kiosk.pass(199)
    expect(kiosk.of('input_audio_buffer.commit')).toEqual([])
    kiosk.pass(1)
    expect(kiosk.of('input_audio_buffer.commit')).toHaveLength(1)
  })

  test('has no marks of a cancelled turn', async () => {
    const kiosk = asked()
    kiosk.receive('response.created', created('r1', 'turn-1-1'))
    kiosk.receive('response.done', call('r1', 'turn-1-1'))
    // The press answers the call of the running search, and the call that comes late.
    kiosk.press(2_000)
    kiosk.receive('response.created', created('r2', 'turn-1-2'))
    kiosk.receive('response.done', call('r2', 'turn-1-2'))
    kiosk.receive('output_audio_buffer.started', { response_id: 'r2' })
    kiosk.release(3_000)
    kiosk.pass(200)
    await settle()
    kiosk.dispatch({ type: 'abandon' })

    expect(kiosk.of('conversation.item.create')).toHaveLength(2)
    const second = kiosk.timing(1)
    expect(second.turnId).toBe(2)
    for (const late of ['responseCreated', 'toolCall', 'outputSent', 'audioStarted'] as const) {
      expect(second.marks[late], late).toBeUndefined()
    }
  })

  test('hands-free, takes the end of speech for the release', () => {
    const kiosk = setUp()
    kiosk.dispatch({ type: 'hands_free_changed', on: true })
    kiosk.receive('input_audio_buffer.speech_started', { item_id: 'q1', audio_start_ms: 0 })
    expect(kiosk.world).not.toContain('answer expected')
    kiosk.pass(700)
    kiosk.receive('input_audio_buffer.speech_stopped', { item_id: 'q0', audio_end_ms: 1 })
    kiosk.pass(100)
    kiosk.receive('input_audio_buffer.speech_stopped', { item_id: 'q1', audio_end_ms: 800 })
    kiosk.committed('q1')
    // The service commits by itself: only this event says that a question was asked.
    expect(kiosk.world.filter((what) => what === 'answer expected')).toHaveLength(1)
    kiosk.conversation.mark('audible', 2_000)
    kiosk.dispatch({ type: 'abandon' })
    expect(kiosk.timing()).toMatchObject({ tailMs: 0, marks: { release: 800, audible: 2_000 } })
  })
})
