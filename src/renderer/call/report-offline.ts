// Reports `offline` instead of an unreachable server while the machine has no network.
import { kioskFailure } from './failures.ts'
import type { OpenTransport } from './transport.ts'

export const reportOffline =
  (open: OpenTransport, isOffline: () => boolean): OpenTransport =>
  async (...args) => {
    const attempt = await open(...args)
    if (attempt.ok || !isOffline()) return attempt
    const { code, message } = attempt.failure
    const isNetwork = code === 'backend_unreachable' || code === 'model_unreachable'
    return isNetwork ? { ok: false, failure: kioskFailure('offline', message) } : attempt
  }
