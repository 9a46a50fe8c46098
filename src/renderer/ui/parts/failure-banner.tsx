// The failure's sentence and the button that offers the way out.
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FailureCode } from '../../../shared/failure.ts'
import type { NetworkProblem } from '../../../shared/network.ts'
import type { en } from '../i18n/en.ts'
import { Button } from './button.tsx'

const LABELS: Record<FailureCode, keyof typeof en.failure_button> = {
  locked: 'ok',
  wrong_pin: 'ok',
  weak_pin: 'ok',
  pin_rate_limited: 'ok',
  bad_request: 'start_again',
  forbidden_sender: 'start_again',
  not_signed_in: 'sign_in',
  wrong_credentials: 'ok',
  not_a_member: 'sign_in_again',
  voice_disabled: 'check_again',
  ai_disabled: 'check_again',
  limit_exceeded: 'check_again',
  voice_limit_exceeded: 'check_again',
  backend_unreachable: 'try_again',
  backend_failed: 'try_again',
  search_timeout: 'ask_again',
  model_unreachable: 'try_again',
  model_refused: 'try_again',
  model_busy: 'try_now',
  key_refused: 'try_again',
  section_not_found: 'ok',
  no_offline_copy: 'try_again',
  no_call: 'ask_again',
  internal: 'start_again',
  microphone_missing: 'look_again',
  microphone_denied: 'try_again',
  microphone_in_use: 'try_again',
  speaker_failed: 'choose_speaker',
  call_timeout: 'try_again',
  call_dropped: 'call_now',
  answer_failed: 'ask_again',
  answer_cut_off: 'ask_again',
  answer_blocked: 'ok',
  model_failed: 'ask_again',
  model_quota: 'check_again',
  offline: 'try_again',
  bridge_lost: 'start_again'
}

type Props = {
  code: FailureCode
  /** Behind the failure; its sentence replaces the failure's. */
  network?: NetworkProblem | null
  /** A cook reads the place and what still works; at the sign-in IT reads the cause. */
  isSignedIn?: boolean
  onAction: () => void
}

export const FailureBanner = ({ code, network = null, isSignedIn = false, onAction }: Props) => {
  const { t } = useTranslation()
  const sentence = () => {
    if (network === null) return t(`failure.${code}`)
    if (!isSignedIn) return t(`network.cause.${network.cause}`)
    return `${t(`network.place.${network.place}`)} ${t('network.still_works')}`
  }
  return (
    <div className="banner banner-failure" role="alert">
      <TriangleAlert className="icon" aria-hidden="true" />
      <p className="banner-text" data-testid="failure" data-place={network?.place ?? ''}>
        {sentence()}
      </p>
      <Button look="strong" testId="failure-action" onPress={onAction}>
        {t(`failure_button.${LABELS[code]}`)}
      </Button>
    </div>
  )
}
