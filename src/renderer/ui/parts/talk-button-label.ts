// Chooses the talk button's label: the effect of a press now.
import type { TalkMode } from '../../../shared/settings.ts'
import type { KioskPhase } from '../../app/kiosk-state.ts'

export type TalkButtonLabel =
  | 'no_microphone'
  | 'wait'
  | 'hold'
  | 'tap'
  | 'interrupt'
  | 'tap_to_interrupt'
  | 'let_go'
  | 'tap_to_send'
  | 'just_talk'
  | 'hears'
  | 'stop'
  | 'listen_again'
  | 'wake'

export type TalkButtonState = {
  phase: KioskPhase
  /** A press would be taken: live or recorded. */
  isPressAccepted: boolean
  hasMicrophone: boolean
  talkMode: TalkMode
  /** It listens until the next tap, without a held source. */
  isLatched: boolean
  /** The setting, and whether it hears the room now. */
  handsFree: boolean
  isHandsFreeListening: boolean
}

/** The service detects the turns; a press only stops or wakes. */
const handsFreeInvitation = ({ phase, isHandsFreeListening }: TalkButtonState): TalkButtonLabel => {
  switch (phase) {
    case 'listening':
      return 'hears'
    case 'processing':
    case 'speaking':
      return 'stop'
    case 'connected':
      return isHandsFreeListening ? 'just_talk' : 'listen_again'
    case 'asleep':
      return 'wake'
    case 'connecting':
    case 'disconnected':
      return 'wait'
    default:
      return phase satisfies never
  }
}

export const talkButtonLabelOf = (situation: TalkButtonState): TalkButtonLabel => {
  const { phase, isPressAccepted, hasMicrophone, talkMode, handsFree, isLatched } = situation
  if (!hasMicrophone) return 'no_microphone'
  if (handsFree) return handsFreeInvitation(situation)
  const isTap = talkMode === 'tap'
  if (phase === 'listening') return isTap || isLatched ? 'tap_to_send' : 'let_go'
  if (!isPressAccepted) return 'wait'
  if (phase === 'speaking') return isTap ? 'tap_to_interrupt' : 'interrupt'
  return isTap ? 'tap' : 'hold'
}
