// Proves negotiated data channels (`?dcid=N`), which save the round trip of an announcement.
import { afterEach, expect, test } from 'vitest'
import { setUpBrowser } from './chromium.ts'
import { hasTools } from './required-tools.ts'
import { pushToTalkSession, setUpStandIn } from './stand-in.ts'

const isComplete = hasTools('chromium')
const standIn = setUpStandIn(isComplete)
const browser = setUpBrowser(isComplete)

afterEach(() => browser.page.evaluate(() => window.negotiated?.close()))

type Plan = { channelId: number; dcid: string | null; announced: boolean }

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

test('carries all events from session.created on', async () => {
  expect((await call({})).status).toBe(201)
  const types = await browser.page.evaluate(async () => {
    const { watch, send } = window.negotiated
    await watch.until(({ event }) => event.type === 'session.created')
    send({ type: 'input_audio_buffer.clear' })
    await watch.until(({ event }) => event.type === 'input_audio_buffer.cleared')
    return watch.seen.map(({ event }) => event.type)
  })
  expect(types).toEqual(['session.created', 'conversation.created', 'input_audio_buffer.cleared'])
})

test('hangs up on a client that announces another channel', async () => {
  expect((await call({ announced: true })).status).toBe(201)
  await browser.page.waitForFunction(() => window.negotiated.closed())
  await expect.poll(async () => (await standIn.state()).calls.length).toBe(0)
})

test.each(['', '-1', '65535', '1.5', 'seven'])('refuses dcid=%s', async (dcid) => {
  const { status, text } = await call({ dcid })
  expect(status).toBe(400)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'invalid_value', param: 'dcid' } })
})

test('waits for an announced channel without dcid', async () => {
  expect((await call({ dcid: null, announced: true })).status).toBe(201)
  await expect
    .poll(async () => (await standIn.state()).calls.at(-1)?.channelOpen, { timeout: 10_000 })
    .toBe(true)
  expect(await browser.page.evaluate(() => window.negotiated.watch.seen.length)).toBe(0)
})
