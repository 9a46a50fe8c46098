// Bad networks between a real Chromium and the stand-in: every packet goes through the relay, which loses the same
// ones for the same seed.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { NetworkEmulatorState } from '../../dev/openai/network-emulator.ts'
import type { NetworkName } from '../../dev/openai/network-profiles.ts'
import { NETWORK_PROFILES, packetOutcome } from '../../dev/openai/network-profiles.ts'
import {
  type Browser,
  connectHelper,
  countEvents,
  openBrowser,
  sendEvents,
  waitForEvent
} from './chromium.ts'
import { hasTools } from './required-tools.ts'
import { pushToTalkSession, type StandIn, startStandIn } from './stand-in.ts'

const SEED = 7

/** Each way; set-up alone takes about forty. */
const COMPARED_PACKETS = 25

const isComplete = hasTools('chromium', 'espeak-ng')
let standIn: StandIn
let browser: Browser

beforeAll(async () => {
  if (!isComplete) return
  standIn = await startStandIn(['--brief'])
  browser = await openBrowser()
})
afterEach(async () => {
  await browser.page.evaluate(() => window.helper?.close())
  await standIn.injectFaults({ network: null, dropCalls: { silently: true } })
})
afterAll(async () => {
  await browser?.close()
  await standIn?.stop()
})

const connect = async (profile: NetworkName, seed = SEED): Promise<void> => {
  await standIn.injectFaults({ network: { profile, seed } })
  await connectHelper(browser.page, standIn.url, await standIn.mint(pushToTalkSession))
}

/** A typed question, to the end of the tool call. */
const ask = async (): Promise<string> => {
  const from = await countEvents(browser.page)
  await sendEvents(browser.page, [
    {
      type: 'conversation.item.create',
      item: {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: 'How hot does chicken have to be?' }]
      }
    },
    { type: 'response.create' }
  ])
  const done = (await waitForEvent(browser.page, 'response.done', from)).at(-1)?.event
  return done?.type === 'response.done' ? (done.response.output?.[0]?.type ?? '') : ''
}

/** What the relay of the newest call did. */
const relayed = async (): Promise<NetworkEmulatorState> => {
  const network = (await standIn.state()).calls.at(-1)?.network ?? null
  if (network === null) throw new Error('The call is on no planned network.')
  return network
}

const openCalls = async (): Promise<number> => (await standIn.state()).calls.length

const packetsOf = async (): Promise<number> => {
  const { up, down } = await relayed()
  return up.packets + down.packets
}

describe('a planned network', () => {
  test.each(['clear', 'wifi', 'busy_wifi', 'poor', 'very_bad'] as const)(
    '%s carries a call and a typed turn, and loses the packets that the seed names',
    async (profile) => {
      await connect(profile)
      expect(await ask()).toBe('function_call')
      const { lossShare } = NETWORK_PROFILES[profile]
      const { up, down } = await relayed()
      for (const [direction, way] of [['up', up] as const, ['down', down] as const]) {
        const numbers = Array.from({ length: way.packets }, (_, number) => number)
        expect(way.lost).toEqual(
          numbers.filter((number) => packetOutcome(SEED, direction, number).luck < lossShare)
        )
      }
    }
  )

  test('is the only way between the two', async () => {
    await connect('clear')
    const [address, ...others] = await browser.page.evaluate(() => window.helper.remoteAddresses())
    expect(others).toEqual([])
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    const before = await relayed()
    expect(await ask()).toBe('function_call')
    const after = await relayed()
    expect(after.up.packets).toBeGreaterThan(before.up.packets)
    expect(after.down.packets).toBeGreaterThan(before.down.packets)
  })

  test('loses the same packets in two calls with one seed, and others with another', async () => {
    const regressionsFromError = async (seed: number): Promise<readonly number[]> => {
      await connect('busy_wifi', seed)
      await ask()
      // Down to the same number of packets in every call, whatever it sent beyond them.
      await expect.poll(packetsOf, { timeout: 30_000 }).toBeGreaterThan(60)
      const { down } = await relayed()
      await browser.page.evaluate(() => window.helper.close())
      return down.lost.filter((number) => number < COMPARED_PACKETS)
    }
    const first = await regressionsFromError(SEED)
    expect(first.length).toBeGreaterThan(0)
    expect(await regressionsFromError(SEED)).toEqual(first)
    expect(await regressionsFromError(SEED + 1)).not.toEqual(first)
  })

  test('that is dead for 3 s comes back with the same call', async () => {
    await connect('clear')
    const { callId } = (await standIn.state()).calls.at(-1) ?? {}
    await standIn.injectFaults({ blip: { forMs: 3_000 } })
    // Asked into the silence: SCTP says it again until it is heard.
    expect(await ask()).toBe('function_call')
    expect((await standIn.state()).calls.at(-1)?.callId).toBe(callId)
    const { up, down } = await relayed()
    expect(up.droppedInBlips + down.droppedInBlips).toBeGreaterThan(0)
    expect(await browser.page.evaluate(() => window.helper.closed)).toEqual([])
  })

  test('that is blocked never connects', async () => {
    const key = await standIn.mint(pushToTalkSession)
    await standIn.injectFaults({ network: { profile: 'blocked', seed: SEED } })
    await browser.page.evaluate(
      ([url, secret]) => {
        window.helper = window.fidelity.driveHelper()
        // Nobody waits for it: it never comes.
        void window.helper.connect(url, secret).catch(() => undefined)
      },
      [standIn.url, key] as const
    )
    await expect.poll(openCalls).toBe(1)
    await expect.poll(async () => (await relayed()).up.lostCount).toBeGreaterThan(5)
    const { down, up } = await relayed()
    expect([up.packets - up.lostCount, down.packets - down.lostCount]).toEqual([0, 0])
    expect((await standIn.state()).calls[0]?.channelOpen).toBe(false)
  })

  test('ends with its call: nothing of it is left once the client has hung up', async () => {
    await connect('wifi')
    await browser.page.evaluate(() => window.helper.close())
    await expect.poll(openCalls).toBe(0)
  })
})
