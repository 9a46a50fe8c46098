// Enables WARP, call set-up in one round trip, through Chromium's field trials. They are start flags: switches that
// Electron's main appends do not reach the page (tried in Electron 33).

/** DTLS 1.3, SCTP's set-up in the offer (SNAP), DTLS in the connectivity checks (SPED). */
const FIELD_TRIALS = ['WebRTC-ForceDtls13', 'WebRTC-Sctp-Snap', 'WebRTC-IceHandshakeDtls'] as const

/** The switch for Chromium or Electron when `HEARD_WARP=1`. */
export const warpFlags = (env: NodeJS.ProcessEnv): string[] =>
  env.HEARD_WARP === '1'
    ? [`--force-fieldtrials=${FIELD_TRIALS.map((name) => `${name}/Enabled/`).join('')}`]
    : []
