// The moments of each turn on one clock, collected as they come and handed over when the turn has ended.
import type { TurnMark, TurnTiming } from '../../shared/turn-timing.ts'
import type { Carrier, Question } from './turn-events.ts'

export type TurnStart = {
  turnId: number
  kind: Question['kind']
  carrier: Carrier
  /** On the clock of the marks. */
  pressedAtMs: number
  /** Unix milliseconds of the same moment. */
  atMs: number
}

export type TurnEnd = Pick<TurnTiming, 'outcome' | 'asks' | 'path'>

export type TurnTimings = {
  begin: (start: TurnStart) => void
  /** The first of each kind counts; marks of another turn than the one under way are nobody's. */
  mark: (turnId: number, mark: TurnMark, atMs: number) => void
  /** Let go, and how long the tail is from there. The last release of a turn counts: a press may follow in its tail. */
  released: (turnId: number, atMs: number, tailMs: number) => void
  /** @returns null when the turn was never begun */
  end: (turnId: number, end: TurnEnd, atMs: number) => TurnTiming | null
}

export const createTurnTimings = (): TurnTimings => {
  let current: {
    start: TurnStart
    marks: Partial<Record<TurnMark, number>>
    tailMs: number
  } | null = null
  /** The gate opens before anybody is told that a turn has begun. */
  let early: { turnId: number; name: TurnMark; atMs: number }[] = []

  const mark: TurnTimings['mark'] = (turnId, name, atMs) => {
    if (current === null || current.start.turnId !== turnId) {
      early = [...early.filter((one) => one.turnId === turnId), { turnId, name, atMs }]
      return
    }
    // An event's time stamp may lie a hair before the press that is taken as zero.
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
      const { kind, carrier } = start
      return { turnId, atMs: start.atMs, kind, carrier, tailMs, marks, ...end }
    }
  }
}
