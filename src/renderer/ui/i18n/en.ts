// The screen's English. The type of the Spanish table asks for the same keys.
import type { FailureCode } from '../../../shared/failure.ts'
import type { NetworkCause, NetworkPlace } from '../../../shared/network.ts'
import type { ModelNoiseReduction, TalkMode } from '../../../shared/settings.ts'
import type { MicrophoneVerdict } from '../../app/kiosk-actions.ts'
import type { GivenThumb, KioskPhase, Notice } from '../../app/kiosk-state.ts'
import type { KeyRefusal } from '../../turn/learn-binding.ts'
import type { HintCode } from '../../turn/turn-events.ts'

const phase: Record<KioskPhase, string> = {
  disconnected: 'Offline',
  /** A press works: it is recorded and opens the call. */
  asleep: 'Ready',
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
  hands_free_refused: 'The voice service does not allow hands-free now. Hold to talk.',
  nothing_heard: 'I did not hear anything. Hold and ask again.',
  not_connected: 'Not connected. Trying again now: ask again in a moment.',
  no_microphone: 'There is no microphone. You can type your question.',
  started_over: 'That press got lost. Start your question again from the beginning.',
  interrupted: 'That was interrupted. Ask your question again.',
  latched: 'You can let go. Tap once to send your question.',
  recording: 'Go on talking. I ask as soon as I am connected.',
  pedal_taps: 'This pedal cannot be held. Choose “Tap” in the settings, under Talking.'
}

const notice: Record<Notice, string> = {
  settings_restored:
    'The settings file could not be read and was set aside. The last good settings are in use.',
  no_pin:
    'No PIN is set: anybody can change the settings and close the kiosk. Set one in Settings, Kiosk.',
  settings_set_aside:
    'The settings file could not be read and was set aside. Please check the settings.',
  restart_announced:
    'A required update is ready. The kiosk restarts after half a minute without a question.',
  no_keyring: 'This computer has no keyring, so nobody stays signed in after the kiosk is closed.'
}

const failure: Record<FailureCode, string> = {
  locked: 'This needs the PIN of the kiosk.',
  wrong_pin: 'This is not the PIN.',
  weak_pin: 'This PIN is easy to guess. Choose digits without an order, and no year.',
  pin_rate_limited: 'Too many wrong PINs. Please wait.',
  bad_request: 'The kiosk made a mistake of its own.',
  forbidden_sender: 'This window may not use the kiosk.',
  not_signed_in: 'The kiosk is signed out.',
  wrong_credentials: 'The e-mail or the password is not right.',
  not_a_member: 'This account belongs to no restaurant. Ask your manager to add it.',
  voice_disabled: 'Voice is switched off for this account. Ask your manager.',
  ai_disabled: 'The assistant is switched off for this account. Ask your manager.',
  limit_exceeded: "Today's questions are used up. Ask your manager.",
  voice_limit_exceeded: 'The voice is used up for now. Ask your manager.',
  backend_unreachable: 'I cannot reach the handbook.',
  backend_failed: 'The handbook service has a problem.',
  search_timeout: 'The handbook took too long.',
  model_unreachable: 'I cannot reach the voice service.',
  model_refused: 'The voice service refused the call.',
  model_busy: 'The voice service is busy. I will try again shortly.',
  key_refused: 'The voice service did not let the kiosk in.',
  section_not_found: 'This section is not in the handbook any more.',
  no_offline_copy: 'There is no copy of the handbook on this kiosk yet.',
  no_call: 'I could not connect to ask your question. I still have it.',
  internal: 'Something broke inside the kiosk.',
  microphone_missing: 'No microphone. Plug one in, or type your question.',
  microphone_denied:
    'The microphone is not allowed. Allow it in the system settings, or type your question.',
  microphone_in_use: 'Another program has the microphone. Close it, or type your question.',
  speaker_failed: 'The chosen speaker does not work. The answer is on the screen.',
  call_timeout: 'The network does not let the call through.',
  call_dropped: 'The call dropped. I am calling again.',
  answer_failed: 'That did not work. Please ask again.',
  answer_cut_off: 'The answer was cut off. Please ask again.',
  answer_blocked: 'The voice service does not answer this. Ask your manager.',
  model_failed: 'The voice service has a problem. Please ask again.',
  model_quota: 'The voice service has no budget left. Tell your manager.',
  offline: 'There is no network.',
  bridge_lost: 'The kiosk program stopped.'
}

const networkPlace: Record<NetworkPlace, string> = {
  kiosk: "This kiosk's network has a problem. Tell your manager.",
  internet: 'The internet does not work.',
  service: 'Our service does not answer.'
}

/** For IT, at the sign-in and in the settings. The log has the addresses. */
const networkCause: Record<NetworkCause, string> = {
  no_network: 'This computer has no network. Check its cable or Wi-Fi.',
  name_not_found: 'The address cannot be resolved. Check the DNS server.',
  refused: 'The connection is refused. Check the firewall.',
  no_answer: 'There is no answer. Check the firewall.',
  proxy_unreachable: 'The proxy cannot be reached. Check its address.',
  proxy_sign_in: 'The proxy wants a sign-in. Set its account in the policy.',
  proxy_refused: 'The proxy refuses the address. Allow it in the proxy.',
  proxy_settings: "The proxy's rules (PAC) cannot be read. Check their address.",
  certificate_untrusted: 'The certificate is from an unknown authority. Install its certificate.',
  certificate_name: 'The certificate is for another address. Check the filter of the network.',
  certificate_expired: 'The certificate is not valid today. It needs renewal.',
  certificate_refused: 'The certificate is refused. The log has the reason.',
  client_certificate: 'A client certificate is missing. Install it and name it in the policy.',
  tls_failed: 'No secure connection is made. Check the filter of the network.',
  clock_wrong: "This computer's clock is wrong. Set it.",
  captive_portal: 'The network wants a sign-in on a web page. Exempt the kiosk.',
  unknown: 'The address cannot be reached. The log has the reason.'
}

const verdict: Record<MicrophoneVerdict['verdict'], string> = {
  heard: 'I hear you well.',
  too_quiet: 'I hear you, but too quietly. Come closer, or turn the microphone up.',
  silent: 'I heard nothing. Check the plug and the mute switch, or choose another one.'
}

const given: Record<GivenThumb['state'], string> = {
  sending: 'Sending…',
  sent: 'Thank you.',
  kept: 'Thank you. Sent later.',
  refused: 'This could not be counted.'
}

type Choice = { name: string; sentence: string }

const noise: Record<ModelNoiseReduction, Choice> = {
  near: { name: 'Near', sentence: 'For a headset, or a microphone at the mouth.' },
  far: { name: 'Far', sentence: 'For a microphone on the kiosk or in the room.' },
  off: { name: 'Off', sentence: 'For a microphone that filters noise itself.' }
}

const talkMode: Record<TalkMode, Choice> = {
  hold: { name: 'Hold', sentence: 'Hold while you talk, let go to send.' },
  hold_and_latch: {
    name: 'Hold, or tap twice',
    sentence: 'Hold as usual. Two quick taps keep listening; one more tap sends.'
  },
  tap: { name: 'Tap', sentence: 'Tap to start, tap to send. For pedals that cannot be held.' }
}

const refused: Record<KeyRefusal, string> = {
  modifier: '{{key}} is part of other shortcuts. Press another key or pedal.',
  lock: '{{key}} stays switched on after it is let go. Press another key or pedal.',
  enter: '{{key}} presses buttons and sends text. Press another key or pedal.',
  tab: '{{key}} moves from button to button. Press another key or pedal.',
  escape: '{{key}} closes windows. Press another key or pedal.',
  unknown: 'This key does not say which one it is. Press another key or pedal.',
  taken: '{{key}} is in the list already. Press another key or pedal.',
  too_many: 'The list is full. Remove a key or pedal first.'
}

export const en = {
  brand: 'Heard',
  phase,
  phase_without_microphone: 'Type only',
  phase_without_handbook: 'No handbook',
  hint,
  notice,
  failure,
  failure_button: {
    ok: 'OK',
    start_again: 'Start again',
    sign_in: 'Sign in',
    sign_in_again: 'Sign in again',
    check_again: 'Check again',
    try_again: 'Try again',
    try_now: 'Try now',
    ask_again: 'Ask again',
    look_again: 'Look again',
    choose_speaker: 'Choose a speaker',
    call_now: 'Call now'
  },
  status: {
    asleep: 'Press or touch to wake',
    kept: 'Press now: your question is kept',
    waits: 'Your question is kept',
    webrtc: 'Direct connection',
    websocket: 'Slower: network blocks voice (UDP)'
  },
  talk: {
    hold: 'Hold to talk',
    tap: 'Tap to talk',
    let_go: 'Let go to send',
    tap_to_send: 'Tap to send',
    interrupt: 'Hold to interrupt',
    tap_to_interrupt: 'Tap to interrupt',
    just_talk: 'Just talk',
    hears: 'I hear you',
    stop: 'Tap to stop',
    stop_answer: 'Stop',
    listen_again: 'Tap to listen again',
    wake: 'Tap to wake',
    wait: 'Please wait',
    no_microphone: 'No microphone',
    key_hold: 'or hold {{key}}',
    key_tap: 'or tap {{key}}',
    pedal: 'the pedal',
    nothing_sent: 'Nothing is sent unless held',
    nothing_sent_tap: 'Nothing is sent until tapped',
    microphone_on: 'Microphone on',
    nothing_sent_now: 'Nothing is sent for now'
  },
  conversation: {
    welcome: 'Ask the handbook',
    welcome_detail: 'Hold the button, ask your question, let go.',
    welcome_tap: 'Tap the button, ask your question, tap again.',
    welcome_hands_free: 'Just ask your question aloud.',
    welcome_typed: 'Type your question below.',
    you_asked: 'You asked',
    whole_question: 'The whole question',
    listening: 'I am listening…',
    searching: 'Looking it up…',
    answer: 'From the handbook',
    nearest: 'Closest in the handbook',
    unverified_figure: 'not in the section: check it',
    misquoted: 'quote not found',
    check_with_manager: 'Check with a manager',
    answering: 'Answer',
    not_found: 'Not in the handbook',
    failed: 'No answer from the handbook',
    cancelled: 'Stopped',
    offline: 'From the copy on this kiosk',
    offline_silent: 'From the copy on this kiosk; not read aloud',
    section: 'Section',
    only_in_en: 'in English',
    only_in_es: 'in Spanish'
  },
  network: {
    title: 'Network',
    works: 'No problem seen',
    place: networkPlace,
    still_works: 'Typed questions are answered from the copy on this kiosk.',
    cause: networkCause
  },
  reader: { close: 'Close', opening: 'Opening…' },
  rating: { question: 'Did this help?', up: 'Yes, it helped', down: 'No, it did not', given },
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
  maintenance: {
    title: 'PIN',
    enter: 'Enter the PIN of this kiosk',
    choose: 'Choose a PIN of 4 to 12 digits',
    repeat: 'Enter the same PIN again',
    checking: 'One moment…',
    differs: 'These were not the same. Choose a PIN again.',
    wrong: 'This is not the PIN.',
    paused: 'Too many wrong PINs. Try again in {{minutes}} min.',
    failed: 'That did not work. Please try again.',
    erase: 'Erase',
    cancel: 'Cancel',
    confirm: 'OK',
    set_pin: 'Set a PIN',
    change_pin: 'Change the PIN',
    pin_name: 'PIN for settings and closing',
    pin_set: 'Set',
    pin_not_set: 'Not set: anybody can change the settings',
    how_to_open:
      'With a PIN, the settings open like this: tap the name at the top left four times, then press and hold it for three seconds. The Escape key or the pedal do the same.',
    restart: 'Restart kiosk',
    exit: 'Close kiosk',
    pedal_hint: 'Pedal: step to move on, hold to choose.'
  },
  settings: {
    open: 'Settings',
    title: 'Settings',
    close: 'Close',
    tab: { sound: 'Sound', talking: 'Talking', call: 'Call', kiosk: 'Kiosk' },
    microphone: 'Microphone',
    speaker: 'Speaker',
    default_device: 'System default',
    missing_device: '{{label}} (not plugged in)',
    level: 'Level',
    test_microphone: 'Say something',
    testing_microphone: 'Talk now…',
    verdict,
    peak: 'Loudest: {{db}} dB',
    test_speaker: 'Play test tone',
    testing_speaker: 'Playing…',
    processing: 'Clean up the microphone',
    echo_cancellation: 'Remove echo',
    echo_hands_free: 'Always on while hands-free.',
    noise_suppression: 'Remove noise',
    auto_gain_control: 'Auto-level volume',
    noise_title: 'Noise filter at the voice service',
    noise,
    bindings: 'Keys and pedals',
    no_bindings: 'None. The button on the screen always works.',
    pedal_button: '{{label}}, button {{button}}',
    unplugged: 'not plugged in',
    remove: 'Remove',
    remove_binding: 'Remove {{name}}',
    add_binding: 'Add key or pedal',
    choose_pedal: 'Choose a pedal',
    choose_pedal_detail: 'For pedals that are not keyboards, such as dictation pedals.',
    talk_mode_title: 'How to talk',
    talk_mode: talkMode,
    tail: 'Keep listening after release',
    tail_value: '{{ms}} ms',
    hands_free: 'Hands-free',
    hands_free_detail: 'Always listens, and answers when you stop talking.',
    hands_free_warning:
      'There is a key or pedal, which is more reliable: hands-free also hears the kitchen.',
    idle_title: 'Hang up when nobody asks',
    idle_detail: 'After this time without a question. The next press calls again.',
    minutes: '{{n}} min',
    never: 'Never',
    hours_title: 'Connection schedule',
    hours_off: { name: 'By touch', sentence: 'The first touch or press of the day connects.' },
    hours_on: { name: 'Opening hours', sentence: 'Connected all the time between these hours.' },
    hours_from: 'From',
    hours_to: 'To',
    earlier: 'Earlier',
    later: 'Later',
    hours_overnight: 'Past midnight: until the next day.',
    hours_whole_day: 'Day and night.',
    restaurant: 'Restaurant',
    account: 'Signed in as',
    sign_out: 'Sign out',
    sign_out_question: 'Sign this kiosk out?',
    sign_out_effect: 'It answers no question until its account signs in again.',
    stay_signed_in: 'Stay signed in',
    version: 'Version {{version}}'
  },
  learn: {
    title: 'Add a key or pedal',
    waiting: 'Press the key or pedal now.',
    again: 'Press it once more, and hold it.',
    refused,
    pressed: 'Keep it down for a moment, then let go.',
    learned: '{{name}} works now.',
    types: 'This key no longer types. A key without a letter, such as F19, is better.',
    sends_taps:
      'It lets go by itself, so it cannot be held. Use it with “Tap”, or program it as a plain key.',
    use_tap: 'Use “Tap”',
    cancel: 'Cancel (Esc)',
    done: 'Done'
  },
  key: {
    space: 'Space',
    numpad: 'Num {{key}}',
    backspace: 'Backspace',
    delete: 'Delete',
    insert: 'Insert',
    home: 'Home',
    end: 'End',
    page_up: 'Page up',
    page_down: 'Page down',
    menu: 'Menu',
    pause: 'Pause',
    print: 'Print',
    enter: 'Enter',
    tab: 'Tab',
    escape: 'Esc',
    shift: 'Shift',
    control: 'Ctrl',
    alt: 'Alt',
    system: 'Windows key',
    caps_lock: 'Caps Lock',
    num_lock: 'Num Lock',
    scroll_lock: 'Scroll Lock'
  },
  latency: {
    open: 'How fast?',
    title: { times: 'How fast the answers come', cost: 'What the answers use' },
    show: { times: 'Times', cost: 'Use' },
    empty: 'Nothing was asked yet. Ask something, and its times are here.',
    loading: 'Reading…',
    turns: 'Turns',
    answered: 'Answered',
    not_found: 'Not in handbook',
    failed_turns: 'Failed',
    asked_again: 'Asked again',
    path: { all: 'All', webrtc: 'Direct', websocket: 'Slower (no UDP)' },
    measured: 'Measured',
    measured_value: '{{n}} of {{of}}',
    p50: 'Half within',
    p95: '95 % within',
    ms: '{{ms}} ms',
    none: '–',
    metric: {
      press_to_gate: 'Press → microphone open',
      press_to_packet: 'Press → first sound sent',
      release_to_commit: 'Release → sent, less the tail',
      commit_to_committed: 'Sent → confirmed',
      commit_to_transcript: 'Sent → question in words',
      search: 'Handbook search',
      release_to_audible: 'Release → answer heard',
      whole_turn: 'Whole turn'
    },
    last: 'Release → answer heard, last {{n}}, oldest first. Slowest: {{ms}} ms.',
    cost_of: 'Tokens and seconds of the last {{n}} turns',
    last_call: 'Last call',
    cost: {
      turns: 'Turns',
      text_in: 'Text in',
      text_cached: 'of it cached',
      text_out: 'Text out',
      sound_in: 'Sound in',
      sound_cached: 'of it cached',
      sound_out: 'Sound out',
      transcribed: 'Seconds transcribed'
    }
  },
  dismiss: 'OK'
}

/** The same keys with any words. */
type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> }
export type Strings = Words<typeof en>
