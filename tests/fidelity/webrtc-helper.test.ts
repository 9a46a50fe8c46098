// Proves the stand-in with `openai`'s own WebRTC helper in a real Chromium.
import { beforeEach, describe, expect, test } from 'vitest'
import {
  askByText,
  connectHelper,
  countEvents,
  eventTypes,
  sendEvents,
  setUpBrowser,
  waitForEvent
} from './chromium.ts'
import { hasTools } from './required-tools.ts'
import { pushToTalkSession, setUpStandIn, TYPED_QUESTION, toolOutput } from './stand-in.ts'

const isComplete = hasTools('chromium', 'espeak-ng')
const standIn = setUpStandIn(isComplete)
const browser = setUpBrowser(isComplete)

beforeEach(async () => {
  await browser.page.evaluate(() => window.helper?.close())
  await connectHelper(browser.page, standIn.url, await standIn.mint(pushToTalkSession))
})

/** Asks, answers the tool call, and returns the position of the answer's first event. */
const answer = async (): Promise<number> => {
  const callId = await askByText(browser.page)
  const from = await countEvents(browser.page)
  await sendEvents(browser.page, [
    toolOutput(callId),
    { type: 'response.create', response: { tool_choice: 'none' } }
  ])
  return from
}

describe('a typed turn', () => {
  test('begins with session.created and the session of the key', async () => {
    const [first] = await waitForEvent(browser.page, 'session.created')
    expect(first?.event).toMatchObject({
      type: 'session.created',
      session: { model: 'gpt-realtime-2.1', audio: { input: { turn_detection: null } } }
    })
  })

  test('calls the tool with events in the documented order', async () => {
    const from = await countEvents(browser.page)
    await sendEvents(browser.page, [TYPED_QUESTION, { type: 'response.create' }])
    expect(eventTypes(await waitForEvent(browser.page, 'response.done', from))).toEqual([
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'rate_limits.updated',
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done'
    ])
  })

  test('speaks the answer with events in the documented order and no audio in them', async () => {
    await standIn.injectFaults({ brief: true })
    const from = await answer()
    const seen = await waitForEvent(browser.page, 'output_audio_buffer.stopped', from)
    await standIn.injectFaults({ brief: null })
    const order = eventTypes(seen).filter((type) => type !== 'output_audio_buffer.started')
    const deltas = order.filter((type) => type === 'response.output_audio_transcript.delta')
    expect(deltas.length).toBeGreaterThanOrEqual(1)
    expect(order.filter((type, at) => type !== deltas[0] || order.indexOf(type) === at)).toEqual([
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'rate_limits.updated',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio_transcript.delta',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
      'output_audio_buffer.stopped'
    ])
    const types = seen.map(({ event }) => event.type)
    expect(types).not.toContain('response.output_audio.delta')
    expect(types.indexOf('output_audio_buffer.started')).toBeGreaterThan(
      types.indexOf('response.content_part.added')
    )
    const transcript = seen
      .map(({ event }) =>
        event.type === 'response.output_audio_transcript.delta' ? event.delta : ''
      )
      .join('')
    const done = seen.find(({ event }) => event.type === 'response.output_audio_transcript.done')
    expect(done?.event).toHaveProperty('transcript', transcript)
    expect(transcript).toContain('165 °F')
  })

  test('plays in the page and counts its tokens', async () => {
    const { counters: before } = await standIn.state()
    const from = await answer()
    const seen = await waitForEvent(browser.page, 'output_audio_buffer.stopped', from)
    const { counters: after } = await standIn.state()
    const peak = await browser.page.evaluate(() => window.helper.loudness()?.peak() ?? 0)
    expect(peak).toBeGreaterThan(0.02)
    // Packets of 20 ms count the played time; a busy machine's clock does not.
    const playedMs = (after.speechPacketsOut - before.speechPacketsOut) * 20
    const done = seen.find(({ event }) => event.type === 'response.done')?.event
    const usage = done?.type === 'response.done' ? done.response.usage : undefined
    const details = usage?.output_token_details
    // One token for 50 ms of audio.
    expect(Math.abs((details?.audio_tokens ?? 0) * 50 - playedMs)).toBeLessThan(400)
    expect(usage?.total_tokens).toBe((usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0))
    expect(usage?.input_token_details?.cached_tokens).toBeLessThanOrEqual(usage?.input_tokens ?? 0)
  })

  test('names its call in Location, where it can be hung up', async () => {
    const location = await browser.page.evaluate(() => window.fidelity.location())
    expect(location).toMatch(/^\/v1\/realtime\/calls\/rtc_\w+$/)
    const response = await fetch(new URL(`${location}/hangup`, standIn.url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${standIn.apiKey}` }
    })
    expect(response.status).toBe(200)
    await browser.page.waitForFunction(() => window.helper.closed.length > 0)
  })
})

describe('barge-in', () => {
  test('ends the speech on the wire at once with cancel and clear', async () => {
    const from = await answer()
    await waitForEvent(browser.page, 'output_audio_buffer.started', from)
    await browser.page.waitForFunction(() => (window.helper.loudness()?.peak() ?? 0) > 0.02)
    await sendEvents(browser.page, [
      { type: 'response.cancel' },
      { type: 'output_audio_buffer.clear' }
    ])
    const seen = await waitForEvent(browser.page, 'output_audio_buffer.cleared', from)
    const { counters: atClear } = await standIn.state()
    const done = seen.find(({ event }) => event.type === 'response.done')?.event
    expect(done).toMatchObject({
      response: {
        status: 'cancelled',
        status_details: { type: 'cancelled', reason: 'client_cancelled' },
        output: [{ type: 'message', status: 'incomplete' }]
      }
    })
    await browser.page.waitForFunction(
      () => performance.now() - (window.helper.loudness()?.silentSince() ?? Infinity) > 300
    )
    const { counters: later } = await standIn.state()
    expect(later.speechPacketsOut - atClear.speechPacketsOut).toBe(0)
    const types = (await waitForEvent(browser.page, 'output_audio_buffer.cleared', from)).map(
      ({ event }) => event.type
    )
    expect(types).not.toContain('output_audio_buffer.stopped')
  })

  test('writes an answer outside the conversation beside it', async () => {
    const from = await answer()
    await waitForEvent(browser.page, 'response.content_part.added', from)
    await sendEvents(browser.page, [
      {
        type: 'response.create',
        response: {
          conversation: 'none',
          output_modalities: ['text'],
          tool_choice: 'none',
          metadata: { purpose: 'aside' }
        }
      }
    ])
    const seen = await waitForEvent(browser.page, 'response.output_text.done', from)
    expect(seen.at(-1)?.event).toHaveProperty('text')
    const created = seen.findLast(({ event }) => event.type === 'response.created')?.event
    expect(created).toMatchObject({ response: { metadata: { purpose: 'aside' } } })
    expect(created).not.toHaveProperty('response.conversation_id')
  })
})

describe('refusals on the channel', () => {
  test.each([
    ['no JSON', '{', 'invalid_json', null],
    ['an unknown event', '{"type":"session.destroy"}', 'invalid_value', 'type'],
    ['no type', '{}', 'missing_required_parameter', 'type'],
    [
      'an unknown field',
      '{"type":"response.create","response":{"modalities":["text"]}}',
      'unknown_parameter',
      'response.modalities'
    ],
    [
      "the beta's session",
      '{"type":"session.update","session":{"voice":"alloy"}}',
      'beta_api_shape_disabled',
      null
    ],
    [
      'a session without its type',
      '{"type":"session.update","session":{"instructions":"Hi"}}',
      'missing_required_parameter',
      'session.type'
    ],
    [
      'another model',
      '{"type":"session.update","session":{"type":"realtime","model":"gpt-realtime-2"}}',
      'invalid_value',
      'session.model'
    ],
    [
      'an empty commit',
      '{"type":"input_audio_buffer.commit"}',
      'input_audio_buffer_commit_empty',
      null
    ],
    ['a cancel of nothing', '{"type":"response.cancel"}', 'response_cancel_not_active', null],
    [
      'an output for a call that was not made',
      '{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"x","output":""}}',
      'invalid_tool_call_id',
      'item.call_id'
    ],
    [
      "an assistant's audio",
      '{"type":"conversation.item.create","item":{"type":"message","role":"assistant","content":[{"type":"output_audio"}]}}',
      'invalid_value',
      'item.content[0].type'
    ],
    [
      'an item that is not there',
      '{"type":"conversation.item.retrieve","item_id":"item_none"}',
      'item_retrieve_invalid_item_id',
      'item_id'
    ]
  ])('refuses %s', async (_what, text, code, param) => {
    const from = await countEvents(browser.page)
    await browser.page.evaluate((raw) => window.helper.sendRaw(raw), text)
    const seen = await waitForEvent(browser.page, 'error', from)
    expect(seen.at(-1)?.event).toMatchObject({
      error: { code, param, type: 'invalid_request_error' }
    })
  })

  test('keeps the session open', async () => {
    await sendEvents(browser.page, [{ type: 'nonsense' }, TYPED_QUESTION])
    await waitForEvent(browser.page, 'conversation.item.done')
  })
})

test('delivers an event right after session.created without a retransmission', async () => {
  // The browser drops a repeated DTLS record number, and SCTP retransmits the event a second later.
  await standIn.injectFaults({ malformedEvent: '{"type":"early"}' })
  const seen = await waitForEvent(browser.page, 'early')
  expect((seen.at(-1)?.atMs ?? 0) - (seen[0]?.atMs ?? 0)).toBeLessThan(1_000)
})

describe('fault injection', () => {
  test('expires a session with an error and closes it', async () => {
    await standIn.injectFaults({ expireSessions: true })
    const seen = await waitForEvent(browser.page, 'error')
    expect(seen.at(-1)?.event).toMatchObject({ error: { code: 'session_expired' } })
    await browser.page.waitForFunction(() => window.helper.closed.length > 0)
    expect((await standIn.state()).calls).toHaveLength(0)
  })

  test('drops a call in the middle of an answer', async () => {
    await standIn.injectFaults({ dropIntoAnswer: { afterMs: 100 } })
    await answer()
    await browser.page.waitForFunction(() => window.helper.closed.length > 0)
    expect((await standIn.state()).calls).toHaveLength(0)
  })

  test('sends a malformed event unchanged', async () => {
    await browser.page.evaluate(() => {
      window.helper.watch.seen.length = 0
    })
    // The helper drops an event that it cannot parse; the channel shows it. It listens before the fault.
    const raw = await browser.page.evaluateHandle(() => {
      const { promise, resolve } = Promise.withResolvers<string>()
      window.helper.channel.addEventListener('message', ({ data }) => resolve(data), { once: true })
      return { promise }
    })
    await standIn.injectFaults({ malformedEvent: '{"type":' })
    expect(await raw.evaluate(({ promise }) => promise)).toBe('{"type":')
  })

  test('stalls a response after its creation', async () => {
    await standIn.injectFaults({ stallResponseMs: 300 })
    const from = await countEvents(browser.page)
    await sendEvents(browser.page, [TYPED_QUESTION, { type: 'response.create' }])
    const seen = await waitForEvent(browser.page, 'response.done', from)
    const created = seen.find(({ event }) => event.type === 'response.created')
    expect((seen.at(-1)?.atMs ?? 0) - (created?.atMs ?? 0)).toBeGreaterThan(280)
  })

  test('keeps an answer audible when the network loses a tenth of its packets', async () => {
    await standIn.injectFaults({ network: { profile: 'very_bad', seed: 1 } })
    await browser.page.evaluate(() => window.helper.close())
    await connectHelper(browser.page, standIn.url, await standIn.mint(pushToTalkSession))
    await standIn.injectFaults({ network: null })
    const from = await answer()
    await waitForEvent(browser.page, 'output_audio_buffer.stopped', from)
    const { packets = 0, lostCount = 0 } = (await standIn.state()).calls.at(-1)?.network?.down ?? {}
    expect(lostCount / packets).toBeGreaterThan(0.03)
    expect(
      await browser.page.evaluate(() => window.helper.loudness()?.peak() ?? 0)
    ).toBeGreaterThan(0.02)
  })

  test('delays a transcript beyond the beginning of its answer', async () => {
    await standIn.injectFaults({ transcriptionDelayMs: 5_000 })
    const from = await countEvents(browser.page)
    const silence = Buffer.alloc(24_000 * 2).toString('base64')
    await sendEvents(browser.page, [
      { type: 'input_audio_buffer.append', audio: silence },
      { type: 'input_audio_buffer.commit' },
      { type: 'response.create' }
    ])
    const type = 'conversation.item.input_audio_transcription.failed'
    const types = (await waitForEvent(browser.page, type, from)).map(({ event }) => event.type)
    await standIn.injectFaults({ transcriptionDelayMs: 0 })
    expect(types.indexOf('response.content_part.added')).toBeGreaterThan(0)
    expect(types.indexOf('response.content_part.added')).toBeLessThan(types.indexOf(type))
  })

  test('stops a call without closing it', async () => {
    await standIn.injectFaults({ dropCalls: { silently: true } })
    expect((await standIn.state()).calls).toHaveLength(0)
    await browser.page.waitForFunction(() => window.helper.state() === 'disconnected', undefined, {
      timeout: 30_000
    })
    expect(await browser.page.evaluate(() => window.helper.closed)).toEqual([])
  })
})
