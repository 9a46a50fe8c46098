// Whether the quick way is offered, and that it is left for good once it did not work.
import { expect, test } from 'vitest'
import { createWarp, hasChannel, readWarpOffer } from '../../../../src/renderer/call/warp.ts'

/** Lines of an offer of Chromium 156, with and without its three field trials. */
const PLAIN = [
  'v=0',
  'a=ice-options:trickle',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  ''
].join('\r\n')
const WITH_TRIALS = [
  'v=0',
  'a=ice-options:trickle sped googspedv1',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  'a=sctp-init:AQAAHqFhYrkAUAAA/////3Kk8XvAAAAEgAgABoLA',
  ''
].join('\r\n')

test('an offer says what it has', () => {
  expect(readWarpOffer(PLAIN)).toEqual({ snap: false, sped: false })
  expect(readWarpOffer(WITH_TRIALS)).toEqual({ snap: true, sped: true })
})

test('an answer without a channel for events is told apart', () => {
  expect(hasChannel(PLAIN)).toBe(true)
  expect(hasChannel(PLAIN.replace('application 9', 'application 0'))).toBe(false)
  expect(hasChannel('v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n')).toBe(false)
})

const setUp = (sdp: string) => {
  let offers = 0
  const logged: string[] = []
  const warp = createWarp({
    offer: async () => {
      offers += 1
      return sdp
    },
    log: (event) => logged.push(event)
  })
  return { warp, logged, offers: () => offers }
}

test('it is looked for once', async () => {
  const { warp, offers, logged } = setUp(WITH_TRIALS)
  expect(await Promise.all([warp.isOffered(), warp.isOffered()])).toEqual([true, true])
  expect(await warp.isOffered()).toBe(true)
  expect(offers()).toBe(1)
  expect(logged).toEqual(['call.warpOffered'])
})

test('what was found is known at once, and nothing before', async () => {
  const { warp } = setUp(WITH_TRIALS)
  expect(warp.known()).toBeNull()
  await warp.isOffered()
  expect(warp.known()).toBe(true)
  warp.refuse('call_timeout')
  expect(warp.known()).toBe(false)
})

test('once refused it is not offered again, and the log has it', async () => {
  const { warp, logged } = setUp(WITH_TRIALS)
  expect(await warp.isOffered()).toBe(true)
  warp.refuse('call_timeout')
  expect(await warp.isOffered()).toBe(false)
  expect(logged).toEqual(['call.warpOffered', 'call.warpRefused'])
})

test('where Chromium has none of it nothing is said', async () => {
  const { warp, logged } = setUp(PLAIN)
  expect(await warp.isOffered()).toBe(false)
  expect(logged).toEqual([])
})

test('an offer that cannot be made is no reason to have no call', async () => {
  const logged: string[] = []
  const warp = createWarp({
    offer: async () => {
      throw new Error('no more peer connections')
    },
    log: (event) => logged.push(event)
  })
  expect(await warp.isOffered()).toBe(false)
  expect(await warp.isOffered()).toBe(false)
  expect(logged).toEqual(['call.warpRefused'])
})
