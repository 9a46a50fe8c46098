// What happened since the stand-in started, for tests that assert counts and losses instead of impressions.

export type Counters = {
  clientSecrets: number
  callsOpened: number
  callsClosed: number
  sessionUpdates: number
  responses: number
  responsesCancelled: number
  committed: number
  emptyCommits: number
  refusedEvents: number
  toolCalls: number
  packetsIn: number
  packetsOut: number
  /** Packets that carried speech, out of `packetsOut`: the rest is silence around it. */
  speechPacketsOut: number
  packetsLostOnPurpose: number
  embeddings: number
}

export const newCounters = (): Counters => ({
  clientSecrets: 0,
  callsOpened: 0,
  callsClosed: 0,
  sessionUpdates: 0,
  responses: 0,
  responsesCancelled: 0,
  committed: 0,
  emptyCommits: 0,
  refusedEvents: 0,
  toolCalls: 0,
  packetsIn: 0,
  packetsOut: 0,
  speechPacketsOut: 0,
  packetsLostOnPurpose: 0,
  embeddings: 0
})
