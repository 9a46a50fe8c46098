// A channel negotiated beforehand (`?dcid=N`), which saves the round trip of announcing one.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Browser, openBrowser } from './chromium.ts'
import { hasTools } from './required-tools.ts'
import { pushToTalkSession, type StandIn, startStandIn } from './stand-in.ts'

const isComplete = hasTools('chromium')
let standIn: StandIn
let browser: Browser

beforeAll(async () => {
  if (!isComplete) return
  standIn = await startStandIn()
  browser = await openBrowser()
})
afterEach(() => browser.page.evaluate(() => window.negotiated?.close()))
afterAll(async () => {
  await browser?.close()
  await standIn?.stop()
})

type Plan = { channelId: number; dcid: string | null; announced: boolean }

/** Returns the status and the text of the answer. */
const call = async (plan: Partial<Plan>): Promise<{ status: number; text: string }> => {
  const whole: Plan = { channelId: 7, dcid: '7', announced: false, ...plan }
  return browser.page.evaluate(
    async ([url, key, given]) => {
      window.negotiated = await window.fidelity.driveNegotiated(url, key, given)
      return { status: window.negotiated.status, text: window.negotiated.text }
    },
    [standIn.url, await standIn.mint(pushToTalkSession), whole] as const
  )
}

test('carries the events from session.created on, and none is announced', async () => {
  expect((await call({})).status).toBe(201)
  const types = await browser.page.evaluate(async () => {
    const { watch, send } = window.negotiated
    await window.fidelity.waitFor(watch, 'session.created', 0)
    send({ type: 'input_audio_buffer.clear' })
    await window.fidelity.waitFor(watch, 'input_audio_buffer.cleared', 0)
    return watch.seen.map(({ event }) => event.type)
  })
  expect(types).toEqual(['session.created', 'input_audio_buffer.cleared'])
})

test('a client that announces another channel is hung up on', async () => {
  expect((await call({ announced: true })).status).toBe(201)
  await browser.page.waitForFunction(() => window.negotiated.closed())
  await expect.poll(async () => (await standIn.state()).calls.length).toBe(0)
})

test.each(['', '-1', '65535', '1.5', 'seven'])('dcid=%s is refused', async (dcid) => {
  const { status, text } = await call({ dcid })
  expect(status).toBe(400)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'invalid_value', param: 'dcid' } })
})

test('without dcid the stand-in waits for a channel that is announced', async () => {
  expect((await call({ dcid: null, announced: true })).status).toBe(201)
  await expect
    .poll(async () => (await standIn.state()).calls.at(-1)?.channelOpen, { timeout: 10_000 })
    .toBe(true)
  expect(await browser.page.evaluate(() => window.negotiated.watch.seen.length)).toBe(0)
})
