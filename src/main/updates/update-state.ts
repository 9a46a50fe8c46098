// Saves what the kiosk knows about its updates from start to start: `updates/memory.json` in its data folder.
// Synchronous: every start counts itself before anything else runs.
import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { datedPath, writePrivateFileSync } from '../private-file.ts'
import { CHANNELS, versionSchema } from './feed-document.ts'
import { messageOf } from './update-problem.ts'

const KNOWN_BAD_LIMIT = 20
/** A version that was bad once may have met a bad disk: it is tried again a day later, then after two, four, … days. */
const BAD_FOR = { firstMs: 24 * 3_600_000, longestMs: 30 * 24 * 3_600_000 } as const

const updateStateSchema = z.strictObject({
  format: z.literal(1),
  /** Random, one per kiosk. */
  deviceId: z.uuid(),
  /** `signedAt` of the newest accepted feed, per channel. */
  newestSignedAt: z.partialRecord(z.enum(CHANNELS), z.iso.datetime()),
  offer: z
    .strictObject({ version: versionSchema, isRequired: z.boolean(), sinceMs: z.number() })
    .nullable(),
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
  /** Starts of the version in `install` that did not prove healthy. */
  unprovenStarts: z.int().nonnegative(),
  /** Failures of the version in `install` that it recorded before it proved healthy. */
  bootFailures: z.int().nonnegative(),
  /** Consecutive failed installations of one version. */
  failures: z
    .strictObject({ version: versionSchema, count: z.int().positive(), retryAtMs: z.number() })
    .nullable(),
  knownBad: z
    .array(
      z.strictObject({ version: versionSchema, times: z.int().positive(), retryAtMs: z.number() })
    )
    .max(KNOWN_BAD_LIMIT)
})
export type UpdateState = z.infer<typeof updateStateSchema>

export const initialUpdateState = (deviceId: string): UpdateState => ({
  format: 1,
  deviceId,
  newestSignedAt: {},
  offer: null,
  install: null,
  unprovenStarts: 0,
  bootFailures: 0,
  failures: null,
  knownBad: []
})

export const withKnownBad = (state: UpdateState, version: string, nowMs: number): UpdateState => {
  const times = (state.knownBad.find((bad) => bad.version === version)?.times ?? 0) + 1
  const badForMs = Math.min(BAD_FOR.firstMs * 2 ** (times - 1), BAD_FOR.longestMs)
  const bad = { version, times, retryAtMs: nowMs + badForMs }
  return {
    ...state,
    knownBad: [...state.knownBad.filter((other) => other.version !== version), bad].slice(
      -KNOWN_BAD_LIMIT
    )
  }
}

/** The versions that are not installed now. */
export const knownBadVersions = ({ knownBad }: UpdateState, nowMs: number): string[] =>
  knownBad.filter(({ retryAtMs }) => nowMs < retryAtMs).map(({ version }) => version)

export type UpdateStateFile = {
  /** The saved state, or an initial one; `lost` says why a saved state was not used. */
  read(): { state: UpdateState; lost: string | null }
  /** Atomic. @throws when it cannot be written */
  write(state: UpdateState): void
}

export const createUpdateStateFile = (path: string, clock: Clock): UpdateStateFile => ({
  read: () => {
    const first = () => initialUpdateState(randomUUID())
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (error) {
      const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      return { state: first(), lost: isAbsent ? null : messageOf(error) }
    }
    const state = parse(text)
    if (state !== null) return { state, lost: null }
    const aside = datedPath(path, clock)
    renameSync(path, aside)
    return {
      state: first(),
      lost: `it was not a valid update state file; it was moved to ${aside} now`
    }
  },
  write: (state) => writePrivateFileSync(path, JSON.stringify(state))
})

const parse = (text: string): UpdateState | null => {
  try {
    const parsed = updateStateSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
