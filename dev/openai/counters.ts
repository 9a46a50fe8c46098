// Counts calls, events and packets since the stand-in's start.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'

export const newCounters = () => ({
  clientSecrets: 0,
  /** WebSocket sessions included. */
  callsOpened: 0,
  callsClosed: 0,
  /** Of `callsOpened`, those over a WebSocket. */
  socketsOpened: 0,
  sessionUpdates: 0,
  responses: 0,
  /** `response.create` while a response was active. */
  createsRefused: 0,
  responsesCancelled: 0,
  committed: 0,
  emptyCommits: 0,
  /** Commits with audio that came by append. */
  appendedCommits: 0,
  /** Commits with audio by append and by RTP: no client should send one. */
  mixedTurns: 0,
  /** Answers to a recognised question before any search was made for it: no kiosk should ask for one. */
  answersWithoutPassages: 0,
  refusedEvents: 0,
  toolCalls: 0,
  packetsIn: 0,
  packetsOut: 0,
  /** Of `packetsOut`, those with speech; the rest is silence around it. */
  speechPacketsOut: 0,
  /** Audio events over a WebSocket. */
  audioDeltasOut: 0,
  embeddings: 0
})

export type Counters = ReturnType<typeof newCounters>

/** Counts an event that is sent to a client. */
export const countEvent = (counters: Counters, event: RealtimeServerEvent): void => {
  switch (event.type) {
    case 'response.created':
      counters.responses += 1
      return
    case 'session.updated':
      counters.sessionUpdates += 1
      return
    case 'input_audio_buffer.committed':
      counters.committed += 1
      return
    case 'response.function_call_arguments.done':
      counters.toolCalls += 1
      return
    case 'response.output_audio.delta':
      counters.audioDeltasOut += 1
      return
    case 'response.done':
      if (event.response.status === 'cancelled') counters.responsesCancelled += 1
      return
    case 'error':
      counters.refusedEvents += 1
      if (event.error.code === 'input_audio_buffer_commit_empty') counters.emptyCommits += 1
      if (event.error.code === 'conversation_already_has_active_response')
        counters.createsRefused += 1
  }
}
