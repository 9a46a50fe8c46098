// WARP, a call that is set up in one round trip, is behind field trials in Chromium: they are given when it starts.
// Not by Electron's main: what it appends to the command line does not reach the page (tried in Electron 33).

/** DTLS 1.3, SCTP's set-up in the offer (SNAP), DTLS in the connectivity checks (SPED). */
const FIELD_TRIALS = ['WebRTC-ForceDtls13', 'WebRTC-Sctp-Snap', 'WebRTC-IceHandshakeDtls'] as const

/** The switch for Chromium or Electron when `HEARD_WARP=1`. What is offered then, the page finds out by itself. */
export const warpFlags = (env: NodeJS.ProcessEnv): string[] =>
  env.HEARD_WARP === '1'
    ? [`--force-fieldtrials=${FIELD_TRIALS.map((name) => `${name}/Enabled/`).join('')}`]
    : []
