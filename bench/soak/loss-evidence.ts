// What is kept of the last minutes, and what is told of it when a question was lost.
import type { LogLine } from '../../dev/drive/launch-kiosk.ts'
import type { BatchObservation } from './observations.ts'
import type { InjectedFaults, Scenario } from './scenario.ts'

/** Lines kept of each kind: some minutes of a busy soak. */
const KEPT_LINES = 2_000
const BEFORE_MS = 4_000
const AFTER_MS = 12_000

type Dated<T> = { atMs: number; what: T }

export type Evidence = {
  log: (lines: readonly LogLine[]) => void
  model: (line: string) => void
  trouble: (trouble: InjectedFaults) => void
  /** Everything around this moment, in lines for a terminal. */
  around: (atMs: number, seen: BatchObservation, acts: readonly Scenario[]) => string[]
}

const keep = <T>(kept: Dated<T>[], atMs: number, what: T): void => {
  kept.push({ atMs, what })
  if (kept.length > KEPT_LINES) kept.shift()
}

const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 23)

const lineText = ({ time: _time, level: _level, ...rest }: LogLine): string => JSON.stringify(rest)

export const createEvidence = (): Evidence => {
  const log: Dated<LogLine>[] = []
  const model: Dated<string>[] = []
  const troubles: Dated<InjectedFaults>[] = []
  return {
    log: (lines) => {
      for (const line of lines) {
        keep(log, typeof line.time === 'string' ? Date.parse(line.time) : Date.now(), line)
      }
    },
    model: (line) => keep(model, Date.now(), line),
    trouble: (trouble) => keep(troubles, Date.now(), trouble),
    around: (atMs, seen, acts) => {
      const dated = [
        ...seen.deeds.map((deed) => ({
          atMs: deed.atMs,
          what: `person  ${deed.kind} ${deed.source} (turn ${deed.turnBefore} → ${deed.turnAfter}, act ${deed.act})`
        })),
        ...seen.screens.map(({ atMs: seenAtMs, ...screen }) => ({
          atMs: seenAtMs,
          what: `screen  ${screen.state} turn=${screen.turn} outcome=${screen.outcome} failure=${screen.failure} hint=${screen.hint}`
        })),
        ...troubles.map((trouble) => ({
          atMs: trouble.atMs,
          what: `trouble ${JSON.stringify(trouble.what)}`
        })),
        ...log.map((line) => ({ atMs: line.atMs, what: `kiosk   ${lineText(line.what)}` })),
        ...model.map((line) => ({ atMs: line.atMs, what: `model   ${line.what}` }))
      ]
      const played = acts.map((act) => `act ${act.index}: ${act.name} ${JSON.stringify(act)}`)
      const around = dated
        .filter((line) => line.atMs >= atMs - BEFORE_MS && line.atMs <= atMs + AFTER_MS)
        .toSorted((one, other) => one.atMs - other.atMs)
        .map((line) => `${clock(line.atMs)}  ${line.what}`)
      return [...played, ...around]
    }
  }
}
