// The metrics of the last turns.
import { describe, expect, test } from 'vitest'
import {
  CHARTED_TURNS,
  chartedMs,
  costSums,
  LATENCY_METRICS,
  type LatencyMetricName,
  latencyMetrics,
  metricMs,
  metricsByPath,
  percentile,
  tallyOf
} from '../../../../../src/renderer/ui/parts/latency-metrics.ts'
import { type TurnTiming, turnTimingSchema } from '../../../../../src/shared/turn-timing.ts'

const turn = (over: Partial<TurnTiming> = {}): TurnTiming =>
  turnTimingSchema.parse({
    turnId: 1,
    questionId: '9b2f4d6e-1111-4222-8333-444455556666',
    atMs: 1_800_000_000_000,
    kind: 'spoken',
    path: 'webrtc',
    callId: 'rtc_1',
    carrier: 'live',
    outcome: 'answered',
    asks: 1,
    passes: 2,
    tailMs: 200,
    marks: {
      press: 0,
      gate: 4,
      firstPacket: 25,
      release: 1_500,
      commit: 1_706,
      committed: 1_760,
      transcribed: 1_770,
      responseCreated: 1_800,
      toolCall: 2_000,
      toolAnswered: 2_030,
      outputSent: 2_031,
      audioStarted: 2_400,
      audible: 2_450,
      end: 9_000
    },
    ...over
  })

const figure = (turns: readonly TurnTiming[], name: LatencyMetricName) => {
  const found = latencyMetrics(turns).find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no figure ${name}`)
  return found
}

describe('a percentile', () => {
  test.each<[number[], number, number | null]>([
    // The value at the nearest rank, never one in between.
    [[50, 15, 40, 20, 35], 0.05, 15],
    [[50, 15, 40, 20, 35], 0.3, 20],
    [[50, 15, 40, 20, 35], 0.5, 35],
    [[50, 15, 40, 20, 35], 0.95, 50],
    [[50, 15, 40, 20, 35], 1, 50],
    // One of twenty stands above the 95th.
    [Array.from({ length: 20 }, (_, at) => at + 1), 0.95, 19],
    [[1_000, 9, 10], 0.5, 10],
    [[7], 0.95, 7],
    [[], 0.5, null]
  ])('of %j at %d is %s, and leaves the values as they were', (values, share, expected) => {
    const before = [...values]
    expect(percentile(values, share)).toBe(expected)
    expect(values).toEqual(before)
  })
})

describe('metricMs', () => {
  test.each<[LatencyMetricName, number]>([
    ['press_to_gate', 4],
    ['press_to_packet', 25],
    ['release_to_commit', 6],
    ['commit_to_committed', 54],
    ['search', 30],
    ['release_to_audible', 950],
    ['whole_turn', 9_000]
  ])('%s is %d ms', (name, ms) => {
    expect(metricMs(turn(), name)).toBe(ms)
  })

  test('needs both of its marks', () => {
    const typed = turn({ kind: 'typed', marks: { press: 0, end: 4_000 } })
    const measured = LATENCY_METRICS.filter((name) => metricMs(typed, name) !== null)
    expect(measured).toEqual(['whole_turn'])
  })

  test('is never negative', () => {
    expect(metricMs(turn({ marks: { release: 100, commit: 299.6 } }), 'release_to_commit')).toBe(0)
  })

  test("does not count a recording's wait for its call", () => {
    expect(metricMs(turn({ carrier: 'recorded' }), 'release_to_commit')).toBeNull()
  })
})

describe('latencyMetrics', () => {
  test('counts the turns without a mark', () => {
    const turns = [turn(), turn({ marks: { press: 0, gate: 8 } }), turn({ marks: { press: 0 } })]
    expect(figure(turns, 'press_to_gate')).toEqual({
      name: 'press_to_gate',
      n: 2,
      missing: 1,
      p50Ms: 4,
      p95Ms: 8
    })
  })

  test('lists every metric without a turn', () => {
    expect(latencyMetrics([]).map(({ name }) => name)).toEqual([...LATENCY_METRICS])
    expect(figure([], 'search')).toMatchObject({ n: 0, missing: 0, p50Ms: null, p95Ms: null })
  })

  test('splits by transport when both occur', () => {
    const turns = [
      turn(),
      turn({ path: 'websocket' }),
      turn({ path: 'websocket' }),
      turn({ path: null })
    ]
    const split = metricsByPath(turns)
    expect(split.map(({ path }) => path)).toEqual(['webrtc', 'websocket'])
    expect(split.map(({ figures }) => figures[0]?.n)).toEqual([1, 2])
  })

  test('keeps one table for one transport', () => {
    const [all, ...others] = metricsByPath([turn(), turn({ path: null })])
    expect(others).toEqual([])
    expect(all).toMatchObject({ path: 'all' })
    expect(all?.figures[0]?.n).toBe(2)
  })
})

test('counts outcomes, and questions that were asked again', () => {
  const turns = [
    turn(),
    turn({ asks: 2 }),
    turn({ outcome: 'not_found' }),
    turn({ outcome: 'failed', asks: 3 }),
    turn({ outcome: 'cancelled' }),
    turn({ outcome: 'discarded', asks: 0 })
  ]
  expect(tallyOf(turns)).toEqual({ turns: 6, answered: 2, notFound: 1, failed: 1, askedAgain: 2 })
})

test('charts the last measured answers, oldest first', () => {
  const turns = Array.from({ length: CHARTED_TURNS + 10 }, (_, at) =>
    turn({ marks: { release: 0, audible: at } })
  )
  const silent = turn({ marks: { release: 0 } })
  const charted = chartedMs([...turns, silent])
  expect(charted).toHaveLength(CHARTED_TURNS)
  expect(charted[0]).toBe(10)
  expect(charted.at(-1)).toBe(CHARTED_TURNS + 9)
})

test('sums what turns cost by their last call and by day, the newest first', () => {
  const counts = {
    textInput: 5_000,
    textCached: 4_000,
    textOutput: 90,
    audioInput: 60,
    audioCached: 10,
    audioOutput: 240,
    transcriptionSeconds: 4
  }
  const on = (day: number, callId: string | null, isCounted = true) => ({
    ...turn({ atMs: new Date(2026, 10, day, 23, 59).getTime(), callId }),
    cost: isCounted ? counts : null
  })
  const sums = costSums([
    on(1, 'rtc_1'),
    ...[2, 3, 4].map((day) => on(day, 'rtc_2')),
    on(4, 'rtc_2', false),
    on(4, null, false)
  ])
  expect(
    sums.map(({ of, turns, counts: { textInput, transcriptionSeconds } }) => [
      of === 'call' ? of : new Date(of).getDate(),
      turns,
      textInput,
      transcriptionSeconds
    ])
  ).toEqual([
    ['call', 4, 15_000, 12],
    [4, 3, 5_000, 4],
    [3, 1, 5_000, 4],
    [2, 1, 5_000, 4]
  ])
})
