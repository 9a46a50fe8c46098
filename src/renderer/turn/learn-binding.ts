// Learns a key or a pedal from its press.
import { bindingSource } from '../../shared/bindings.ts'
import { BINDINGS_LIMIT, type Binding } from '../../shared/settings.ts'
import type { HidPedals } from './hid-pedal.ts'

export type KeyRefusal =
  | 'modifier'
  | 'lock'
  | 'enter'
  | 'tab'
  | 'escape'
  | 'unknown'
  | 'taken'
  | 'too_many'

export type LearnStep =
  | { kind: 'waiting' }
  /** Shown on the screen; it keeps waiting for another key. */
  | { kind: 'refused'; code: string; reason: KeyRefusal }
  /** The key is down: it should be held and released. */
  | { kind: 'pressed'; label: string }
  /**
   * `sendsTaps`: press and release arrive together, however long the foot stays down. Such a pedal needs `talkMode:
   * 'tap'`, or must be programmed as a plain key (PCsensor: key mode, not string mode).
   */
  | { kind: 'learned'; binding: Binding; sendsTaps: boolean; types: boolean }

/**
 * No foot releases this soon: the shortest tap is about twice as long. A pedal that plays a stored text sends
 * both within two or three polls of 8 ms.
 */
export const MAX_SELF_RELEASE_MS = 25

/** A bouncing contact closes again within this time, as in the turn's chatter rule. */
export const LEARN_CHATTER_MS = 40

export type LearnOptions = {
  target: Window
  /** null: keys only. */
  pedals: Pick<HidPedals, 'capture'> | null
  /** Existing bindings. */
  bindings: () => readonly Binding[]
  onStep: (step: LearnStep) => void
  /** Returns the function that cancels the run. */
  schedule: (run: () => void, delayMs: number) => () => void
}

type Press = { code: string; atMs: number; types: boolean }

/**
 * Waits for a key or a pedal, reports each step, and ends with `learned`. Meanwhile no key reaches the page
 * except Escape, which closes the dialog; the caller keeps the talk keys silent (`isListening`).
 * @returns the function that cancels it
 */
export const learnBinding = (options: LearnOptions): (() => void) => {
  const { target, onStep } = options
  const aborter = new AbortController()
  const listen = { capture: true, signal: aborter.signal }
  let press: Press | null = null
  /** The release came at once: waits for a bounce; otherwise null. */
  let callOff: (() => void) | null = null
  let tappedCode: string | null = null

  const stop = () => {
    aborter.abort()
    callOff?.()
    stopCapture?.()
  }

  const learned = (binding: Binding, sendsTaps: boolean, types: boolean) => {
    stop()
    onStep({ kind: 'learned', binding, sendsTaps, types })
  }

  const refuse = (code: string, reason: KeyRefusal) => onStep({ kind: 'refused', code, reason })

  const conflict = (binding: Binding): KeyRefusal | null => {
    const bindings = options.bindings()
    const source = bindingSource(binding)
    if (bindings.some((other) => bindingSource(other) === source)) return 'taken'
    return bindings.length >= BINDINGS_LIMIT ? 'too_many' : null
  }

  const pressed = (event: KeyboardEvent) => {
    const { code } = event
    const reason = refusalOf(code) ?? conflict({ kind: 'key', code })
    if (reason !== null) return refuse(code, reason)
    if (callOff !== null && press?.code === code) {
      // A bounce: the hold goes on from its first press.
      callOff()
      callOff = null
      return
    }
    callOff?.()
    callOff = null
    press = { code, atMs: event.timeStamp, types: typesText(event) }
    onStep({ kind: 'pressed', label: code })
  }

  const released = (code: string, atMs: number) => {
    if (press?.code !== code || callOff !== null) return
    const { types } = press
    const binding: Binding = { kind: 'key', code }
    if (atMs - press.atMs > MAX_SELF_RELEASE_MS) return learned(binding, false, types)
    callOff = options.schedule(() => {
      callOff = null
      press = null
      if (tappedCode === code) return learned(binding, true, types)
      // One tap may be a foot that slipped: a second press decides.
      tappedCode = code
      onStep({ kind: 'waiting' })
    }, LEARN_CHATTER_MS)
  }

  const swallow = (event: Event) => {
    event.preventDefault()
    event.stopPropagation()
  }

  target.addEventListener(
    'keydown',
    (event) => {
      if (event.code === 'Escape') return refuse(event.code, 'escape')
      swallow(event)
      if (!event.repeat) pressed(event)
    },
    listen
  )
  target.addEventListener(
    'keyup',
    (event) => {
      if (event.code === 'Escape') return
      swallow(event)
      released(event.code, event.timeStamp)
    },
    listen
  )
  // No release will come: the key must be pressed again.
  target.addEventListener(
    'blur',
    (event) => {
      if (event.target !== target || press === null) return
      callOff?.()
      callOff = null
      press = null
      onStep({ kind: 'waiting' })
    },
    listen
  )

  const stopCapture = options.pedals?.capture((binding) => {
    const reason = conflict(binding)
    if (reason !== null) return refuse(binding.label, reason)
    // The report names the button: no release is needed.
    learned(binding, false, false)
  })

  onStep({ kind: 'waiting' })
  return stop
}

const MODIFIERS = /^(Shift|Control|Alt|Meta|OS)(Left|Right)$/
/** Keys without a side; some systems report these codes. */
const OTHER_MODIFIERS = new Set(['AltGraph', 'Fn', 'FnLock', 'Hyper', 'Super'])
const LOCKS = new Set(['CapsLock', 'NumLock', 'ScrollLock'])
/** The codes that the settings' schema takes. */
const KNOWN_CODE = /^[A-Za-z0-9]{1,32}$/

const refusalOf = (code: string): KeyRefusal | null => {
  if (!KNOWN_CODE.test(code) || code === 'Unidentified') return 'unknown'
  if (MODIFIERS.test(code) || OTHER_MODIFIERS.has(code)) return 'modifier'
  if (LOCKS.has(code)) return 'lock'
  if (code === 'Enter' || code === 'NumpadEnter') return 'enter'
  if (code === 'Tab') return 'tab'
  return code === 'Escape' ? 'escape' : null
}

/** Keys that type, by position: with a binding they no longer do. */
const TEXT_CODES =
  /^(Key[A-Z]|Digit\d|Numpad(\d|Add|Subtract|Multiply|Divide|Decimal|Comma|Equal|ParenLeft|ParenRight)|Space|Minus|Equal|Bracket(Left|Right)|Backslash|Semicolon|Quote|Backquote|Comma|Period|Slash|Intl\w+)$/

/** `key` is the typed character in any layout. */
const typesText = (event: KeyboardEvent): boolean =>
  TEXT_CODES.test(event.code) || [...event.key].length === 1
