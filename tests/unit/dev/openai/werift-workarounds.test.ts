// Tests the order of an answer's candidates.
import { expect, test } from 'vitest'
import { withLoopbackLast } from '../../../../dev/openai/werift-workarounds.ts'

const LOOPBACK = 'a=candidate:1 1 udp 2116026367 127.0.0.1 4000 typ host'
const OWN = 'a=candidate:2 1 udp 2116026367 192.0.2.2 4001 typ host'

test('makes loopback the last candidate of every section', () => {
  const section = [LOOPBACK, OWN, 'a=end-of-candidates']
  const sdp = ['v=0', 'm=audio', ...section, 'm=application', ...section, ''].join('\r\n')
  const last = 'a=candidate:1 1 udp 1 127.0.0.1 4000 typ host'
  const wanted = [OWN, last, 'a=end-of-candidates']
  expect(withLoopbackLast(sdp)).toBe(
    ['v=0', 'm=audio', ...wanted, 'm=application', ...wanted, ''].join('\r\n')
  )
})

test('leaves SDP without candidates unchanged', () => {
  expect(withLoopbackLast('v=0\r\nm=audio\r\n')).toBe('v=0\r\nm=audio\r\n')
  expect(withLoopbackLast('')).toBe('')
})
