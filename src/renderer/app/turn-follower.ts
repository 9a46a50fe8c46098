// Follows the turn: cues, the level, the suspension of audio, and the pause of an update in main.
import { createAnswerAudioWatchdog } from '../call/answer-audio-watchdog.ts'
import type { ConversationPorts } from '../call/conversation-ports.ts'
import { shouldCloseSection } from '../section-reader/opened-section.ts'
import { isGateOpen } from '../turn/turn-reducer.ts'
import type { AppContext } from './app-context.ts'
import type { AppParts } from './app-parts.ts'

type FollowerParts = Omit<AppParts, 'conversation' | 'hints'>

export const createTurnFollower = (
  { bridge, store, schedule, now }: AppContext,
  { audio, calls, devices, level, soundCheck, sections }: FollowerParts
): ConversationPorts['onChange'] => {
  let isInUse = false
  const watchdog = createAnswerAudioWatchdog({
    packets: async () => (await calls.transport()?.audioPacketsReceived()) ?? null,
    now,
    schedule,
    onStalled: () => calls.replace('silent')
  })
  return (turn, view) => {
    const wasListening = isGateOpen(store.get().turn)
    const isListening = isGateOpen(turn)
    store.set({ turn, view, ...(isListening ? {} : { holdEndsAtMs: null }) })
    if (shouldCloseSection(store.get())) sections.close()
    if (wasListening && !isListening) audio.cue('closed')
    level.update()
    const inUse = turn.turn !== null || turn.playing !== null
    audio.suspender.use(inUse ? 'in_use' : 'idle')
    // Main installs no update meanwhile.
    if (inUse !== isInUse) void bridge.call('kiosk.setInUse', { inUse })
    isInUse = inUse
    devices.microphone.setUse(isListening ? 'in_use' : 'idle')
    watchdog.playing(turn.playing !== null)
    if (turn.turn !== null) soundCheck.end()
    calls.turnChanged(turn.turn !== null)
  }
}
