// Median and 95th percentile of each metric of the last turns, and the counts of their outcomes.
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
  switch (name) {
    case 'press_to_gate':
      return between(turn, 'press', 'gate')
    case 'press_to_packet':
      return between(turn, 'press', 'firstPacket')
    case 'release_to_commit': {
      // A recording waits for its call: that time is the network's.
      const ms = turn.carrier === 'live' ? between(turn, 'release', 'commit') : null
      // A timer may fire a fraction of a millisecond early.
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

/** Every metric, measured or not, in the order of a turn. */
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
