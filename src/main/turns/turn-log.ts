// Logs the timings of turns, and keeps the last ones on disk for the panel. It holds no words of a question.
import { z } from 'zod'
import { TURN_TIMINGS_LIMIT, type TurnTiming, turnTimingSchema } from '../../shared/turn-timing.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { PrivateFile } from '../private-file.ts'

/** A write replaces the whole file (about 200 kB), and a busy kitchen has a turn every few seconds. */
export const WRITE_PAUSE_MS = 5_000

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Oldest first. */
  turns: z.array(turnTimingSchema).max(TURN_TIMINGS_LIMIT)
})

export type TurnLog = {
  record(timing: TurnTiming): void
  /** The last {@link TURN_TIMINGS_LIMIT}, also of earlier starts, oldest first. */
  recent(): Promise<TurnTiming[]>
  /** Writes the pending timings; nothing is written afterwards. */
  stop(): Promise<void>
}

/** Reads the timings of earlier starts. An unreadable file is set aside and logged. */
export const createTurnLog = (file: PrivateFile, clock: Clock, log: Log): TurnLog => {
  let turns: TurnTiming[] = []
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

  return {
    record: (timing) => {
      turns = [...turns, timing].slice(-TURN_TIMINGS_LIMIT)
      const { turnId, kind, path, carrier, outcome, asks, passes, tailMs, marks } = timing
      const wholeMs = Object.fromEntries(
        Object.entries(marks).map(([mark, ms]) => [mark, Math.round(ms)])
      )
      log.info('turn.timed', {
        turnId,
        kind,
        path,
        carrier,
        outcome,
        asks,
        passes,
        tailMs,
        marks: wholeMs
      })
      if (!stopped) cancelWrite ??= clock.after(WRITE_PAUSE_MS, writeNow)
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
