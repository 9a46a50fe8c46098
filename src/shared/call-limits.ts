// How long a call lives: figures that IT may set for a kiosk, with their defaults and where they come from.
import { z } from 'zod'

/** Milliseconds, each from the first that makes sense to the last. */
const within = (min: number, max: number) => z.number().min(min).max(max)

export const callLimitsSchema = z.strictObject({
  /** A call older than this is replaced in an idle gap, long before the service ends it at 60 minutes. */
  rotateAfterMs: within(1_000, 3_500_000),
  /** A call older than this is replaced even in a busy hour, as soon as no turn is under way. */
  rotateByMs: within(1_000, 3_550_000),
  /** This long without a turn is an idle gap. */
  idleGapMs: within(0, 600_000),
  /**
   * A call that was in use (a turn under way) for this long altogether is ended in the next pause, and the next
   * one starts without its history: what is said on a call is sent again with every answer, and costs.
   */
  useLimitMs: within(1_000, 3_600_000),
  /** A second call that waits to take over: more is not needed, none saves a connection. */
  standby: z.boolean(),
  /** In place of the idle time in the settings; null: a person chooses it there. */
  idleMs: within(1_000, 86_400_000).nullable(),
  /**
   * `auto`: WebRTC, and the relay where it cannot connect. `relay`: for a network that is known to let no UDP
   * through, so that no call waits for what cannot work. `webrtc`: never the relay.
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
