// Every English word on the screen. The Spanish table has the same keys: its type says so.
import type { FailureCode } from '../../shared/failure.ts'
import type { KioskPhase, Notice } from '../kiosk-state.ts'
import type { HintCode } from '../turn/turn.ts'

type FailureText = { sentence: string; action: string }

const phase: Record<KioskPhase, string> = {
  disconnected: 'Offline',
  connecting: 'Connecting',
  connected: 'Ready',
  listening: 'Listening',
  processing: 'Checking',
  speaking: 'Answering'
}

const hint: Record<HintCode, string> = {
  too_short: 'Too short. Keep holding while you talk.',
  held_too_long: 'That was the longest question I can take. I am looking it up.',
  hold_ends_soon: '10 seconds left. Finish your question.',
  nothing_heard: 'I did not hear anything. Hold and ask again.',
  not_connected: 'Not connected yet. Trying again now.',
  no_microphone: 'There is no microphone. You can type your question.'
}

const notice: Record<Notice, string> = {
  settings_set_aside:
    'The settings file could not be read and was set aside. Please check the settings.',
  no_keyring: 'This computer has no keyring, so nobody stays signed in after the kiosk is closed.'
}

const failure: Record<FailureCode, FailureText> = {
  bad_request: {
    sentence: 'The kiosk made a mistake of its own.',
    action: 'Start again'
  },
  forbidden_sender: {
    sentence: 'This window may not use the kiosk.',
    action: 'Start again'
  },
  not_signed_in: {
    sentence: 'The kiosk is signed out.',
    action: 'Sign in'
  },
  wrong_credentials: {
    sentence: 'The e-mail or the password is not right.',
    action: 'OK'
  },
  not_a_member: {
    sentence: 'This account belongs to no restaurant. Ask your manager to add it.',
    action: 'Sign in again'
  },
  voice_disabled: {
    sentence: 'Voice is switched off for this account. Ask your manager.',
    action: 'Check again'
  },
  ai_disabled: {
    sentence: 'The assistant is switched off for this account. Ask your manager.',
    action: 'Check again'
  },
  limit_exceeded: {
    sentence: "Today's questions are used up. Ask your manager.",
    action: 'Check again'
  },
  backend_unreachable: {
    sentence: 'I cannot reach the handbook.',
    action: 'Try again'
  },
  backend_failed: {
    sentence: 'The handbook service has a problem.',
    action: 'Try again'
  },
  search_timeout: {
    sentence: 'The handbook took too long.',
    action: 'Ask again'
  },
  model_unreachable: {
    sentence: 'I cannot reach the voice service.',
    action: 'Try again'
  },
  model_refused: {
    sentence: 'The voice service refused the call.',
    action: 'Try again'
  },
  model_busy: {
    sentence: 'The voice service is busy. I will try again shortly.',
    action: 'Try now'
  },
  key_refused: {
    sentence: 'The voice service did not let the kiosk in.',
    action: 'Try again'
  },
  internal: {
    sentence: 'Something broke inside the kiosk.',
    action: 'Start again'
  },
  microphone_missing: {
    sentence: 'No microphone. Plug one in, or type your question.',
    action: 'Look again'
  },
  microphone_denied: {
    sentence:
      'The microphone is not allowed. Allow it in the system settings, or type your question.',
    action: 'Try again'
  },
  microphone_in_use: {
    sentence: 'Another program has the microphone. Close it, or type your question.',
    action: 'Try again'
  },
  speaker_failed: {
    sentence: 'The chosen speaker does not work. The answer is on the screen.',
    action: 'Choose a speaker'
  },
  call_timeout: {
    sentence: 'The network does not let the call through.',
    action: 'Try again'
  },
  call_dropped: {
    sentence: 'The call dropped. I am calling again.',
    action: 'Call now'
  },
  answer_failed: {
    sentence: 'That did not work. Please ask again.',
    action: 'Ask again'
  },
  offline: {
    sentence: 'There is no network.',
    action: 'Try again'
  },
  bridge_lost: {
    sentence: 'The kiosk program stopped.',
    action: 'Start again'
  }
}

export const en = {
  brand: 'Heard',
  phase,
  phase_without_microphone: 'Type only',
  hint,
  notice,
  failure,
  talk: {
    hold: 'Hold to talk',
    let_go: 'Let go to send',
    interrupt: 'Hold to interrupt',
    unavailable: 'Please wait',
    no_microphone: 'No microphone',
    key: 'or hold {{key}}',
    microphone_off: 'Microphone off unless held',
    microphone_on: 'Microphone on'
  },
  conversation: {
    welcome: 'Ask the handbook',
    welcome_detail: 'Hold the button, ask your question, let go.',
    welcome_typed: 'Type your question below.',
    you_asked: 'You asked',
    listening: 'I am listening…',
    searching: 'Looking it up…',
    answer: 'From the handbook',
    answering: 'Answer',
    not_found: 'Not in the handbook',
    failed: 'Not from the handbook',
    cancelled: 'Stopped',
    section: 'Section',
    only_in_en: 'in English',
    only_in_es: 'in Spanish'
  },
  question: {
    label: 'Type a question',
    placeholder: 'Or type your question',
    send: 'Ask'
  },
  language: { label: 'Language', en: 'English', es: 'Español' },
  volume: 'Volume',
  sign_in: {
    title: 'Sign in this kiosk',
    detail: "Use the kiosk's own account, not yours.",
    email: 'E-mail',
    password: 'Password',
    submit: 'Sign in',
    under_way: 'Signing in…'
  },
  restoring: 'Starting…',
  settings: {
    open: 'Settings',
    title: 'Settings',
    close: 'Close',
    microphone: 'Microphone',
    speaker: 'Speaker',
    default_device: 'System default',
    missing_device: '{{label}} (not plugged in)',
    tail: 'Keep listening after release',
    tail_value: '{{ms}} ms',
    talk_key: 'Key or pedal',
    restaurant: 'Restaurant',
    account: 'Signed in as',
    sign_out: 'Sign out',
    version: 'Version {{version}}'
  },
  dismiss: 'OK'
}

/** The same keys with any words. */
type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> }
export type Strings = Words<typeof en>
