// Names a failure of the network.
import { expect, test } from 'vitest'
import { kioskFailure } from '../../../../src/renderer/call/failures.ts'
import { reportOffline } from '../../../../src/renderer/call/report-offline.ts'
import type { TransportEvents } from '../../../../src/renderer/call/transport.ts'

test.each([
  ['backend_unreachable', true, 'offline'],
  ['model_unreachable', true, 'offline'],
  ['model_unreachable', false, 'model_unreachable'],
  ['model_busy', true, 'model_busy']
] as const)('reports %s with an offline machine (%s) as %s', async (code, isOffline, reported) => {
  const failing = async () => ({ ok: false as const, failure: kioskFailure(code, '') })
  const open = reportOffline(failing, () => isOffline)
  const attempt = await open(null, {} as TransportEvents, new AbortController().signal)
  expect(attempt).toMatchObject({ ok: false, failure: { code: reported } })
})
