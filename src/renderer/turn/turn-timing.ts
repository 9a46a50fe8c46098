// Collects the marks of each turn on one clock.
import type { TurnMark, TurnTiming } from '../../shared/turn-timing.ts'
import type { Carrier, Question } from './turn-events.ts'

export type TurnStart = {
  turnId: number
  questionId: string
  kind: Question['kind']
  carrier: Carrier
  /** On the clock of the marks. */
  pressedAtMs: number
  /** Unix milliseconds of the same moment. */
  atMs: number
}

export type TurnEnd = Pick<TurnTiming, 'outcome' | 'asks' | 'passes' | 'path' | 'callId'>

export type TurnTimings = {
  begin: (start: TurnStart) => void
  /** The first of each kind counts; marks of another turn are dropped. */
  mark: (turnId: number, mark: TurnMark, atMs: number) => void
  /** The last release counts, with its tail: a press may follow within the tail. */
  released: (turnId: number, atMs: number, tailMs: number) => void
  /** @returns null for a turn that was not begun */
  end: (turnId: number, end: TurnEnd, atMs: number) => TurnTiming | null
}

export const createTurnTimings = (): TurnTimings => {
  let current: {
    start: TurnStart
    marks: Partial<Record<TurnMark, number>>
    tailMs: number
  } | null = null
  /** The gate opens before `begin`. */
  let early: { turnId: number; name: TurnMark; atMs: number }[] = []

  const mark: TurnTimings['mark'] = (turnId, name, atMs) => {
    if (current === null || current.start.turnId !== turnId) {
      early = [...early.filter((one) => one.turnId === turnId), { turnId, name, atMs }]
      return
    }
    // An event's time stamp may precede the press, which is 0, by a hair.
    current.marks[name] ??= Math.max(0, atMs - current.start.pressedAtMs)
  }

  return {
    begin: (start) => {
      current = { start, marks: { press: 0 }, tailMs: 0 }
      for (const { turnId, name, atMs } of early) {
        if (turnId === start.turnId) mark(turnId, name, atMs)
      }
      early = []
    },
    mark,
    released: (turnId, atMs, tailMs) => {
      if (current === null || current.start.turnId !== turnId) return
      current.marks.release = Math.max(0, atMs - current.start.pressedAtMs)
      current.tailMs = tailMs
    },
    end: (turnId, end, atMs) => {
      if (current === null || current.start.turnId !== turnId) return null
      mark(turnId, 'end', atMs)
      const { start, marks, tailMs } = current
      current = null
      const { pressedAtMs: _pressedAtMs, ...begun } = start
      return { ...begun, tailMs, marks, ...end }
    }
  }
}
