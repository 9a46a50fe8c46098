// A key pool with numbered keys, the calls that it opened, and a network that is not watched.
import type { KeyPool, KeyPurpose } from '../../../../src/main/calls/key-pool.ts'
import { socketOfWs } from '../../../../src/main/calls/model-socket.ts'
import type { NetworkWatch } from '../../../../src/main/network/network-watch.ts'
import type { CallReports } from '../../../../src/main/usage/call-reports.ts'
import { ok } from '../../../../src/shared/failure.ts'

export const MODEL = 'gpt-realtime-2.1'
const TRANSCRIPTION_MODEL = 'gpt-live-transcribe'

export type KeyDouble = Pick<KeyPool, 'take' | 'refuse'> & {
  /** Every purpose that a key was taken for, in order. */
  purposes: KeyPurpose[]
  /** Values of the keys that the model refused. */
  refused: string[]
}

export const createKeyDouble = (): KeyDouble => {
  const purposes: KeyPurpose[] = []
  const refused: string[] = []
  return {
    purposes,
    refused,
    take: async (purpose) => {
      purposes.push(purpose)
      const place = purposes.length
      return ok({
        id: `key-${place}`,
        value: `ek_${place}`,
        model: MODEL,
        transcriptionModel: TRANSCRIPTION_MODEL,
        expiresAtMs: Number.MAX_SAFE_INTEGER,
        wasReady: place === 1
      })
    },
    refuse: ({ value }) => refused.push(value)
  }
}

/** Records `opened key-1 rtc_1` and `ended rtc_1`. */
export const createReportsDouble = (): Pick<CallReports, 'opened' | 'ended'> & {
  reported: string[]
} => {
  const reported: string[] = []
  return {
    reported,
    opened: ({ id, keyId }) => reported.push(`opened ${keyId} ${id}`),
    ended: async (id) => {
      reported.push(`ended ${id}`)
    }
  }
}

/** A direct connection. */
export const DIRECT: Pick<NetworkWatch, 'socketOpeners' | 'answered' | 'failed'> = {
  socketOpeners: async () => [socketOfWs({})],
  answered: () => {},
  failed: () => {}
}
