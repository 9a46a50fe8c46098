// Logs the timings of turns and their cost, and keeps the last ones on disk for the panel. It holds no words of a
// question.
import { z } from 'zod'
import type { TurnCost } from '../../shared/turn-cost.ts'
import {
  type KeptTurn,
  keptTurnSchema,
  TURN_TIMINGS_LIMIT,
  type TurnTiming
} from '../../shared/turn-timing.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { PrivateFile } from '../private-file.ts'

/** A write replaces the whole file (about 300 kB), and a busy kitchen has a turn every few seconds. */
export const WRITE_PAUSE_MS = 5_000

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Oldest first. */
  turns: z.array(keptTurnSchema).max(TURN_TIMINGS_LIMIT)
})

export type TurnLog = {
  record(timing: TurnTiming): void
  /** What a turn cost until now: of the turn that is recorded next, or of one that was. */
  addCost(cost: TurnCost): void
  /** The last {@link TURN_TIMINGS_LIMIT}, also of earlier starts, oldest first. */
  recent(): Promise<KeptTurn[]>
  /** Writes the pending timings; nothing is written afterwards. */
  stop(): Promise<void>
}

const countsOf = ({ questionId: _questionId, ...counts }: TurnCost): KeptTurn['cost'] => counts

/** Reads the timings of earlier starts. An unreadable file is set aside and logged. */
export const createTurnLog = (file: PrivateFile, clock: Clock, log: Log): TurnLog => {
  let turns: KeptTurn[] = []
  /** Reported before its turn is recorded. */
  let lastCost: TurnCost | null = null
  let cancelWrite: (() => void) | null = null
  let writing: Promise<void> = Promise.resolve()
  let stopped = false
  /** False when the file is unreadable and could not be set aside: it is not overwritten. */
  let writable = true

  const load = async () => {
    const content = await file.read()
    if (content.kind === 'absent') return
    const parsed = content.kind === 'read' ? fileSchema.safeParse(content.value) : null
    if (parsed?.success === true) {
      // `turns` holds timings that were recorded while the file was read.
      turns = [...parsed.data.turns, ...turns].slice(-TURN_TIMINGS_LIMIT)
      return
    }
    const reason = content.kind === 'unreadable' ? content.reason : 'it is not a list of turns'
    log.warn('turns.setAside', { reason, file: await file.setAside() })
  }
  const loaded = load().catch((error: unknown) => {
    writable = false
    log.error('turns.readFailed', { error })
  })

  const write = async () => {
    await loaded
    if (!writable) return
    try {
      await file.write({ version: 1, turns } satisfies z.infer<typeof fileSchema>)
    } catch (error) {
      // The turns are also in the log and in memory.
      log.error('turns.writeFailed', { error })
    }
  }
  // Writes run one after the other: two in flight could leave the older one on disk.
  const writeNow = () => {
    cancelWrite?.()
    cancelWrite = null
    writing = writing.then(write)
  }

  const writeSoon = () => {
    if (!stopped) cancelWrite ??= clock.after(WRITE_PAUSE_MS, writeNow)
  }

  return {
    record: (timing) => {
      const cost = lastCost?.questionId === timing.questionId ? countsOf(lastCost) : null
      turns = [...turns, { ...timing, cost }].slice(-TURN_TIMINGS_LIMIT)
      const { atMs: _atMs, marks, ...detail } = timing
      const wholeMs = Object.fromEntries(
        Object.entries(marks).map(([mark, ms]) => [mark, Math.round(ms)])
      )
      log.info('turn.timed', { ...detail, cost, marks: wholeMs })
      writeSoon()
    },
    addCost: (cost) => {
      lastCost = cost
      const at = turns.findLastIndex(({ questionId }) => questionId === cost.questionId)
      const turn = turns[at]
      if (turn === undefined) return
      turns = turns.with(at, { ...turn, cost: countsOf(cost) })
      writeSoon()
    },
    recent: async () => {
      await loaded
      return turns
    },
    stop: async () => {
      stopped = true
      if (cancelWrite !== null) writeNow()
      await writing
    }
  }
}
