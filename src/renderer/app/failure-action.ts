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

const ACTIONS: Readonly<Record<FailureCode, FailureAction>> = {
  not_signed_in: 'sign_in',
  not_a_member: 'sign_in',
  voice_disabled: 'retry',
  ai_disabled: 'retry',
  limit_exceeded: 'retry',
  voice_limit_exceeded: 'retry',
  backend_unreachable: 'retry',
  backend_failed: 'retry',
  model_unreachable: 'retry',
  model_refused: 'retry',
  model_busy: 'retry',
  key_refused: 'retry',
  call_timeout: 'retry',
  call_dropped: 'retry',
  offline: 'retry',
  search_timeout: 'retry',
  answer_failed: 'retry',
  answer_cut_off: 'retry',
  answer_blocked: 'dismiss',
  model_failed: 'retry',
  model_quota: 'retry',
  no_offline_copy: 'retry',
  no_call: 'retry',
  microphone_missing: 'microphone',
  microphone_denied: 'microphone',
  microphone_in_use: 'microphone',
  speaker_failed: 'settings',
  bad_request: 'reload',
  forbidden_sender: 'reload',
  internal: 'reload',
  bridge_lost: 'reload',
  wrong_credentials: 'dismiss',
  section_not_found: 'dismiss',
  locked: 'dismiss',
  wrong_pin: 'dismiss',
  weak_pin: 'dismiss',
  pin_rate_limited: 'dismiss'
}

export const failureAction = (code: FailureCode): FailureAction => ACTIONS[code]
