// The reports of calls and costs, against a real HTTP server in place of the backend.
import { expect, it } from 'vitest'
import { createCallReports } from '../../../../src/main/usage/call-reports.ts'
import { createCostReports } from '../../../../src/main/usage/cost-reports.ts'
import { eventually } from '../../../eventually.ts'
import { type BackendOptions, backendPorts, GROUP } from '../backend-fixture.ts'
import { createFakeClock } from '../fake-clock.ts'
import { deadUrl, type GivenAnswer, type HttpDouble, serveAnswers } from '../http-double.ts'

const ACCEPTED: GivenAnswer = { status: 204 }
const MODELS = { model: 'gpt-realtime-2.1', transcriptionModel: 'gpt-transcribe' }
const CALL = { id: 'rtc_1', groupId: GROUP.id, keyId: 'key-1', models: MODELS }

const reportsAt = (url: string, options: BackendOptions = {}) => {
  const clock = createFakeClock()
  const ports = backendPorts(url, { clock, ...options })
  return { calls: createCallReports(ports), clock, log: ports.log, ports }
}
const receivedBy = ({ asked }: HttpDouble) =>
  asked.map(({ path, body }) => ({ rpc: path.split('/').at(-1), ...JSON.parse(body) }))

it('reports a call when it opens, and its length when it ends', async () => {
  const server = await serveAnswers([], ACCEPTED)
  const { calls, clock } = reportsAt(server.url)
  calls.opened(CALL)
  await eventually(() => expect(server.asked).toHaveLength(1))
  await clock.advance(90_400)
  await calls.ended('rtc_1')
  await calls.ended('rtc_1')
  const report = { rpc: 'report_call', _group_id: GROUP.id, _key_id: 'key-1', _call_id: 'rtc_1' }
  expect(receivedBy(server)).toEqual([report, { ...report, _seconds: 90 }])
})

it('reports a call to its own restaurant after another one was chosen', async () => {
  const server = await serveAnswers([], ACCEPTED)
  const { calls } = reportsAt(server.url)
  const groupId = '7f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e99'
  calls.opened({ ...CALL, groupId })
  await calls.ended('rtc_1')
  expect(receivedBy(server).at(-1)).toMatchObject({ _group_id: groupId, _seconds: 0 })
})

it('notifies of the end of the last call', async () => {
  const { calls } = reportsAt(await deadUrl())
  let idle = 0
  calls.onIdle(() => {
    idle += 1
  })
  calls.opened(CALL)
  calls.opened({ ...CALL, id: 'rtc_2' })
  await calls.ended('rtc_1')
  expect(idle).toBe(0)
  await calls.ended('rtc_2')
  expect(idle).toBe(1)
})

it('sends the last report before it stops', async () => {
  const server = await serveAnswers([], ACCEPTED)
  const { calls, log } = reportsAt(server.url)
  calls.opened(CALL)
  void calls.ended('rtc_1')
  await calls.stop()
  expect(receivedBy(server).at(-1)).toMatchObject({ _call_id: 'rtc_1', _seconds: 0 })
  expect(log.events()).not.toContain('callReports.lost')
})

const COST = {
  questionId: '9b2f4d6e-1111-4222-8333-444455556666',
  textInput: 5_200,
  textCached: 4_800,
  textOutput: 90,
  audioInput: 60,
  audioCached: 10,
  audioOutput: 240,
  transcriptionSeconds: 4
}

it('reports the tokens of a turn with the models of the last call', async () => {
  const server = await serveAnswers([], ACCEPTED)
  const { calls, ports } = reportsAt(await deadUrl())
  const costs = createCostReports({ ...ports, supabaseUrl: server.url }, calls.models)
  await costs.enqueue(COST)
  calls.opened(CALL)
  await costs.enqueue(COST)
  const [first, second] = receivedBy(server)
  // The backend counts an unknown model with its dearest price.
  expect(first).toMatchObject({ _model: 'unknown', _transcription_model: 'unknown' })
  expect(second).toEqual({
    rpc: 'report_cost',
    _group_id: GROUP.id,
    _question_id: COST.questionId,
    _model: MODELS.model,
    _text_input: 5_200,
    _text_cached: 4_800,
    _text_output: 90,
    _audio_input: 60,
    _audio_cached: 10,
    _audio_output: 240,
    _transcription_model: MODELS.transcriptionModel,
    _transcription_seconds: 4
  })
})
