// Tests the turn timeline, its events and the input audio buffer.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Input } from '../../../../dev/openai/conversation/reducer.ts'
import { newCounters } from '../../../../dev/openai/counters.ts'
import { createInputAudioBuffer } from '../../../../dev/openai/input-audio-buffer.ts'
import { turnEvents } from '../../../../dev/openai/turn-events.ts'
import {
  createTurnLog,
  newTimeline,
  STORED_TURNS,
  type Timeline,
  type Turn,
  type TurnEvent,
  withEvent
} from '../../../../dev/openai/turn-timeline.ts'

let timeline: Timeline
let clockMs: number

beforeEach(() => {
  timeline = newTimeline()
  clockMs = 1_000
})

type Untimed = TurnEvent extends infer E ? (E extends TurnEvent ? Omit<E, 'atMs'> : never) : never

/** Each event one millisecond after the one before. */
const note = (event: Untimed, callId = 'rtc_1'): number => {
  clockMs += 1
  timeline = withEvent(timeline, callId, { ...event, atMs: clockMs } as TurnEvent)
  return clockMs
}
const latest = (): Turn | undefined => timeline.turns.at(-1)
const RTP_ONLY = {
  appendedMs: 0,
  rtpMs: 900,
  firstPacketAtMs: 500,
  firstSpeechAtMs: 540,
  lastSpeechAtMs: 1_320
}
const commit = (itemId: string, callId?: string) =>
  note({ type: 'committed', itemId, audio: RTP_ONLY }, callId)
const respond = (responseId: string) => note({ type: 'response_created', responseId })

describe('a spoken turn', () => {
  test('has the time of each event', () => {
    const clearedAtMs = note({ type: 'cleared' })
    const commitAtMs = commit('item_1')
    const createdAtMs = respond('resp_1')
    note({
      type: 'recognised',
      itemId: 'item_1',
      recognition: { kind: 'recognised', text: 'How hot?' }
    })
    const decidedAtMs = note({ type: 'decided', responseId: 'resp_1' })
    const toolCallSentAtMs = note({ type: 'tool_call_sent', responseId: 'resp_1', toolCallId: 'c' })
    const doneAtMs = note({ type: 'response_done', responseId: 'resp_1', status: 'completed' })
    const toolOutputAtMs = note({ type: 'tool_output', toolCallId: 'c' })
    respond('resp_2')
    const firstAudioSentAtMs = note({ type: 'audio_sent', responseId: 'resp_2' })
    note({ type: 'audio_sent', responseId: 'resp_2' })
    const firstSoundSentAtMs = note({ type: 'audio_sounded', responseId: 'resp_2' })
    note({ type: 'audio_sounded', responseId: 'resp_2' })
    expect(latest()).toMatchObject({
      clearedAtMs,
      commitAtMs,
      firstPacketAtMs: 500,
      firstSpeechAtMs: 540,
      lastSpeechAtMs: 1_320,
      mixed: false,
      transcript: { kind: 'recognised', text: 'How hot?' },
      responses: [
        { createdAtMs, decidedAtMs, toolCallSentAtMs, toolOutputAtMs, doneAtMs },
        { firstAudioSentAtMs, firstSoundSentAtMs, doneAtMs: null }
      ]
    })
  })

  test('ignores the clear of the previous turn and of another call', () => {
    note({ type: 'cleared' })
    note({ type: 'cleared' }, 'rtc_2')
    commit('item_1')
    commit('item_2')
    expect(latest()?.clearedAtMs).toBeNull()
  })

  test('is mixed and counted when it came by append and by RTP', () => {
    const counters = newCounters()
    const log = createTurnLog(counters)
    for (const [appendedMs, rtpMs] of [
      [0, 500],
      [500, 0],
      [500, 20]
    ] as const) {
      const audio = { ...RTP_ONLY, appendedMs, rtpMs }
      log.note('rtc_1', { type: 'committed', atMs: 1, itemId: 'item', audio })
    }
    expect(log.turns().map(({ mixed }) => mixed)).toEqual([false, false, true])
    expect(counters).toMatchObject({ appendedCommits: 2, mixedTurns: 1 })
  })
})

describe('a typed turn', () => {
  test('begins with its text and becomes a turn with its response', () => {
    const typedAtMs = note({ type: 'typed', itemId: 'item_1', text: 'How hot?' })
    expect(timeline.turns).toHaveLength(0)
    respond('resp_1')
    respond('resp_2')
    expect(timeline.turns).toMatchObject([
      {
        commitAtMs: typedAtMs,
        clearedAtMs: null,
        transcript: { kind: 'typed', text: 'How hot?' },
        responses: [{ id: 'resp_1' }, { id: 'resp_2' }]
      }
    ])
  })

  test('leaves out replayed text before a spoken question', () => {
    note({ type: 'typed', itemId: 'item_1', text: 'A question of the previous call' })
    commit('item_2')
    respond('resp_1')
    expect(timeline.turns).toMatchObject([
      { committedItemId: 'item_2', responses: [{ id: 'resp_1' }] }
    ])
  })
})

test('adds a response to the newest turn of its call', () => {
  commit('item_1')
  commit('item_2', 'rtc_2')
  respond('resp_1')
  expect(timeline.turns.map(({ responses }) => responses.length)).toEqual([1, 0])
})

test('stores the last turns only', () => {
  for (let index = 0; index < STORED_TURNS + 3; index += 1) commit(`item_${index}`)
  expect(timeline.turns).toHaveLength(STORED_TURNS)
  expect(timeline.turns[0]?.committedItemId).toBe('item_3')
})

describe('turnEvents', () => {
  const eventsOf = (input: Input, sent: RealtimeServerEvent) =>
    turnEvents(input, [sent], { receivedAtMs: 1, sentAtMs: 2 }, () => RTP_ONLY)

  test('leaves out a response outside the conversation', () => {
    const response = { id: 'resp_1' }
    const sent = { type: 'response.created' as const, event_id: 'e', response }
    expect(eventsOf({ type: 'opened' }, sent)).toEqual([])
  })

  test('times a tool call by its sending, not by its decision', () => {
    const decision = { kind: 'call' as const, name: 'search', argumentsJson: '{}' }
    const sent = {
      type: 'response.function_call_arguments.done' as const,
      event_id: 'e',
      response_id: 'resp_1',
      item_id: 'item_1',
      output_index: 0,
      call_id: 'c',
      name: 'search',
      arguments: '{}'
    }
    expect(eventsOf({ type: 'decided', responseId: 'resp_1', decision }, sent)).toEqual([
      { type: 'decided', atMs: 1, responseId: 'resp_1' },
      { type: 'tool_call_sent', atMs: 2, responseId: 'resp_1', toolCallId: 'c' }
    ])
  })
})

describe('the input audio buffer', () => {
  const quiet = new Int16Array(480)
  const loud = new Int16Array(480).fill(3_000)

  test('has the arrival of the first audio and of the first and last speech, and drops them with it', () => {
    const input = createInputAudioBuffer()
    input.add(quiet, 'rtp', 10)
    input.add(loud, 'rtp', 30)
    input.add(loud, 'append', 50)
    expect(input.contents()).toEqual({
      appendedMs: 20,
      rtpMs: 40,
      firstPacketAtMs: 10,
      firstSpeechAtMs: 30,
      lastSpeechAtMs: 50
    })
    input.drop()
    input.add(quiet, 'rtp', 60)
    expect(input.contents()).toEqual({
      appendedMs: 0,
      rtpMs: 20,
      firstPacketAtMs: 60,
      firstSpeechAtMs: null,
      lastSpeechAtMs: null
    })
  })

  test('finds a short sound in a long append', () => {
    const input = createInputAudioBuffer()
    const long = new Int16Array(48_000)
    long.set(loud, 30_000)
    input.add(long, 'append', 10)
    expect(input.contents().firstSpeechAtMs).toBe(10)
  })
})
