// What the talk button says: the one thing that a press would do now.
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
  /** A press would be heard: over a call, or recorded for the one that is to come. */
  isPressAccepted: boolean
  hasMicrophone: boolean
  talkMode: TalkMode
  /** It listens until the next tap, with nothing held. */
  isLatched: boolean
  /** Hands-free is chosen, and whether it hears the room now. */
  handsFree: boolean
  isHandsFreeListening: boolean
}

/** The model heads the turns, and a press only stops it or wakes it. */
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
