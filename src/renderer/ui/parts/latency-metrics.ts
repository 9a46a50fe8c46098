// Median and 95th percentile of each metric of the last turns, the counts of their outcomes, and what they cost.
import { NO_COUNTS, type TurnCounts } from '../../../shared/turn-cost.ts'
import type { KeptTurn, TurnMark, TurnTiming } from '../../../shared/turn-timing.ts'

/** The marks between which each metric is measured. */
const MARKS = {
  press_to_gate: ['press', 'gate'],
  press_to_packet: ['press', 'firstPacket'],
  /** Without the tail. */
  release_to_commit: ['release', 'commit'],
  commit_to_committed: ['commit', 'committed'],
  commit_to_transcript: ['commit', 'transcribed'],
  search: ['toolCall', 'toolAnswered'],
  release_to_audible: ['release', 'audible'],
  whole_turn: ['press', 'end']
} as const satisfies Record<string, readonly [TurnMark, TurnMark]>
export type LatencyMetricName = keyof typeof MARKS
/** In the order of a turn. */
export const LATENCY_METRICS = Object.keys(MARKS) as LatencyMetricName[]

/** More bars would be too thin at arm's length. */
export const CHARTED_TURNS = 50

export type LatencyMetric = {
  name: LatencyMetricName
  /** Turns with the metric, and turns without one of its marks. */
  n: number
  missing: number
  /** null without a measured turn. */
  p50Ms: number | null
  p95Ms: number | null
}

/**
 * Nearest-rank percentile: always a measured value; null of no values.
 * @param share more than 0, up to 1
 */
export const percentile = (values: readonly number[], share: number): number | null => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

const between = ({ marks }: TurnTiming, from: TurnMark, to: TurnMark): number | null => {
  const start = marks[from]
  const end = marks[to]
  return start === undefined || end === undefined ? null : end - start
}

/** Milliseconds; null without one of its marks. */
export const metricMs = (turn: TurnTiming, name: LatencyMetricName): number | null => {
  const [from, to] = MARKS[name]
  const ms = between(turn, from, to)
  if (ms === null || name !== 'release_to_commit') return ms
  // A recording waits for its call: that time is the network's. A timer may fire a fraction of a millisecond early.
  return turn.carrier === 'live' ? Math.max(0, ms - turn.tailMs) : null
}

const measured = (turns: readonly TurnTiming[], name: LatencyMetricName): number[] =>
  turns.map((turn) => metricMs(turn, name)).filter((ms) => ms !== null)

/** Every metric, measured or not. */
export const latencyMetrics = (turns: readonly TurnTiming[]): LatencyMetric[] =>
  LATENCY_METRICS.map((name) => {
    const values = measured(turns, name)
    return {
      name,
      n: values.length,
      missing: turns.length - values.length,
      p50Ms: percentile(values, 0.5),
      p95Ms: percentile(values, 0.95)
    }
  })

export type PathFigures = { path: 'all' | 'webrtc' | 'websocket'; figures: LatencyMetric[] }

/** Split by transport when both occur: a mean over two networks describes neither. */
export const metricsByPath = (turns: readonly TurnTiming[]): PathFigures[] => {
  const on = (path: 'webrtc' | 'websocket') => turns.filter((turn) => turn.path === path)
  const webrtc = on('webrtc')
  const websocket = on('websocket')
  return webrtc.length === 0 || websocket.length === 0
    ? [{ path: 'all', figures: latencyMetrics(turns) }]
    : [
        { path: 'webrtc', figures: latencyMetrics(webrtc) },
        { path: 'websocket', figures: latencyMetrics(websocket) }
      ]
}

export type OutcomeCounts = {
  turns: number
  answered: number
  notFound: number
  failed: number
  /** Asked more than once, because a call was lost. */
  askedAgain: number
}

/** Cancelled and discarded turns count as turns only. */
export const tallyOf = (turns: readonly TurnTiming[]): OutcomeCounts => {
  const ended = (outcome: TurnTiming['outcome']) =>
    turns.filter((turn) => turn.outcome === outcome).length
  return {
    turns: turns.length,
    answered: ended('answered'),
    notFound: ended('not_found'),
    failed: ended('failed'),
    askedAgain: turns.filter(({ asks }) => asks > 1).length
  }
}

/** Release to first audible sample, in milliseconds, of the last measured turns; oldest first. */
export const chartedMs = (turns: readonly TurnTiming[]): number[] =>
  measured(turns, 'release_to_audible').slice(-CHARTED_TURNS)

const sumOf = (turns: readonly KeptTurn[]): TurnCounts =>
  turns.reduce((sum, { cost }) => {
    const kinds = Object.keys(sum) as (keyof TurnCounts)[]
    return Object.fromEntries(
      kinds.map((kind) => [kind, sum[kind] + (cost?.[kind] ?? 0)])
    ) as TurnCounts
  }, NO_COUNTS)

const startOfDay = (atMs: number): number => new Date(atMs).setHours(0, 0, 0, 0)

/** More rows would not fit. */
const SHOWN_DAYS = 3

export type CostSum = {
  /** The last call, or a day by its start in Unix milliseconds. */
  of: 'call' | number
  turns: number
  counts: TurnCounts
}

/** What the last call cost, and each of the last days on this machine's calendar, the newest first. */
export const costSums = (turns: readonly KeptTurn[]): CostSum[] => {
  const last = turns.findLast(({ callId }) => callId !== null)?.callId
  const ofCall = turns.filter(({ callId }) => callId !== null && callId === last)
  const days = Map.groupBy(turns, ({ atMs }) => startOfDay(atMs))
  const newest = [...days].toSorted(([a], [b]) => b - a).slice(0, SHOWN_DAYS)
  return [['call', ofCall] as const, ...newest].map(([of, counted]) => ({
    of,
    turns: counted.length,
    counts: sumOf(counted)
  }))
}
