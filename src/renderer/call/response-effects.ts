// Asks the model for responses, answers its tool calls, and silences it.
import type { EffectHandlers, EffectPorts } from './conversation-ports.ts'
import type { ResponseQueue } from './response-queue.ts'
import { itemEventId } from './server-turn-events.ts'

type ResponseEffects = Pick<
  EffectHandlers,
  | 'create_response'
  | 'drop_requests'
  | 'cancel_response'
  | 'send_tool_output'
  | 'resolve_tool_call'
  | 'clear_output'
  | 'cut_speaker'
  | 'restore_speaker'
>

export const responseEffects = (
  { send, mark, speaker }: EffectPorts,
  queue: Pick<ResponseQueue, 'create' | 'drop' | 'cancel'>
): ResponseEffects => {
  const sendOutput = ({ callId, output }: { callId: string; output: string }, eventId?: string) => {
    send(
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: callId, output }
      },
      eventId
    )
  }
  return {
    create_response: ({ requestId, kind }) => queue.create(requestId, kind),
    drop_requests: queue.drop,
    cancel_response: ({ responseId }) => queue.cancel(responseId),
    send_tool_output: (effect) => {
      mark('outputSent')
      sendOutput(effect, itemEventId(effect.turnId, effect.callId))
    },
    resolve_tool_call: (effect) => sendOutput(effect),
    clear_output: () => {
      send({ type: 'output_audio_buffer.clear' })
    },
    cut_speaker: speaker.cut,
    restore_speaker: speaker.restore
  }
}
