// Keeps the recent log lines and faults, and formats those around a lost question.
import type { LogLine } from '../../dev/drive/launch-kiosk.ts'
import type { BatchObservation } from './observations.ts'
import type { InjectedFaults } from './scenario.ts'

/** Some minutes of a busy soak. */
const MOST_LINES = 5_000
const BEFORE_MS = 4_000
const AFTER_MS = 12_000

type DatedLine = { atMs: number; text: string }

const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 23)

export const createEvidence = () => {
  const lines: DatedLine[] = []
  const add = (text: string, atMs = Date.now()): void => {
    lines.push({ atMs, text })
    if (lines.length > MOST_LINES) lines.shift()
  }
  return {
    log: (added: readonly LogLine[]): void => {
      for (const { time, level: _level, ...rest } of added) {
        add(
          `kiosk   ${JSON.stringify(rest)}`,
          typeof time === 'string' ? Date.parse(time) : undefined
        )
      }
    },
    model: (line: string) => add(`model   ${line}`),
    faults: (faults: InjectedFaults) => add(`faults  ${JSON.stringify(faults)}`),
    /** All lines around this moment in their order, for a terminal. */
    around: (atMs: number, seen: BatchObservation): string[] => {
      const actions = seen.actions.map(
        (action): DatedLine => ({
          atMs: action.atMs,
          text: `person  ${action.kind} ${action.source} (turn ${action.turnBefore} → ${action.turnAfter}, scenario ${action.scenario})`
        })
      )
      const screens = seen.screens.map(
        ({ atMs, ...screen }): DatedLine => ({
          atMs,
          text: `screen  ${JSON.stringify(screen)}`
        })
      )
      return [...actions, ...screens, ...lines]
        .filter((line) => line.atMs >= atMs - BEFORE_MS && line.atMs <= atMs + AFTER_MS)
        .toSorted((one, other) => one.atMs - other.atMs)
        .map((line) => `${clock(line.atMs)}  ${line.text}`)
    }
  }
}
export type Evidence = ReturnType<typeof createEvidence>
