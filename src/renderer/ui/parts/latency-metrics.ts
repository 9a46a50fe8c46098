// What the timings of the last turns say: half and 95 % of each stretch of a turn, and how the turns ended.
import type { TurnMark, TurnTiming } from '../../../shared/turn-timing.ts'

export const LATENCY_METRICS = [
  'press_to_gate',
  'press_to_packet',
  'release_to_commit',
  'commit_to_committed',
  'search',
  'release_to_audible',
  'whole_turn'
] as const
export type LatencyMetricName = (typeof LATENCY_METRICS)[number]

/** Bars of the chart: more are thinner than they can be told apart at arm's length. */
export const CHARTED_TURNS = 50

export type LatencyMetric = {
  name: LatencyMetricName
  /** Turns in which the stretch was measured, and those left out because a mark is missing. */
  n: number
  missing: number
  /** null when it was measured in no turn. */
  p50Ms: number | null
  p95Ms: number | null
}

/**
 * The value below which `share` of the values lie, by the nearest rank: always one that was measured, never
 * one in between. null of no values.
 *
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

/** Milliseconds of one stretch of one turn; null when it was not measured in it. */
export const metricMs = (turn: TurnTiming, name: LatencyMetricName): number | null => {
  switch (name) {
    case 'press_to_gate':
      return between(turn, 'press', 'gate')
    case 'press_to_packet':
      return between(turn, 'press', 'firstPacket')
    case 'release_to_commit': {
      // A recording waits for its call: how long that takes is the network's figure and not the kiosk's.
      const ms = turn.carrier === 'live' ? between(turn, 'release', 'commit') : null
      // A timer may fire a fraction of a millisecond before its time.
      return ms === null ? null : Math.max(0, ms - turn.tailMs)
    }
    case 'commit_to_committed':
      return between(turn, 'commit', 'committed')
    case 'search':
      return between(turn, 'toolCall', 'toolAnswered')
    case 'release_to_audible':
      return between(turn, 'release', 'audible')
    case 'whole_turn':
      return between(turn, 'press', 'end')
    default:
      return name satisfies never
  }
}

const measured = (turns: readonly TurnTiming[], name: LatencyMetricName): number[] =>
  turns.map((turn) => metricMs(turn, name)).filter((ms) => ms !== null)

/** Every figure, in the order of a turn; also those that were never measured. */
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

/** Split by path when both occur: a mean of two networks is the figure of neither. */
export const metricsByPath = (turns: readonly TurnTiming[]): PathFigures[] => {
  const on = (path: 'webrtc' | 'websocket') => turns.filter((turn) => turn.path === path)
  const webrtc = on('webrtc')
  const relay = on('websocket')
  return webrtc.length === 0 || relay.length === 0
    ? [{ path: 'all', figures: latencyMetrics(turns) }]
    : [
        { path: 'webrtc', figures: latencyMetrics(webrtc) },
        { path: 'websocket', figures: latencyMetrics(relay) }
      ]
}

export type OutcomeCounts = {
  turns: number
  answered: number
  notFound: number
  failed: number
  /** Turns whose question was asked more than once because a call was lost. */
  askedAgain: number
}

/** How the turns ended. Cancelled and discarded ones count as turns only. */
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

/** Release to first audible sample, in milliseconds, of the last turns in which it was measured; oldest first. */
export const chartedMs = (turns: readonly TurnTiming[]): number[] =>
  measured(turns, 'release_to_audible').slice(-CHARTED_TURNS)
