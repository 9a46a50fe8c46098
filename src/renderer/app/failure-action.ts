// Names the action that the banner offers for each failure; i18n/ has its sentence and label.
import type { FailureCode } from '../../shared/failure.ts'

export type FailureAction =
  /** Asks the failed question again; without one, opens the call now. */
  | 'retry'
  | 'sign_in'
  /** Reopens the microphone. */
  | 'microphone'
  /** Opens the settings, to choose a device. */
  | 'settings'
  | 'reload'
  | 'dismiss'

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
