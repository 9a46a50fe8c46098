// The limits of a call, which IT may set, and their defaults.
import { z } from 'zod'

/** Milliseconds. */
const within = (min: number, max: number) => z.number().min(min).max(max)

export const callLimitsSchema = z.strictObject({
  /** An older call rotates in an idle gap. The service ends a call at 60 minutes. */
  rotateAfterMs: within(1_000, 3_500_000),
  /** An older call rotates as soon as no turn is active. */
  rotateByMs: within(1_000, 3_550_000),
  /** Time without a turn that makes an idle gap. */
  idleGapMs: within(0, 600_000),
  /**
   * Total time of turns after which a call rotates in the next pause. The next call starts without its history, which every
   * answer sends and pays again.
   */
  useLimitMs: within(1_000, 3_600_000),
  /** Keeps a standby call. */
  standby: z.boolean(),
  /** Overrides the idle time of the settings; null: the settings decide. */
  idleMs: within(1_000, 86_400_000).nullable(),
  /**
   * `auto`: WebRTC, and the WebSocket where WebRTC cannot connect. `websocket`: for a network that is known to block UDP,
   * so that no call waits for WebRTC. `webrtc`: never the WebSocket.
   */
  path: z.enum(['auto', 'webrtc', 'websocket'])
})
export type CallLimits = z.infer<typeof callLimitsSchema>

export const DEFAULT_CALL_LIMITS: CallLimits = {
  rotateAfterMs: 50 * 60_000,
  rotateByMs: 58 * 60_000,
  idleGapMs: 5_000,
  useLimitMs: 10 * 60_000,
  standby: true,
  idleMs: null,
  path: 'auto'
}
