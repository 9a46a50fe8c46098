// Proves the stand-in with the `openai` REST client, unmodified.
import OpenAI from 'openai'
import { beforeAll, describe, expect, test } from 'vitest'
import { pushToTalkSession, setUpStandIn, startStandIn } from './stand-in.ts'

const standIn = setUpStandIn(true)
let client: OpenAI

beforeAll(() => {
  client = new OpenAI({ apiKey: standIn.apiKey, baseURL: standIn.url, maxRetries: 0 })
})

/** The error that a request was refused with. */
const refusal = async (request: Promise<unknown>) => {
  try {
    await request
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error
    throw error
  }
  throw new Error('The request was not refused.')
}

describe('client secrets', () => {
  test('are minted with the effective session and an expiry', async () => {
    const before = Math.floor(Date.now() / 1_000)
    const secret = await client.realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: 60 },
      session: {
        type: 'realtime',
        model: 'gpt-realtime-2.1-mini',
        audio: { input: { turn_detection: null }, output: { voice: 'cedar' } },
        reasoning: { effort: 'low' }
      }
    })
    expect(secret.value).toMatch(/^ek_\w{30,}$/)
    expect(secret.expires_at - before).toBeGreaterThanOrEqual(59)
    expect(secret.expires_at - before).toBeLessThanOrEqual(61)
    expect(secret.session).toMatchObject({
      object: 'realtime.session',
      type: 'realtime',
      model: 'gpt-realtime-2.1-mini',
      output_modalities: ['audio'],
      audio: { input: { turn_detection: null }, output: { voice: 'cedar', speed: 1 } }
    })
    expect(secret.session).toHaveProperty('id', expect.stringMatching(/^sess_/))
  })

  test('need no body', async () => {
    const secret = await client.realtime.clientSecrets.create({})
    expect(secret.session).toMatchObject({
      model: 'gpt-realtime-2.1',
      audio: { input: { turn_detection: { type: 'server_vad' } } }
    })
  })

  const withSession = (session: object) =>
    refusal(client.post('/realtime/client_secrets', { body: { session } }))

  test.each([
    [
      'an unknown field',
      { type: 'realtime', colour: 'red' },
      'unknown_parameter',
      'session.colour'
    ],
    [
      "the beta's voice beside the GA type",
      { type: 'realtime', voice: 'marin' },
      'unknown_parameter',
      'session.voice'
    ],
    [
      'temperature, which GA has not',
      { type: 'realtime', temperature: 0.8 },
      'unknown_parameter',
      'session.temperature'
    ],
    [
      'strict on a tool',
      { type: 'realtime', tools: [{ type: 'function', name: 'a', strict: true }] },
      'unknown_parameter',
      'session.tools[0].strict'
    ],
    ['a missing type', { model: 'gpt-realtime-2.1' }, 'missing_required_parameter', 'session.type'],
    ['another type', { type: 'translation' }, 'invalid_value', 'session.type'],
    [
      'a beta shape',
      { voice: 'alloy', modalities: ['text', 'audio'] },
      'beta_api_shape_disabled',
      null
    ],
    [
      'both modalities',
      { type: 'realtime', output_modalities: ['text', 'audio'] },
      'invalid_value',
      'session.output_modalities'
    ],
    [
      'an unknown voice',
      { type: 'realtime', audio: { output: { voice: 'nova' } } },
      'invalid_value',
      'session.audio.output.voice'
    ],
    [
      'a speed out of range',
      { type: 'realtime', audio: { output: { speed: 2 } } },
      'invalid_value',
      'session.audio.output.speed'
    ],
    [
      'an unknown turn detection',
      { type: 'realtime', audio: { input: { turn_detection: { type: 'manual' } } } },
      'invalid_value',
      'session.audio.input.turn_detection.type'
    ],
    [
      'text for a number',
      { type: 'realtime', audio: { output: { speed: 'fast' } } },
      'invalid_type',
      'session.audio.output.speed'
    ],
    [
      'an unknown transcription model',
      { type: 'realtime', audio: { input: { transcription: { model: 'whisper-9' } } } },
      'invalid_value',
      'session.audio.input.transcription.model'
    ],
    [
      'reasoning on a model that does not reason',
      { type: 'realtime', model: 'gpt-realtime-1.5', reasoning: { effort: 'low' } },
      'invalid_parameter',
      'session.reasoning'
    ],
    ...(
      [
        ['gpt-live-transcribe', { language: 'en' }],
        ['gpt-4o-transcribe', { languages: ['en'] }],
        ['gpt-4o-transcribe', { keywords: ['fryer'] }],
        ['gpt-live-transcribe', { delay: 'low' }],
        ['gpt-realtime-whisper', { prompt: 'A kitchen.' }]
      ] as const
    ).map(([model, setting]): [string, object, string, string] => [
      `${Object.keys(setting)} for ${model}`,
      { type: 'realtime', audio: { input: { transcription: { model, ...setting } } } },
      'invalid_value',
      `session.audio.input.transcription.${Object.keys(setting)}`
    ]),
    [
      'turn detection with a transcription model that has none',
      {
        type: 'realtime',
        audio: { input: { transcription: { model: 'gpt-realtime-whisper' } } }
      },
      'invalid_value',
      'session.audio.input.turn_detection'
    ],
    [
      'a removed model',
      { type: 'realtime', model: 'gpt-4o-realtime-preview' },
      'model_not_found',
      null
    ]
  ])('refuse %s', async (_what, session, code, param) => {
    const error = await withSession(session)
    expect(error).toMatchObject({ status: 400, code, param, type: 'invalid_request_error' })
  })

  test('refuse a lifetime under ten seconds', async () => {
    const error = await refusal(
      client.realtime.clientSecrets.create({ expires_after: { anchor: 'created_at', seconds: 5 } })
    )
    expect(error.code).toBe('invalid_value')
    expect(error.param).toBe('expires_after.seconds')
  })

  test('refuse a wrong key as an AuthenticationError that does not repeat it', async () => {
    const stranger = new OpenAI({
      apiKey: 'sk-of-another-project-entirely',
      baseURL: standIn.url,
      maxRetries: 0
    })
    const error = await refusal(stranger.realtime.clientSecrets.create({}))
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError)
    expect(error.code).toBe('invalid_api_key')
    expect(error.message).not.toContain('sk-of-another-project-entirely')
  })

  test("refuse the beta's header", async () => {
    const error = await refusal(
      client.realtime.clientSecrets.create({}, { headers: { 'OpenAI-Beta': 'realtime=v1' } })
    )
    expect(error.code).toBe('beta_api_shape_disabled')
  })

  test("are refused at the beta's URL", async () => {
    const error = await refusal(client.post('/realtime/sessions', { body: {} }))
    expect(error.code).toBe('beta_api_shape_disabled')
  })
})

describe('calls', () => {
  const offerWith = (key: string): Promise<Response> =>
    fetch(`${standIn.url}/realtime/calls`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/sdp' },
      body: 'v=0'
    })

  test('refuse what is not an offer', async () => {
    const error = await refusal(
      client.realtime.calls.create({ sdp: 'hello', session: { type: 'realtime' } })
    )
    expect(error.status).toBe(400)
    expect(error.code).toBe('invalid_offer')
  })

  test('check the session that comes in the form', async () => {
    const error = await refusal(
      client.realtime.calls.create({
        sdp: 'v=0',
        session: { type: 'realtime', model: 'gpt-4o-realtime-preview' }
      })
    )
    expect(error.code).toBe('model_not_found')
  })

  test('refuse an unknown ephemeral key', async () => {
    const response = await offerWith('ek_unknown')
    expect(response.status).toBe(401)
    expect((await response.json()).error.code).toBe('invalid_api_key')
  })

  test('refuse an ephemeral key that has expired', async () => {
    await standIn.injectFaults({ expiresInSeconds: 0 })
    const key = await standIn.mint(pushToTalkSession)
    await standIn.injectFaults({ expiresInSeconds: null })
    const response = await offerWith(key)
    expect(response.status).toBe(401)
    expect((await response.json()).error.type).toBe('invalid_request_error')
  })

  test('answer 404 to the hang-up of an unknown call', async () => {
    const error = await refusal(client.realtime.calls.hangup('rtc_none'))
    expect(error).toBeInstanceOf(OpenAI.NotFoundError)
  })

  test('let a page read the Location across origins', async () => {
    const preflight = await fetch(`${standIn.url}/realtime/calls`, {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://127.0.0.1:9',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type,x-openai-agents-sdk'
      }
    })
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('x-openai-agents-sdk')
    const answer = await fetch(`${standIn.url}/realtime/calls`, {
      method: 'POST',
      headers: { Origin: 'http://127.0.0.1:9' }
    })
    expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('Location')
  })
})

describe('embeddings', () => {
  test('reach the client as unit vectors in base64', async () => {
    const answer = await client.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['How hot does chicken have to be?', '¿A qué temperatura se cocina el pollo?']
    })
    expect(answer.model).toBe('text-embedding-3-small')
    expect(answer.data.map(({ embedding }) => embedding.length)).toEqual([1_536, 1_536])
    const length = Math.hypot(...(answer.data[0]?.embedding ?? []))
    expect(length).toBeCloseTo(1, 5)
    expect(answer.usage.total_tokens).toBeGreaterThan(0)
  })

  test('are equal as base64 and as floats', async () => {
    const input = 'Wash your hands for 20 seconds.'
    const model = 'text-embedding-3-small'
    const floats = await client.embeddings.create({ model, input, encoding_format: 'float' })
    const packed = await client.embeddings.create({ model, input })
    expect(packed.data[0]?.embedding).toEqual(floats.data[0]?.embedding)
  })

  test('have the requested dimensions', async () => {
    const answer = await client.embeddings.create({
      model: 'text-embedding-3-large',
      input: 'soup',
      dimensions: 256
    })
    expect(answer.data[0]?.embedding).toHaveLength(256)
  })

  test('refuse an unknown model with 404 and an empty input with 400', async () => {
    const unknown = await refusal(
      client.embeddings.create({ model: 'text-embedding-9', input: 'a' })
    )
    expect([unknown.status, unknown.code]).toEqual([404, 'model_not_found'])
    const empty = await refusal(
      client.embeddings.create({ model: 'text-embedding-3-small', input: '' })
    )
    expect([empty.status, empty.param]).toEqual([400, 'input'])
  })
})

describe('models', () => {
  test('are listed with their shutdown dates', async () => {
    const models = new Map<string, unknown>()
    for await (const model of client.models.list()) models.set(model.id, model)
    expect(models.get('gpt-realtime-2.1')).not.toHaveProperty('shutdown_date')
    expect(models.get('gpt-realtime')).toHaveProperty('shutdown_date', '2027-01-20')
    expect(models.has('gpt-4o-realtime-preview')).toBe(false)
  })
})

describe('injected failures', () => {
  test.each([
    ['clientSecrets', 429, OpenAI.RateLimitError],
    ['clientSecrets', 401, OpenAI.AuthenticationError],
    ['clientSecrets', 500, OpenAI.InternalServerError]
  ] as const)('fail the next %s with %i, once', async (request, status, errorClass) => {
    await standIn.injectFaults({ [request]: { status } })
    expect(await refusal(client.realtime.clientSecrets.create({}))).toBeInstanceOf(errorClass)
    await client.realtime.clientSecrets.create({})
  })

  test('need the standard key', async () => {
    const response = await fetch(standIn.url.replace('/v1', '/local/faults'), {
      method: 'POST',
      body: '{}'
    })
    expect(response.status).toBe(401)
  })
})

test('ends with exit code 0 on SIGTERM', async () => {
  const other = await startStandIn()
  expect(await other.stop()).toBe(0)
})
