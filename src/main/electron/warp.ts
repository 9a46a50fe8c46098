// WARP in Electron: a page cannot ask for it, so Chromium is told before it starts. What it offers then is for the
// page to find out.
import type { App } from 'electron'

/** DTLS 1.3, SCTP's set-up in the offer (SNAP), DTLS in the connectivity checks (SPED). */
const FIELD_TRIALS = ['WebRTC-ForceDtls13', 'WebRTC-Sctp-Snap', 'WebRTC-IceHandshakeDtls'] as const

/** Chromium's own notation: name and group in turn, each followed by a slash. */
export const WARP_FIELD_TRIALS = FIELD_TRIALS.map((name) => `${name}/Enabled/`).join('')

/** Has to run before the app is ready. */
export const offerWarp = (commandLine: Pick<App['commandLine'], 'appendSwitch'>): void =>
  commandLine.appendSwitch('force-fieldtrials', WARP_FIELD_TRIALS)
