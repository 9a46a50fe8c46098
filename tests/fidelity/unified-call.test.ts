// Proves the unified interface, offer and session in one form: as the `openai` client, the documents' samples and the
// function realtime-call send it.
import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { RTCPeerConnection } from 'werift'
import { createOpenCall } from '../../supabase/functions/realtime-call/open-call.ts'
import { createMint } from '../../supabase/functions/realtime-session/mint.ts'
import { pushToTalkSession, setUpStandIn } from './stand-in.ts'

const SETTINGS = {
  model: 'gpt-realtime-2.1',
  voice: 'cedar',
  maxOutputTokens: 900,
  historyTokens: 6_000,
  reasoningEffort: 'low'
} as const

const standIn = setUpStandIn(true)

type Caller = {
  offerSdp: string
  /** Accepts the answer and resolves with the first event of the session. */
  firstEvent: (answerSdp: string) => Promise<{ type: string; session?: Record<string, unknown> }>
  close: () => Promise<void>
}

/** The client of a call without a browser. */
const newCaller = async (channelId?: number): Promise<Caller> => {
  const connection = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1']
  })
  connection.addTransceiver('audio', { direction: 'sendrecv' })
  const channel = connection.createDataChannel(
    'oai-events',
    channelId === undefined ? {} : { negotiated: true, id: channelId }
  )
  await connection.setLocalDescription(await connection.createOffer())
  const first = new Promise<string>((resolve) => {
    channel.onMessage.subscribe((data) => resolve(String(data)))
  })
  return {
    offerSdp: connection.localDescription?.sdp ?? '',
    firstEvent: async (sdp) => {
      await connection.setRemoteDescription({ type: 'answer', sdp })
      return JSON.parse(await first)
    },
    close: () => connection.close()
  }
}

const openCallWith = (apiKey = standIn.apiKey) =>
  createOpenCall({ baseUrl: standIn.url, apiKey, session: SETTINGS })

const onBehalfOf = () => ({
  userId: '6f1c1c8e-0d5c-4a70-9a39-0d9f3a8d9c01',
  requestId: 'request-0001',
  signal: new AbortController().signal
})

describe('realtime-call', () => {
  test.each([
    ['an announced', undefined],
    ['a negotiated', 7]
  ])('opens a call with %s channel and the session of the function', async (_kind, channelId) => {
    const caller = await newCaller(channelId)
    try {
      const opened = await openCallWith()({
        ...onBehalfOf(),
        asker: { language: 'ar', role: 'manager', station: 'grill' },
        sdp: caller.offerSdp,
        channelId
      })
      if (!opened.ok) throw new Error(opened.cause)
      expect(opened.callId).toMatch(/^rtc_/)
      const first = await caller.firstEvent(opened.sdp)
      expect(first.type).toBe('session.created')
      expect(first.session).toMatchObject({
        type: 'realtime',
        model: 'gpt-realtime-2.1',
        max_output_tokens: 900,
        audio: { input: { turn_detection: null }, output: { voice: 'cedar' } }
      })
      expect(String(first.session?.instructions)).toMatch(/^grill$/m)
      const { calls } = await standIn.state()
      expect(calls.map(({ callId }) => callId)).toContain(opened.callId)
    } finally {
      await caller.close()
    }
  })

  test('reports a refused offer and a refused key', async () => {
    const bare = 'v=0\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
    const request = { ...onBehalfOf(), asker: { language: 'en', role: 'crew' }, sdp: bare } as const
    expect(await openCallWith()(request)).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_offer' },
      cause: 'status 400 invalid_offer'
    })
    expect(await openCallWith('sk-of-another-project')(request)).toMatchObject({
      ok: false,
      refusal: { code: 'model_failed' },
      cause: 'status 401 invalid_api_key'
    })
  })

  test('hangs up the call when its caller has gone', async () => {
    const caller = await newCaller()
    const before = (await standIn.state()).counters
    const opened = await openCallWith()({
      ...onBehalfOf(),
      asker: { language: 'en', role: 'crew' },
      sdp: caller.offerSdp,
      signal: AbortSignal.abort()
    })
    await caller.close()
    expect(opened).toMatchObject({ ok: false, cause: 'the caller went away' })
    const { calls, counters } = await standIn.state()
    expect(counters.callsOpened - before.callsOpened).toBe(1)
    expect(counters.callsClosed - before.callsClosed).toBe(1)
    expect(calls.filter(({ channelOpen }) => !channelOpen)).toEqual([])
  })
})

test.each(['en', 'es', 'fr', 'pt-BR', 'zh-CN', 'zh-HK', 'vi', 'ko', 'tl', 'ar'] as const)(
  'accepts the session that realtime-session mints in %s',
  async (language) => {
    const mint = createMint({
      baseUrl: standIn.url,
      apiKey: standIn.apiKey,
      session: SETTINGS
    })
    const asker = {
      language,
      role: 'owner',
      station: 'dish',
      kitchenWords: [{ term: "86'd", means: 'out of stock' }]
    } as const
    expect(await mint({ ...onBehalfOf(), asker, seconds: 60 })).toMatchObject({
      ok: true,
      model: SETTINGS.model
    })
  }
)

describe('the form', () => {
  const post = async (form: FormData | string, type?: string) => {
    const response = await fetch(`${standIn.url}/realtime/calls`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${standIn.apiKey}`,
        ...(type === undefined ? {} : { 'content-type': type })
      },
      body: form
    })
    const text = await response.text()
    const error = response.ok ? null : JSON.parse(text).error
    return { status: response.status, text, code: error?.code, param: error?.param, response }
  }
  const formOf = (...fields: [string, string | Blob][]): FormData => {
    const form = new FormData()
    for (const [name, value] of fields) form.append(name, value)
    return form
  }
  const session = JSON.stringify(pushToTalkSession)

  test('answers the openai client with 201, SDP and the call’s address', async () => {
    const caller = await newCaller()
    const client = new OpenAI({ apiKey: standIn.apiKey, baseURL: standIn.url, maxRetries: 0 })
    const response = await client.realtime.calls.create({
      sdp: caller.offerSdp,
      session: { type: 'realtime', model: 'gpt-realtime-2.1-mini' }
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toContain('application/sdp')
    expect(response.headers.get('location')).toMatch(/^\/v1\/realtime\/calls\/rtc_\w+$/)
    const first = await caller.firstEvent(await response.text())
    expect(first.session).toMatchObject({ model: 'gpt-realtime-2.1-mini' })
    await caller.close()
  })

  test('accepts plain fields in any order, as the documents’ sample sends them', async () => {
    const caller = await newCaller()
    const { status, text } = await post(formOf(['session', session], ['sdp', caller.offerSdp]))
    expect(status).toBe(201)
    expect(await caller.firstEvent(text)).toMatchObject({
      type: 'session.created',
      session: { audio: { input: { turn_detection: null } } }
    })
    await caller.close()
  })

  test.each([
    ['without an offer', formOf(['session', session]), 'missing_required_parameter', 'sdp'],
    ['with an unknown field', formOf(['sdp', 'v=0'], ['model', 'x']), 'unknown_parameter', 'model'],
    ['with two offers', formOf(['sdp', 'v=0'], ['sdp', 'v=0']), 'invalid_value', 'sdp'],
    [
      'with a file for a session',
      formOf(['sdp', 'v=0'], ['session', new Blob([session], { type: 'application/json' })]),
      'invalid_type',
      'session'
    ],
    ['whose session is not JSON', formOf(['sdp', 'v=0'], ['session', '{']), 'invalid_json', null],
    [
      'whose session has no type',
      formOf(['sdp', 'v=0'], ['session', '{"model":"gpt-realtime-2.1"}']),
      'missing_required_parameter',
      'session.type'
    ],
    [
      'whose session is the beta’s',
      formOf(['sdp', 'v=0'], ['session', '{"voice":"alloy"}']),
      'beta_api_shape_disabled',
      null
    ],
    ['whose offer is none', formOf(['sdp', 'hello'], ['session', session]), 'invalid_offer', 'sdp']
  ])('refuses a form %s', async (_what, form, code, param) => {
    expect(await post(form)).toMatchObject({ status: 400, code, param })
  })

  test('refuses a form that breaks off or has no boundary', async () => {
    for (const [body, type] of [
      [
        '--b\r\nContent-Disposition: form-data; name="sdp"\r\n\r\nv=0',
        'multipart/form-data; boundary=b'
      ],
      ['sdp=v%3D0', 'multipart/form-data'],
      ['', 'multipart/form-data; boundary=b']
    ] as const) {
      expect(await post(body, type)).toMatchObject({ status: 400, code: 'invalid_multipart' })
    }
  })

  test('answers 415 to another content type', async () => {
    const json = JSON.stringify({ sdp: 'v=0', session: pushToTalkSession })
    expect(await post(json, 'application/json')).toMatchObject({ status: 415 })
  })
})
