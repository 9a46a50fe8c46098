// Events and effects of the turn reducer.
import type { AnswerReport, HandbookQuestion, SearchAnswer } from '../../shared/handbook.ts'
import type { TalkMode } from '../../shared/settings.ts'

/**
 * `button` on the screen, `key:F19`, `hid:05f3:00ff:0`. A second press from a source that holds means that
 * its release was lost.
 */
export type PressSource = string

/** The outcome of a committed question; it has exactly one. */
export type Outcome = 'answered' | 'not_found' | 'failed' | 'cancelled'

export type TimerName =
  | 'chatter'
  | 'double_tap'
  | 'tail'
  | 'hold_warning'
  | 'max_hold'
  | 'words_stable'
  | 'call'
  | 'committed'
  | 'words'
  | 'response'
  | 'audio_start'
  | 'audio_stop'

export type HintCode =
  | 'too_short'
  | 'held_too_long'
  | 'hold_ends_soon'
  | 'nothing_heard'
  /** The service refused to detect the turns. */
  | 'hands_free_refused'
  /** There is no call, and none will come by itself. */
  | 'not_connected'
  | 'no_microphone'
  /** A second press during a hold (the release was lost), or a typed question: the hold is dropped. */
  | 'started_over'
  /** Locked, suspended, closed, signed out, or hands-free switched, during speech. */
  | 'interrupted'
  /** Two taps: it listens until the next one. */
  | 'latched'
  /** There is no call yet: the question is recorded and asked later. */
  | 'recording'
  /** Three holds in a row ended at once: the pedal sends press and release together. */
  | 'pedal_taps'

/** `search` forces the handbook tool, `auto` lets the model choose, `none` forbids tools. */
export type ResponseKind = 'search' | 'auto' | 'none'

/** A complete tool call; only `completed` items count. */
export type ToolCall =
  /** `question` is null for unreadable arguments. */
  | { tool: 'search'; callId: string; question: HandbookQuestion | null }
  /** `report` is null for unreadable arguments. */
  | { tool: 'report'; callId: string; report: AnswerReport | null }
  | { tool: 'unknown'; callId: string }

/**
 * `live` goes out during the hold; `recorded` is sent whole from its recording. One turn is one or the other:
 * the service keeps audio in the order of its arrival, without a seam.
 */
export type Carrier = 'live' | 'recorded'

/** A question to ask again on another call. `recordingId` is the number of its turn. */
export type Question = { kind: 'spoken'; recordingId: number } | { kind: 'typed'; text: string }

/** The reason that a hold is over without a release. */
export type HoldLostReason = 'blur' | 'hidden' | 'device_removed'
/** The reason that the kiosk is unattended. */
export type ForceReleaseReason = 'lock' | 'suspend' | 'quit' | 'reload'

/** Codes of `FailureCode` for an answer that did not come. */
export type AnswerFailure =
  | 'answer_failed'
  | 'answer_cut_off'
  | 'answer_blocked'
  | 'model_busy'
  | 'model_failed'
  | 'model_quota'

export type TurnEvent =
  | { type: 'press'; source: PressSource; atMs: number }
  /** Ends the hold, whichever source began it. */
  | { type: 'release'; source: PressSource; atMs: number }
  /** The window or the device is gone: ends the hold, which is asked. */
  | { type: 'hold_lost'; reason: HoldLostReason; atMs: number }
  /** Closes the gate at once and drops the hold with a hint. */
  | { type: 'force_release'; reason: ForceReleaseReason }
  /** Sign-out or another restaurant: ends the turn. */
  | { type: 'abandon' }
  /** Ends a question that is on its way, and its answer; a hold goes on. */
  | { type: 'stop' }
  | { type: 'ask'; text: string }
  /** Asks the failed question again. */
  | { type: 'ask_again' }
  | { type: 'timer'; timer: TimerName; turnId: number }
  | { type: 'call_opened' }
  /** Another call will open by itself. */
  | { type: 'call_lost' }
  /** No call opens until a person acts; also before the first one. */
  | { type: 'call_blocked' }
  /** A call is opening, or would open on demand. */
  | { type: 'call_expected' }
  | { type: 'microphone'; available: boolean }
  | { type: 'tail_changed'; tailMs: number }
  /**
   * The microphone's level shows silence at the release of `releasedAtMs` and before it: the tail may end.
   * Never sent where speech does not stand out from noise.
   */
  | { type: 'silence_detected'; turnId: number; releasedAtMs: number; atMs: number }
  /**
   * Whether every requested clear of the input buffer is confirmed. A clear in flight (a lost packet delays
   * it for seconds, while audio passes it) would take the next hold's words with it.
   */
  | { type: 'input_settled'; settled: boolean }
  | { type: 'talk_mode_changed'; talkMode: TalkMode }
  /** Hands-free: the service detects the turns. A switch ends a turn of the other mode. */
  | { type: 'hands_free_changed'; on: boolean }
  /** Hands-free only. */
  | { type: 'speech_started'; itemId: string; atMs: number }
  | { type: 'committed'; itemId: string }
  | { type: 'commit_refused'; turnId: number; empty: boolean }
  /** Too many packets of a live hold were lost. */
  | { type: 'audio_lost'; turnId: number }
  /** `requestId` is null when the server names no request. */
  | { type: 'response_created'; responseId: string; requestId: string | null }
  /** Text of the response arrived. */
  | { type: 'response_progress'; responseId: string }
  /** A call of the response is complete; the response goes on. */
  | { type: 'tool_called'; responseId: string; call: ToolCall }
  | {
      type: 'response_done'
      responseId: string
      status: 'completed' | 'cancelled' | 'incomplete' | 'failed'
      hasAudio: boolean
      /** It has neither words nor calls. */
      isEmpty?: boolean
      /** The reason of a `failed` or `incomplete` response. */
      failure?: AnswerFailure
      calls: readonly ToolCall[]
    }
  | { type: 'response_refused'; requestId: string; failure?: AnswerFailure }
  /** An item of the turn that has to precede its response: a typed question, passages, or the output of a tool. */
  | { type: 'item_refused'; turnId: number }
  | { type: 'hands_free_refused' }
  | { type: 'audio_started'; responseId: string }
  | { type: 'audio_stopped'; responseId: string }
  | { type: 'audio_cleared'; responseId: string }
  | { type: 'searched'; turnId: number; callId: string; found: boolean; output: string }
  | { type: 'search_failed'; turnId: number; callId: string; code: string }
  | { type: 'searched_offline'; turnId: number; found: boolean }
  /** Words of the question: those so far, or the whole transcript, which is empty when it failed. */
  | { type: 'words_heard'; turnId: number; words: string; isWhole: boolean }
  /** `answer` is null when the search failed. */
  | {
      type: 'early_searched'
      turnId: number
      words: string
      isCounted: boolean
      questionId: string
      answer: SearchAnswer | null
    }
  | { type: 'transcript_wait_changed'; transcriptWaitMs: number }

export type TurnEffect =
  | { type: 'open_gate' }
  | { type: 'close_gate' }
  /** Records the microphone from the pre-roll on, under the turn's number. */
  | { type: 'start_recording'; turnId: number }
  | { type: 'stop_recording'; turnId: number }
  /** Sends `silence_detected` once the recording shows it for this release. */
  | { type: 'await_silence'; turnId: number; releasedAtMs: number }
  | { type: 'drop_recording'; recordingId: number }
  | { type: 'clear_input' }
  | { type: 'commit'; turnId: number }
  /** Clears the input buffer, appends the recording and commits it. */
  | { type: 'send_recording'; turnId: number; recordingId: number }
  | { type: 'send_text'; turnId: number; text: string }
  | { type: 'wake_call' }
  /** Closes a call that does not answer. */
  | { type: 'replace_call' }
  /** Asks the offline copy with the known words of the question. */
  | { type: 'search_offline'; turnId: number }
  /** A question that is committed after its turn's end must not be answered with the next one. */
  | { type: 'delete_item'; itemId: string }
  | { type: 'create_response'; turnId: number; requestId: string; kind: ResponseKind }
  /** Drops requested responses that are not sent yet. */
  | { type: 'drop_requests' }
  | { type: 'cancel_response'; responseId: string }
  | { type: 'clear_output' }
  | { type: 'cut_speaker' }
  | { type: 'restore_speaker' }
  | { type: 'search'; turnId: number; callId: string; question: HandbookQuestion }
  /** Searches before the model asks. Only a counted search is charged and recorded. */
  | { type: 'search_early'; turnId: number; words: string; isCounted: boolean }
  /** Adds the passages to the conversation as an item of data. */
  | { type: 'give_passages'; turnId: number; itemId: string; answer: SearchAnswer }
  /** The words turned out different. `responses`: what was created for them. */
  | { type: 'withdraw_passages'; turnId: number; itemId: string; responses: readonly string[] }
  | { type: 'send_tool_output'; turnId: number; callId: string; output: string }
  /** Answers a call without a following response: a report, or a call of an abandoned response. */
  | { type: 'resolve_tool_call'; callId: string; output: string }
  /** The model named the answer's sources, or reported that it found none. */
  | { type: 'answer_reported'; turnId: number; report: AnswerReport }
  /** The answer's words and report are complete. */
  | { type: 'answer_complete'; turnId: number }
  | { type: 'start_timer'; timer: TimerName; turnId: number; ms: number }
  | { type: 'stop_timer'; timer: TimerName }
  | { type: 'hint'; hint: HintCode }
  | { type: 'turn_started'; turnId: number; kind: Question['kind']; carrier: Carrier }
  | { type: 'turn_committed'; turnId: number; itemId: string }
  /** No question was committed. A hint says why, unless a press replaced the hold. */
  | { type: 'turn_discarded'; turnId: number }
  | {
      type: 'turn_ended'
      turnId: number
      outcome: Outcome
      failure: string | null
      asks: number
      /** Responses of the model, up to the answer. */
      passes: number
    }
