// WARP: a call that is set up in one round trip instead of six, where this Chromium offers it and the model takes
// it. What does not work is left, for as long as the page lives, without a word on the screen.

/** Stream of the event channel, agreed on beforehand. Not 0, which is too easily taken for none. */
export const WARP_CHANNEL_ID = 1

/** From the answer to the model's first word: one round trip, on a bad network with two packets lost. */
export const WARP_LIMIT_MS = 3_000

export type WarpOffer = {
  /** SCTP's set-up rides in the offer (SNAP). */
  snap: boolean
  /** DTLS's set-up rides in the connectivity checks (SPED). DTLS 1.3 itself does not show. */
  sped: boolean
}

/** What an offer's SDP says of it. */
export const readWarpOffer = (sdp: string): WarpOffer => ({
  snap: /^a=sctp-init:/m.test(sdp),
  sped: /^a=ice-options:(?:.* )?sped(?: |\r?$)/m.test(sdp)
})

/** Whether the answer has a channel for events at all. */
export const hasChannel = (answerSdp: string): boolean => /^m=application [1-9]/m.test(answerSdp)

export type Warp = {
  /** Whether the next call is to be set up this way. */
  isOffered: () => Promise<boolean>
  /** The same, at once; null before it was looked for. */
  known: () => boolean | null
  /** It did not work: it is not tried again while this page lives. */
  refuse: (reason: string) => void
}

/** An offer that goes nowhere, to see what this Chromium puts into one. */
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

/** Looks once, at the first call. */
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
      // No reason to have no call at all.
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
