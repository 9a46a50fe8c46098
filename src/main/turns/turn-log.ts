// How long the last turns took: one line each in the log, and the last of them on disk for the panel. Times
// and outcomes only; what was asked is nowhere in here.
import { z } from 'zod'
import { TURN_TIMINGS_LIMIT, type TurnTiming, turnTimingSchema } from '../../shared/turn-timing.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { PrivateFile } from '../private-file.ts'

/** A busy kitchen asks every few seconds, and the whole file (about 200 kB) is written each time. */
export const WRITE_PAUSE_MS = 5_000

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Oldest first. */
  turns: z.array(turnTimingSchema).max(TURN_TIMINGS_LIMIT)
})

export type TurnLog = {
  record(timing: TurnTiming): void
  /** The last {@link TURN_TIMINGS_LIMIT}, those of earlier starts included, oldest first. */
  recent(): Promise<TurnTiming[]>
  /** Writes what is not written yet; nothing is written afterwards. */
  stop(): Promise<void>
}

/** Reads what earlier starts kept; a file that is not readable is set aside under a dated name, with a line. */
export const createTurnLog = (file: PrivateFile, clock: Clock, log: Log): TurnLog => {
  let turns: TurnTiming[] = []
  let cancelWrite: (() => void) | null = null
  let writing: Promise<void> = Promise.resolve()
  let stopped = false
  /** False when what is on disk is neither readable nor out of the way: it is not written over. */
  let writable = true

  const load = async () => {
    const content = await file.read()
    if (content.kind === 'absent') return
    const parsed = content.kind === 'read' ? fileSchema.safeParse(content.value) : null
    if (parsed?.success === true) {
      // What was recorded while the file was read is younger than what is in it.
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
      // The turns are in the log and in memory all the same.
      log.error('turns.writeFailed', { error })
    }
  }
  // One after the other: two writes in flight could leave the older one on disk.
  const writeNow = () => {
    cancelWrite?.()
    cancelWrite = null
    writing = writing.then(write)
  }

  return {
    record: (timing) => {
      turns = [...turns, timing].slice(-TURN_TIMINGS_LIMIT)
      const { turnId, kind, path, carrier, outcome, asks, tailMs, marks } = timing
      const wholeMs = Object.fromEntries(
        Object.entries(marks).map(([mark, ms]) => [mark, Math.round(ms)])
      )
      log.info('turn.timed', { turnId, kind, path, carrier, outcome, asks, tailMs, marks: wholeMs })
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
