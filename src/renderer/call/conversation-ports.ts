// The ports of a conversation and of its effects.
import type { Bridge } from '../../shared/contract.ts'
import type { Language } from '../../shared/language.ts'
import type { TurnMark } from '../../shared/turn-timing.ts'
import type { Recorder } from '../audio/recorder.ts'
import type { Schedule } from '../schedule.ts'
import type { HintCode } from '../turn/turn-events.ts'
import type { TurnState } from '../turn/turn-reducer.ts'
import type { AnswerChecks } from './answer-citations.ts'
import type { ClientEvent, ClientEventBody, InputSettings } from './client-events.ts'
import type { ReplaceReason } from './connection.ts'
import type {
  ConversationEffect,
  ConversationEvent,
  ConversationState
} from './conversation-reducer.ts'
import type { Transport } from './transport.ts'
import type { TurnView } from './turn-view.ts'

export type ConversationPorts = {
  bridge: Bridge
  /** False when there is no open call. */
  send: (event: ClientEvent) => boolean
  /** The call in use; null while there is none. */
  call: () => Pick<Transport, 'path' | 'callId'> | null
  /** A question waits for a call. */
  wakeCall: () => void
  replaceCall: (reason: ReplaceReason) => void
  inputSettings: () => InputSettings
  gate: { open: () => void; close: () => void }
  /** The next sound of the speaker is the answer to the question just sent. */
  onQuestionSent: () => void
  recorder: Pick<Recorder, 'start' | 'stop' | 'silenceAt' | 'read' | 'drop'>
  speaker: { cut: () => void; restore: () => void }
  loadChecks: () => Promise<AnswerChecks>
  language: () => Language
  newId: () => string
  /** Monotonic milliseconds, on the clock of the DOM's events. */
  now: () => number
  /** Unix milliseconds. */
  wallClock: () => number
  schedule: Schedule
  onChange: (turn: TurnState, view: TurnView) => void
  onHint: (hint: HintCode) => void
  log: (
    level: 'info' | 'warn' | 'error',
    event: string,
    detail: Record<string, string | number | boolean | null>
  ) => void
}

/** The ports of an effect. */
export type EffectPorts = Omit<ConversationPorts, 'send'> & {
  state: () => ConversationState
  dispatch: (event: ConversationEvent) => void
  /** Adds an id where `eventId` names none. Returns false when there is no open call. */
  send: (event: ClientEventBody, eventId?: string) => boolean
  /** Marks a moment of the turn under way; nothing without one. */
  mark: (mark: TurnMark, atMs?: number) => void
}

export type EffectHandlers = {
  [T in ConversationEffect['type']]: (
    effect: Extract<ConversationEffect, { type: T }>,
    cause: ConversationEvent
  ) => void
}
