// Learning a key or a pedal by pressing it.
import type { Binding } from '../../shared/settings.ts'

/** Why a key cannot be the talk key. */
export type KeyRefusal = 'modifier' | 'lock' | 'enter' | 'tab' | 'escape' | 'unknown' | 'taken' | 'too_many'

export type LearnStep =
  | { kind: 'waiting' }
  /** Said on the screen; it goes on waiting for another key. */
  | { kind: 'refused'; code: string; reason: KeyRefusal }
  /** Pressed: it is to be held for a moment and let go. */
  | { kind: 'pressed'; label: string }
  /**
   * It sends press and release at once, whatever the foot does: learned all the same, and to be used with
   * `talkMode: 'tap'`, or programmed as a plain key (PCsensor: key mode, not string mode).
   */
  | { kind: 'learned'; binding: Binding; sendsTaps: boolean; types: boolean }
