// Sets up a call in one round trip instead of six (WARP), where Chromium and the model support it. After a failure the
// page uses the ordinary setup until it is reloaded.

/** The negotiated stream of the event channel. Not 0, which code may take for none. */
export const WARP_CHANNEL_ID = 1

/** From the answer to the model's first event: one round trip on a bad network, with two lost packets. */
export const WARP_LIMIT_MS = 3_000

export type WarpOffer = {
  /** SCTP's setup is part of the offer (SNAP). */
  snap: boolean
  /** DTLS's setup is part of the connectivity checks (SPED). The SDP does not show DTLS 1.3. */
  sped: boolean
}

export const readWarpOffer = (sdp: string): WarpOffer => ({
  snap: /^a=sctp-init:/m.test(sdp),
  sped: /^a=ice-options:(?:.* )?sped(?: |\r?$)/m.test(sdp)
})

/** Whether the answer accepts the event channel. */
export const hasChannel = (answerSdp: string): boolean => /^m=application [1-9]/m.test(answerSdp)

export type Warp = {
  isOffered: () => Promise<boolean>
  /** The same synchronously; null before the first `isOffered`. */
  known: () => boolean | null
  /** Not tried again until the page is reloaded. */
  refuse: (reason: string) => void
}

/** An unused offer, which shows what this Chromium supports. */
export const createProbeOffer = async (): Promise<string> => {
  const connection = new RTCPeerConnection()
  try {
    connection.createDataChannel('probe', { negotiated: true, id: WARP_CHANNEL_ID })
    return (await connection.createOffer()).sdp ?? ''
  } finally {
    connection.close()
  }
}

export type WarpPorts = {
  /** SDP of an offer with a data channel. */
  offer: () => Promise<string>
  log: (event: string, detail: Record<string, string | boolean>) => void
}

export const createWarp = ({ offer, log }: WarpPorts): Warp => {
  let isRefused = false
  let isThere: boolean | null = null
  let looking: Promise<boolean> | null = null
  const look = async () => {
    try {
      const { snap, sped } = readWarpOffer(await offer())
      if (snap) log('call.warpOffered', { sped })
      isThere = snap
    } catch (error) {
      // The call uses the ordinary setup.
      log('call.warpRefused', { reason: String(error) })
      isThere = false
    }
    return isThere
  }
  return {
    isOffered: async () => {
      looking ??= look()
      return (await looking) && !isRefused
    },
    known: () => (isThere === null ? null : isThere && !isRefused),
    refuse: (reason) => {
      isRefused = true
      log('call.warpRefused', { reason })
    }
  }
}
