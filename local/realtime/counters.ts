// What happened since the stand-in started, for tests that assert counts and losses instead of impressions.

export type Counters = {
  clientSecrets: number
  /** WebSocket sessions included. */
  callsOpened: number
  callsClosed: number
  /** Of `callsOpened`, those over a WebSocket. */
  socketsOpened: number
  sessionUpdates: number
  responses: number
  /** `response.create` while a response was active. */
  createsRefused: number
  responsesCancelled: number
  committed: number
  emptyCommits: number
  /** Commits with audio that came by append. */
  appendedCommits: number
  /** Commits with audio that came both by append and by RTP: no client should send one. */
  mixedTurns: number
  refusedEvents: number
  toolCalls: number
  packetsIn: number
  packetsOut: number
  /** Packets that carried speech, out of `packetsOut`: the rest is silence around it. */
  speechPacketsOut: number
  packetsLostOnPurpose: number
  /** Pieces of an answer's sound sent as events, over a WebSocket. */
  audioDeltasOut: number
  embeddings: number
}

export const newCounters = (): Counters => ({
  clientSecrets: 0,
  callsOpened: 0,
  callsClosed: 0,
  socketsOpened: 0,
  sessionUpdates: 0,
  responses: 0,
  createsRefused: 0,
  responsesCancelled: 0,
  committed: 0,
  emptyCommits: 0,
  appendedCommits: 0,
  mixedTurns: 0,
  refusedEvents: 0,
  toolCalls: 0,
  packetsIn: 0,
  packetsOut: 0,
  speechPacketsOut: 0,
  packetsLostOnPurpose: 0,
  audioDeltasOut: 0,
  embeddings: 0
})
