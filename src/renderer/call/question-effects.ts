// Records a hold and sends the question: live, from its recording, or as text.
import { appendPieces } from './client-events.ts'
import type { EffectHandlers, EffectPorts } from './conversation-ports.ts'
import { commitEventId, itemEventId } from './server-turn-events.ts'

type QuestionEffects = Pick<
  EffectHandlers,
  | 'open_gate'
  | 'close_gate'
  | 'start_recording'
  | 'stop_recording'
  | 'await_silence'
  | 'drop_recording'
  | 'send_recording'
  | 'clear_input'
  | 'commit'
  | 'question_committed'
  | 'send_text'
  | 'delete_item'
>

/** @param callCount grows with every call: a recording is not sent on another call than it was meant for */
export const questionEffects = (ports: EffectPorts, callCount: () => number): QuestionEffects => {
  const { recorder, gate, dispatch, send, mark } = ports

  const clearInput = () => {
    if (send({ type: 'input_audio_buffer.clear' })) dispatch({ type: 'clear_sent' })
  }

  const commit = (turnId: number) => {
    mark('commit')
    ports.onQuestionSent()
    send({ type: 'input_audio_buffer.commit' }, commitEventId(turnId))
  }

  return {
    open_gate: () => {
      gate.open()
      mark('gate')
    },
    close_gate: gate.close,
    start_recording: ({ turnId }) => recorder.start(turnId),
    stop_recording: ({ turnId }) => void recorder.stop(turnId),
    await_silence: async ({ turnId, releasedAtMs }) => {
      const isQuiet = await recorder.silenceAt(turnId, releasedAtMs)
      if (isQuiet) dispatch({ type: 'silence_detected', turnId, releasedAtMs, atMs: ports.now() })
    },
    drop_recording: ({ recordingId }) => recorder.drop(recordingId),
    send_recording: async ({ turnId, recordingId }) => {
      const onCall = callCount()
      await recorder.stop(recordingId)
      // The turn asks again on the call that came meanwhile.
      if (onCall !== callCount()) return
      const samples = recorder.read(recordingId)
      // The turn waits for an end of its commit, also when it has ended itself meanwhile.
      if (samples === null || samples.length === 0 || ports.state().turn.turn?.id !== turnId) {
        dispatch({ type: 'commit_refused', turnId, empty: true })
        return
      }
      clearInput()
      for (const audio of appendPieces(samples)) {
        send({ type: 'input_audio_buffer.append', audio })
      }
      commit(turnId)
    },
    clear_input: clearInput,
    commit: ({ turnId }) => commit(turnId),
    question_committed: ports.onQuestionSent,
    send_text: ({ turnId, text }) => {
      ports.onQuestionSent()
      const itemId = `question-${ports.newId().slice(0, 8)}-${turnId}`
      dispatch({ type: 'question_item_assigned', turnId, itemId, text })
      send(
        {
          type: 'conversation.item.create',
          item: {
            id: itemId,
            type: 'message',
            role: 'user',
            content: [{ type: 'input_text', text }]
          }
        },
        itemEventId(turnId, itemId)
      )
    },
    delete_item: ({ itemId }) => {
      send({ type: 'conversation.item.delete', item_id: itemId })
    }
  }
}
