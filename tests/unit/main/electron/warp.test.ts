// What Chromium is told before it starts.
import { expect, test } from 'vitest'
import { offerWarp } from '../../../../src/main/electron/warp.ts'

test('the three trials are switched on in the notation that Chromium reads', () => {
  const switches: [string, string | undefined][] = []
  offerWarp({ appendSwitch: (name, value) => switches.push([name, value]) })
  expect(switches).toEqual([
    [
      'force-fieldtrials',
      'WebRTC-ForceDtls13/Enabled/WebRTC-Sctp-Snap/Enabled/WebRTC-IceHandshakeDtls/Enabled/'
    ]
  ])
})
