// What the kiosk remembers of its updates from start to start: `updates/memory.json` in its data folder. Read and
// written synchronously, because the first thing a start does is to count itself.
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync
} from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { type Clock, datedSuffix } from '../clock.ts'
import { CHANNELS, versionSchema } from './feed-document.ts'
import { messageOf } from './update-problem.ts'

/** More than a fleet ever has to remember. */
const KNOWN_BAD_LIMIT = 20

const updateStateSchema = z.strictObject({
  format: z.literal(1),
  /** Random, this kiosk's own. */
  deviceId: z.uuid(),
  /** `signedAt` of the newest feed believed, per channel. */
  newestSignedAt: z.partialRecord(z.enum(CHANNELS), z.iso.datetime()),
  offer: z.strictObject({ version: versionSchema, sinceMs: z.number() }).nullable(),
  /** The last installation. */
  install: z
    .strictObject({
      version: versionSchema,
      fromVersion: versionSchema,
      atMs: z.number(),
      outcome: z.enum([
        'pending',
        'proving',
        'good',
        'not_installed',
        'rolled_back',
        'not_rolled_back'
      ])
    })
    .nullable(),
  /** Starts of the version in `install` that were not seen to go well. */
  unprovenStarts: z.int().nonnegative(),
  /** Installations of one version that came to nothing, in a row. */
  failures: z
    .strictObject({ version: versionSchema, count: z.int().positive(), retryAtMs: z.number() })
    .nullable(),
  knownBad: z.array(versionSchema).max(KNOWN_BAD_LIMIT)
})
export type UpdateState = z.infer<typeof updateStateSchema>

export const initialUpdateState = (deviceId: string): UpdateState => ({
  format: 1,
  deviceId,
  newestSignedAt: {},
  offer: null,
  install: null,
  unprovenStarts: 0,
  failures: null,
  knownBad: []
})

export const withKnownBad = (memory: UpdateState, version: string): UpdateState => ({
  ...memory,
  knownBad: [...memory.knownBad.filter((other) => other !== version), version].slice(
    -KNOWN_BAD_LIMIT
  )
})

export type UpdateStateFile = {
  /** What was there, or a first one; `lost` says why it had to begin anew. */
  read(): { memory: UpdateState; lost: string | null }
  /** Whole or not at all. @throws when it cannot be written */
  write(memory: UpdateState): void
}

export const createUpdateStateFile = (path: string, clock: Clock): UpdateStateFile => ({
  read: () => {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (error) {
      const isFirst = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      return { memory: initialUpdateState(randomUUID()), lost: isFirst ? null : messageOf(error) }
    }
    const memory = parse(text)
    if (memory !== null) return { memory, lost: null }
    const aside = `${path}.${datedSuffix(clock.nowMs())}`
    renameSync(path, aside)
    return {
      memory: initialUpdateState(randomUUID()),
      lost: `it was not a valid update state file; it was moved to ${aside} now`
    }
  },
  write: (memory) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const draft = `${path}.next`
    rmSync(draft, { force: true })
    const file = openSync(draft, 'wx', 0o600)
    try {
      writeSync(file, JSON.stringify(memory))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  }
})

const parse = (text: string): UpdateState | null => {
  try {
    const parsed = updateStateSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    // Half of a file is no file.
    return null
  }
}
