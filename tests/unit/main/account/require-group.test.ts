import { expect, it } from 'vitest'
import { createWebRtcCalls } from '../../../../src/main/calls/webrtc-calls.ts'
import { createWebSocketCalls } from '../../../../src/main/calls/websocket-calls.ts'
import { createEdgeFunctions } from '../../../../src/main/edge-function.ts'
import { createRatings } from '../../../../src/main/handbook/feedback.ts'
import { readSection } from '../../../../src/main/handbook/read-section.ts'
import { searchHandbook } from '../../../../src/main/handbook/search.ts'
import type { Result } from '../../../../src/shared/failure.ts'
import { backendPorts, WITHOUT_GROUP } from '../backend-fixture.ts'
import { DIRECT } from '../calls/key-double.ts'
import { serveAnswers } from '../http-double.ts'

const questionId = '9b2f4d6e-1111-4222-8333-444455556666'
type Ports = ReturnType<typeof backendPorts>
const unused = () => {
  throw new Error('must not be called')
}
const callPorts = (ports: Ports) => ({
  ...ports,
  openaiBaseUrl: `${ports.supabaseUrl}/v1`,
  keys: { take: unused, refuse: unused },
  reports: { opened: unused, ended: unused },
  openPort: unused,
  network: DIRECT
})
const requests: Record<string, (ports: Ports) => Promise<Result<unknown>>> = {
  'a WebRTC call': (ports) =>
    createWebRtcCalls(callPorts(ports)).open({ offerSdp: 'v=0\r\n', language: 'en' }),
  'a WebSocket call': (ports) => createWebSocketCalls(callPorts(ports)).open({ language: 'en' }),
  'a search': (ports) =>
    searchHandbook(
      { ...ports, edge: createEdgeFunctions(ports) },
      { questionId, language: 'en', question: 'x', sections: [] }
    ),
  'a section': (ports) =>
    readSection({ ...ports, copy: { section: unused } }, { slug: 'cooling', language: 'en' }),
  'a rating': (ports) => createRatings(ports).enqueue({ questionId, rating: 'up' })
}

it.each(Object.keys(requests))(
  'refuses %s without an account or without a restaurant, and sends nothing',
  async (name) => {
    const server = await serveAnswers([])
    const codeFor = async (account: NonNullable<Parameters<typeof backendPorts>[1]>['account']) => {
      const result = await requests[name]?.(backendPorts(server.url, account ? { account } : {}))
      return result?.ok === false ? result.error.code : null
    }
    expect(await codeFor({ status: 'signed_out' })).toBe('not_signed_in')
    expect(await codeFor(WITHOUT_GROUP)).toBe('not_a_member')
    expect(server.asked).toEqual([])
  }
)
