// What can happen to a turn and what a turn can ask for: the two vocabularies of the reducer in turn.ts, for
// everybody who speaks to it.
import type { AnswerReport, HandbookQuestion } from '../../shared/handbook.ts'
import type { TalkMode } from '../../shared/settings.ts'

/**
 * Who presses: `button` on the screen, `key:F19`, `hid:05f3:00ff:0`. A press from a source that holds already
 * means that its release was lost.
 */
export type PressSource = string

/** How a committed question ended. A question has exactly one outcome. */
export type Outcome = 'answered' | 'not_found' | 'failed' | 'cancelled'

export type TimerName =
  | 'chatter'
  | 'double_tap'
  | 'tail'
  | 'hold_warning'
  | 'max_hold'
  | 'call'
  | 'committed'
  | 'response'
  | 'audio_start'
  | 'audio_stop'

export type HintCode =
  | 'too_short'
  | 'held_too_long'
  | 'hold_ends_soon'
  | 'nothing_heard'
  /** There is no call and none will come by itself. */
  | 'not_connected'
  | 'no_microphone'
  /** Pressed again while held (the release was lost), or typed: what was said before is not asked. */
  | 'started_over'
  /** Locked, asleep, closed, signed out or switched to or from hands-free in the middle of what was said. */
  | 'interrupted'
  /** Two taps: it listens until the next one. */
  | 'latched'
  /** There is no call yet: the question is recorded and asked as soon as there is one. */
  | 'recording'
  /** Three holds in a row ended at once: a pedal that sends press and release together. */
  | 'pedal_taps'

/** `search` forces the handbook tool, `auto` lets the model choose, `none` forbids tools. */
export type ResponseKind = 'search' | 'auto' | 'none'

/** A tool call of a finished response; only items whose status is `completed` become one. */
export type ToolCall =
  /** `question` is null when the arguments could not be read. */
  | { tool: 'search'; callId: string; question: HandbookQuestion | null }
  /** What the answer was taken from; `report` is null when the arguments could not be read. */
  | { tool: 'report'; callId: string; report: AnswerReport | null }
  /** No tool of ours. */
  | { tool: 'unknown'; callId: string }

/**
 * `live` goes out over RTP (or the relay) while it is spoken; `recorded` is sent whole from its recording. One
 * turn is one or the other: the service keeps audio in the order of its arrival, with no seam.
 */
export type Carrier = 'live' | 'recorded'

/** What is asked, for asking it again on another call. `recordingId` is the turn it was recorded in. */
export type Question = { kind: 'spoken'; recordingId: number } | { kind: 'typed'; text: string }

/** Why nobody can be holding any more, though no release came. */
export type HoldLostReason = 'blur' | 'hidden' | 'device_removed'
/** Why nobody is there to ask any more. */
export type ForceReleaseReason = 'lock' | 'suspend' | 'quit' | 'reload'

export type TurnEvent =
  | { type: 'press'; source: PressSource; atMs: number }
  /** Unconditional: ends the hold whoever began it. */
  | { type: 'release'; source: PressSource; atMs: number }
  /** The window or the device is gone, and no release will come: ends the hold, and the question is asked. */
  | { type: 'hold_lost'; reason: HoldLostReason; atMs: number }
  /** Closes the gate at once and drops what was said, and says so. */
  | { type: 'force_release'; reason: ForceReleaseReason }
  /** Ends whatever is under way: sign-out, another restaurant. */
  | { type: 'abandon' }
  | { type: 'ask'; text: string }
  /** Asks the last question again, which failed: its recording is still there. */
  | { type: 'ask_again' }
  | { type: 'timer'; timer: TimerName; turnId: number }
  | { type: 'call_opened' }
  /** Gone, and another one will come by itself. */
  | { type: 'call_lost' }
  /** None will come until a person does something; also before the first one. */
  | { type: 'call_blocked' }
  /** One is on its way, or would be if somebody asked. */
  | { type: 'call_expected' }
  | { type: 'microphone'; available: boolean }
  | { type: 'tail_changed'; tailMs: number }
  /**
   * Nobody spoke at the release of `releasedAtMs`, nor for a while before it, as far as the microphone's level tells:
   * no word goes on, and the tail may end. Never comes when speech cannot be told from noise.
   */
  | { type: 'silence_detected'; turnId: number; releasedAtMs: number; atMs: number }
  /**
   * Whether every clear of the input buffer that was asked for has been confirmed. One that is on its way (a lost
   * packet keeps it for seconds, while audio passes it by) would take the words of the next hold with it.
   */
  | { type: 'input_settled'; settled: boolean }
  | { type: 'talk_mode_changed'; talkMode: TalkMode }
  /** Hands-free: the model heads turns by itself. Switching ends what is under way in the other mode. */
  | { type: 'hands_free_changed'; on: boolean }
  /** Hands-free only: somebody began to speak. */
  | { type: 'speech_started'; itemId: string; atMs: number }
  | { type: 'committed'; itemId: string }
  | { type: 'commit_refused'; turnId: number; empty: boolean }
  /** Of what was said live, more was lost on the way than can still be understood. */
  | { type: 'audio_lost'; turnId: number }
  /** `requestId` is null when the server did not say which request the response belongs to. */
  | { type: 'response_created'; responseId: string; requestId: string | null }
  /** The response is still being produced: text arrived. */
  | { type: 'response_progress'; responseId: string }
  | {
      type: 'response_done'
      responseId: string
      status: 'completed' | 'cancelled' | 'incomplete' | 'failed'
      hasAudio: boolean
      calls: readonly ToolCall[]
    }
  | { type: 'response_refused'; requestId: string }
  | { type: 'audio_started'; responseId: string }
  | { type: 'audio_stopped'; responseId: string }
  | { type: 'audio_cleared'; responseId: string }
  | { type: 'searched'; turnId: number; callId: string; found: boolean; output: string }
  | { type: 'search_failed'; turnId: number; callId: string; code: string }
  /** The copy of the handbook was asked, the last rung of the ladder. */
  | { type: 'searched_offline'; turnId: number; found: boolean }

export type TurnEffect =
  | { type: 'open_gate' }
  | { type: 'close_gate' }
  /** Keeps what the microphone hears from now on, and the pre-roll, under the turn's number. */
  | { type: 'start_recording'; turnId: number }
  | { type: 'stop_recording'; turnId: number }
  /** Says `quiet` when the recording shows it for this release. */
  | { type: 'await_silence'; turnId: number; releasedAtMs: number }
  /** The recording is not needed any more. */
  | { type: 'drop_recording'; recordingId: number }
  | { type: 'clear_input' }
  | { type: 'commit'; turnId: number }
  /** Clears the input buffer, appends the whole recording and commits it under the turn's number. */
  | { type: 'send_recording'; turnId: number; recordingId: number }
  | { type: 'send_text'; turnId: number; text: string }
  /** A call is wanted now: somebody waits for it. */
  | { type: 'wake_call' }
  /** The call does not answer any more: it is to be given up for another one. */
  | { type: 'replace_call' }
  /** Asks the copy of the handbook with what is known of the question's words. */
  | { type: 'search_offline'; turnId: number }
  /** A question that was committed after its turn had ended must not be answered with the next one. */
  | { type: 'delete_item'; itemId: string }
  | { type: 'create_response'; turnId: number; requestId: string; kind: ResponseKind }
  /** Responses that are asked for and not sent yet are not wanted any more. */
  | { type: 'drop_requests' }
  | { type: 'cancel_response'; responseId: string }
  | { type: 'clear_output' }
  | { type: 'cut_speaker' }
  | { type: 'restore_speaker' }
  | { type: 'search'; turnId: number; callId: string; question: HandbookQuestion }
  | { type: 'send_tool_output'; callId: string; output: string }
  /** Answers a call that nothing follows: it is a report, or nobody wants the rest any more. */
  | { type: 'resolve_tool_call'; callId: string; output: string }
  /** The model has said what its answer was taken from, or that what was found is none. */
  | { type: 'answer_reported'; turnId: number; report: AnswerReport }
  /** Every word of the answer is there, and its report, if it has one. */
  | { type: 'answer_complete'; turnId: number }
  | { type: 'start_timer'; timer: TimerName; turnId: number; ms: number }
  | { type: 'stop_timer'; timer: TimerName }
  | { type: 'hint'; hint: HintCode }
  | { type: 'turn_started'; turnId: number; kind: Question['kind']; carrier: Carrier }
  | { type: 'turn_committed'; turnId: number; itemId: string }
  /** The hold was no question: nothing was committed. A hint says why, unless a press replaced it. */
  | { type: 'turn_discarded'; turnId: number }
  | { type: 'turn_ended'; turnId: number; outcome: Outcome; failure: string | null; asks: number }
