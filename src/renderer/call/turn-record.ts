// Times each turn, starts and stops its timers, and hands its timing to main when it ends.
import { TIME_TO_FIRST_AUDIO_LIMIT_MS } from '../../shared/rating.ts'
import type { TurnMark, TurnTiming } from '../../shared/turn-timing.ts'
import type { TimerName } from '../turn/turn-events.ts'
import type { TurnState } from '../turn/turn-reducer.ts'
import { createTurnTimings } from '../turn/turn-timing.ts'
import type { EffectHandlers, EffectPorts } from './conversation-ports.ts'
import { type ConversationEvent, isOwnResponse, turnOfCommit } from './conversation-reducer.ts'

type RecordPorts = Omit<EffectPorts, 'mark' | 'send'>

export type TurnRecord = {
  mark: EffectPorts['mark']
  /** Marks the moments that an event is, before its effects run. */
  observe: (event: ConversationEvent, before: TurnState, after: TurnState) => void
  effects: Pick<
    EffectHandlers,
    'turn_started' | 'turn_discarded' | 'turn_ended' | 'start_timer' | 'stop_timer'
  >
}

/** The moment of the turn that an event is; null for most events, and for those of a turn that has ended. */
const markOf = (event: ConversationEvent, before: TurnState, after: TurnState): TurnMark | null => {
  switch (event.type) {
    case 'item_committed':
      return turnOfCommit(before) === before.turn?.id ? 'committed' : null
    case 'transcript_completed': {
      const { early } = after
      return early?.turnId === before.turn?.id && early?.isWhole === true ? 'transcribed' : null
    }
    case 'response_created':
      return isOwnResponse(after, event.responseId) ? 'responseCreated' : null
    case 'tool_called':
    case 'response_done': {
      const calls = event.type === 'response_done' ? event.calls : [event.call]
      const hasSearch = calls.some(({ tool }) => tool === 'search')
      return hasSearch && isOwnResponse(before, event.responseId) ? 'toolCall' : null
    }
    case 'audio_started':
      return isOwnResponse(before, event.responseId) ? 'audioStarted' : null
    default:
      return null
  }
}

const timeToFirstAudioOf = ({ marks: { release, audible } }: TurnTiming): number | null => {
  if (release === undefined || audible === undefined) return null
  const ms = Math.round(audible - release)
  return ms >= 0 && ms <= TIME_TO_FIRST_AUDIO_LIMIT_MS ? ms : null
}

/** @param questionId of the turn that is starting */
export const createTurnRecord = (ports: RecordPorts, questionId: () => string): TurnRecord => {
  const { state, dispatch, now } = ports
  const timings = createTurnTimings()
  const timers = new Map<TimerName, () => void>()
  let startedAtMs = 0

  const mark: TurnRecord['mark'] = (name, atMs = now()) => {
    const { turn } = state().turn
    if (turn !== null) timings.mark(turn.id, name, atMs)
  }

  const end = (
    turnId: number,
    { outcome, asks, passes }: Pick<TurnTiming, 'outcome' | 'asks' | 'passes'>
  ) => {
    const { path = null, callId = null } = ports.call() ?? {}
    const timing = timings.end(turnId, { outcome, asks, passes, path, callId }, now())
    if (timing === null) return
    dispatch({ type: 'turn_timed', turnId, timeToFirstAudioMs: timeToFirstAudioOf(timing) })
    // Without the bridge the line is lost; main logs a line that it rejects.
    void ports.bridge.call('turns.record', timing)
  }

  return {
    mark,
    observe: (event, before, after) => {
      const { turn } = before
      if (turn === null) return
      const name = markOf(event, before, after)
      if (name !== null) timings.mark(turn.id, name, now())
      // Hands-free there is no release, and the model's own wait stands for the tail.
      const isSpeechOver =
        event.type === 'speech_stopped' &&
        turn.phase === 'speech_detected' &&
        turn.itemId === event.itemId
      if (isSpeechOver) timings.released(turn.id, now(), 0)
    },
    effects: {
      turn_started: ({ turnId, kind, carrier }, cause) => {
        startedAtMs = now()
        const pressedAtMs =
          cause.type === 'press' || cause.type === 'speech_started' ? cause.atMs : startedAtMs
        // The event of the press was on its way for a moment.
        const atMs = ports.wallClock() - (startedAtMs - pressedAtMs)
        timings.begin({ turnId, questionId: questionId(), kind, carrier, pressedAtMs, atMs })
      },
      turn_discarded: ({ turnId }) => end(turnId, { outcome: 'discarded', asks: 0, passes: 0 }),
      turn_ended: ({ turnId, outcome, failure, asks, passes }) => {
        ports.log(outcome === 'failed' ? 'warn' : 'info', 'turn.ended', {
          turn: turnId,
          outcome,
          failure,
          passes,
          ms: Math.round(now() - startedAtMs)
        })
        end(turnId, { outcome, asks, passes })
      },
      start_timer: ({ timer, turnId, ms }) => {
        const { turn } = state().turn
        if (timer === 'tail' && turn?.phase === 'releasing') {
          timings.released(turnId, turn.releasedAtMs, turn.tailMs)
        }
        timers.get(timer)?.()
        const fire = () => {
          timers.delete(timer)
          dispatch({ type: 'timer', timer, turnId })
        }
        timers.set(timer, ports.schedule(fire, ms))
      },
      stop_timer: ({ timer }) => {
        timers.get(timer)?.()
        timers.delete(timer)
      }
    }
  }
}
