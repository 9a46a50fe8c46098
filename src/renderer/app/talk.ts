// Joins the conversation to the microphone, the speaker and the call in use.
import { type Conversation, createConversation } from '../call/conversation.ts'
import type { ConversationPorts } from '../call/conversation-ports.ts'
import { watchFirstPacket } from '../call/first-packet.ts'
import { watchHoldLoss } from '../call/hold-packet-loss.ts'
import { holdEndsAtMs, isGateOpen, isLiveAudioPending, isSending } from '../turn/turn-reducer.ts'
import type { AppContext } from './app-context.ts'
import type { AppParts } from './app-parts.ts'

/** Loaded after the first screen is drawn. */
export const loadChecks = () => import('../../shared/answer-check.ts')

export const createTalk = (
  { bridge, store, settings, schedule, now, log }: AppContext,
  {
    audio,
    devices: { microphone },
    calls,
    hints
  }: Pick<AppParts, 'audio' | 'devices' | 'calls' | 'hints'>,
  onChange: ConversationPorts['onChange']
): Conversation => {
  const { recorder, suspender, speaker } = audio

  const watchOpenGate = () => {
    const state = conversation.state
    const packets = async () => (await calls.transport()?.audioPacketsSent()) ?? null
    void watchFirstPacket({ packets, isOpen: () => isSending(state()), now, schedule }, (atMs) =>
      conversation.mark('firstPacket', atMs)
    )
    const turnId = state().turn?.id
    if (turnId === undefined) return
    void watchHoldLoss(
      {
        sent: async () => (await calls.transport()?.sentAudio()) ?? null,
        isUnderWay: () => isLiveAudioPending(state(), turnId),
        schedule
      },
      ({ packets, sent }) => {
        log('info', 'turn.audioLost', { turn: turnId, packets, sent })
        conversation.dispatch({ type: 'audio_lost', turnId })
      }
    )
  }

  const setGate = (gate: 'open' | 'closed') => {
    microphone.setGate(gate)
    calls.transport()?.setGate(gate)
  }

  const startRecording = (recordingId: number) => {
    hints.hide()
    recorder.start(recordingId)
    void suspender.ensureRunning().then(() => {
      // A tap may be over before the context runs.
      if (isGateOpen(conversation.state())) audio.cue('opened')
    })
  }

  const conversation = createConversation(
    {
      bridge,
      send: (event) => calls.transport()?.send(event) ?? false,
      call: calls.transport,
      wakeCall: () => {
        calls.wake()
        calls.retryNow()
      },
      replaceCall: calls.replace,
      inputSettings: () => {
        const { modelNoiseReduction, handsFree } = settings()
        return { modelNoiseReduction, handsFree }
      },
      gate: {
        open: () => {
          setGate('open')
          watchOpenGate()
        },
        close: () => setGate('closed')
      },
      recorder: { ...recorder, start: startRecording },
      onQuestionSent: audio.expectAnswer,
      speaker: { cut: audio.cut, restore: speaker.restore },
      loadChecks,
      language: () => settings().language,
      newId: () => crypto.randomUUID(),
      now,
      wallClock: () => performance.timeOrigin + now(),
      schedule,
      onChange,
      onHint: (hint) => {
        hints.show(hint)
        if (hint === 'hold_ends_soon') {
          store.set({ holdEndsAtMs: holdEndsAtMs(conversation.state()) })
        }
      },
      log
    },
    settings()
  )
  return conversation
}
