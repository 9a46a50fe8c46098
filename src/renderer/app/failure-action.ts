// The one thing to press for each failure. The sentence and the label are in i18n/, by the same code.
import type { FailureCode } from '../../shared/failure.ts'

export type FailureAction =
  /** Asks the question that failed again; without one, opens the call again now. */
  | 'retry'
  /** Goes to the sign-in screen. */
  | 'sign_in'
  /** Opens the microphone again. */
  | 'microphone'
  /** Opens the settings, where the device is chosen. */
  | 'settings'
  /** Loads the page again. */
  | 'reload'
  /** Puts the message away. */
  | 'dismiss'

/** What the button beside the sentence does. */
export const failureAction = (code: FailureCode): FailureAction => {
  switch (code) {
    case 'not_signed_in':
    case 'not_a_member':
      return 'sign_in'
    case 'voice_disabled':
    case 'ai_disabled':
    case 'limit_exceeded':
    case 'backend_unreachable':
    case 'backend_failed':
    case 'model_unreachable':
    case 'model_refused':
    case 'model_busy':
    case 'key_refused':
    case 'call_timeout':
    case 'call_dropped':
    case 'offline':
    case 'search_timeout':
    case 'answer_failed':
    case 'no_offline_copy':
    case 'no_call':
      return 'retry'
    case 'microphone_missing':
    case 'microphone_denied':
    case 'microphone_in_use':
      return 'microphone'
    case 'speaker_failed':
      return 'settings'
    case 'bad_request':
    case 'forbidden_sender':
    case 'internal':
    case 'bridge_lost':
      return 'reload'
    case 'wrong_credentials':
    case 'section_not_found':
    case 'locked':
    case 'wrong_pin':
    case 'pin_rate_limited':
      return 'dismiss'
    default:
      return code satisfies never
  }
}
