// Proves calls of a real Chromium over the network emulator.
import { afterEach, describe, expect, test } from 'vitest'
import type { NetworkEmulatorState } from '../../dev/openai/network-emulator.ts'
import type { NetworkName } from '../../dev/openai/network-profiles.ts'
import { NETWORK_PROFILES, packetOutcome } from '../../dev/openai/network-profiles.ts'
import { askByText, connectHelper, setUpBrowser } from './chromium.ts'
import { hasTools } from './required-tools.ts'
import { pushToTalkSession, setUpStandIn } from './stand-in.ts'

const SEED = 7

const isComplete = hasTools('chromium', 'espeak-ng')
const standIn = setUpStandIn(isComplete, ['--brief'])
const browser = setUpBrowser(isComplete)

afterEach(async () => {
  await browser.page.evaluate(() => window.helper?.close())
  await standIn.injectFaults({ network: null, dropCalls: { silently: true } })
})

const connect = async (profile: NetworkName): Promise<void> => {
  await standIn.injectFaults({ network: { profile, seed: SEED } })
  await connectHelper(browser.page, standIn.url, await standIn.mint(pushToTalkSession))
}

const emulatorState = async (): Promise<NetworkEmulatorState> => {
  const network = (await standIn.state()).calls.at(-1)?.network ?? null
  if (network === null) throw new Error('The call has no network emulator.')
  return network
}

describe('the network emulator', () => {
  test.each(['clear', 'wifi', 'busy_wifi', 'poor', 'very_bad'] as const)(
    'carries a call and a typed turn on %s and loses the packets of its seed',
    async (profile) => {
      await connect(profile)
      expect(await askByText(browser.page)).toMatch(/^call_/)
      const { lossShare } = NETWORK_PROFILES[profile]
      const { up, down } = await emulatorState()
      for (const [direction, way] of [['up', up] as const, ['down', down] as const]) {
        const numbers = Array.from({ length: way.packets }, (_, number) => number)
        expect(way.lost).toEqual(
          numbers.filter((number) => packetOutcome(SEED, direction, number).luck < lossShare)
        )
      }
    }
  )

  test('is the only path between client and stand-in', async () => {
    await connect('clear')
    const [address, ...others] = await browser.page.evaluate(() => window.helper.remoteAddresses())
    expect(others).toEqual([])
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    const before = await emulatorState()
    expect(await askByText(browser.page)).toMatch(/^call_/)
    const after = await emulatorState()
    expect(after.up.packets).toBeGreaterThan(before.up.packets)
    expect(after.down.packets).toBeGreaterThan(before.down.packets)
  })

  test('keeps the call through a blip of 3 s', async () => {
    await connect('clear')
    const { callId } = (await standIn.state()).calls.at(-1) ?? {}
    await standIn.injectFaults({ blip: { forMs: 3_000 } })
    // SCTP retransmits the question until the blip ends.
    expect(await askByText(browser.page)).toMatch(/^call_/)
    expect((await standIn.state()).calls.at(-1)?.callId).toBe(callId)
    const { up, down } = await emulatorState()
    expect(up.droppedInBlips + down.droppedInBlips).toBeGreaterThan(0)
    expect(await browser.page.evaluate(() => window.helper.closed)).toEqual([])
  })
})
