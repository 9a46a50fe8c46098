// A key pool with numbered keys, and a network that is not watched.
import type { KeyPool, KeyPurpose } from '../../../../src/main/calls/key-pool.ts'
import { socketOfWs } from '../../../../src/main/calls/model-socket.ts'
import type { NetworkWatch } from '../../../../src/main/network/network-watch.ts'
import { ok } from '../../../../src/shared/failure.ts'

export const MODEL = 'gpt-realtime-2.1'

/** Every purpose that a key was taken for, in order. */
export type KeyDouble = Pick<KeyPool, 'take'> & { purposes: KeyPurpose[] }

export const createKeyDouble = (): KeyDouble => {
  const purposes: KeyPurpose[] = []
  return {
    purposes,
    take: async (purpose) => {
      purposes.push(purpose)
      return ok({
        value: `ek_${purposes.length}`,
        model: MODEL,
        expiresAtMs: Number.MAX_SAFE_INTEGER,
        wasReady: purposes.length === 1
      })
    }
  }
}

/** A direct connection. */
export const DIRECT: Pick<NetworkWatch, 'socketOpeners' | 'answered' | 'failed'> = {
  socketOpeners: async () => [socketOfWs({})],
  answered: () => {},
  failed: () => {}
}
