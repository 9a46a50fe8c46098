// Probes for WARP and remembers a refusal.
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

test('reads the extensions of an offer', () => {
  expect(readWarpOffer(PLAIN)).toEqual({ snap: false, sped: false })
  expect(readWarpOffer(WITH_TRIALS)).toEqual({ snap: true, sped: true })
})

test('tells an answer without an event channel', () => {
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

test('probes once', async () => {
  const { warp, offers, logged } = setUp(WITH_TRIALS)
  expect(await Promise.all([warp.isOffered(), warp.isOffered()])).toEqual([true, true])
  expect(await warp.isOffered()).toBe(true)
  expect(offers()).toBe(1)
  expect(logged).toEqual(['call.warpOffered'])
})

test('is known after the probe only, and not offered after a refusal, which is logged', async () => {
  const { warp, logged } = setUp(WITH_TRIALS)
  expect(warp.known()).toBeNull()
  expect(await warp.isOffered()).toBe(true)
  expect(warp.known()).toBe(true)
  warp.refuse('call_timeout')
  expect(await warp.isOffered()).toBe(false)
  expect(warp.known()).toBe(false)
  expect(logged).toEqual(['call.warpOffered', 'call.warpRefused'])
})

test('logs nothing where Chromium does not support it', async () => {
  const { warp, logged } = setUp(PLAIN)
  expect(await warp.isOffered()).toBe(false)
  expect(logged).toEqual([])
})

test('is not offered when the probe fails', async () => {
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
