// Who may change the settings and leave the kiosk: whoever knows the PIN, for some minutes. The PIN is compared here, and
// is in no log, no answer and no file.
import { z } from 'zod'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { ExitMode, Maintenance } from '../../shared/maintenance.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { PrivateFile } from '../private-file.ts'
import {
  type Attempts,
  afterFailure,
  clampToClock,
  NO_FAILED_ATTEMPTS,
  pauseMs
} from './pin-attempts.ts'
import { hashPin, isPin, type PinHash, pinHashSchema } from './pin-hash.ts'

/** Somebody who was called away leaves the kiosk open no longer than this; every change begins it anew. */
export const UNLOCK_DURATION_MS = 10 * 60_000

const fileSchema = z.strictObject({
  version: z.literal(1),
  pin: pinHashSchema,
  failures: z.int().min(0),
  lastAtMs: z.number().min(0)
})

export type MaintenancePorts = {
  file: PrivateFile
  clock: Clock
  log: Log
  /** null: this shell cannot end itself. */
  leave: ((how: ExitMode) => void) | null
}

export type KioskMaintenance = {
  /** To be awaited before anything is asked of it. */
  load(): Promise<void>
  current(): Maintenance
  /** @returns `wrong_pin`, or `pin_rate_limited` with the seconds until the next one is looked at */
  unlock(pin: string): Promise<Result<Record<string, never>>>
  lock(): void
  /** The first PIN, or another one while it is unlocked. @returns `locked`, or `internal` when it cannot be kept */
  setPin(pin: string): Promise<Result<Record<string, never>>>
  leave(how: ExitMode): Result<Record<string, never>>
  /** `locked` when something that needs the PIN is asked for without it; otherwise it stays unlocked for longer. */
  permit(): Result<Record<string, never>>
  onChange(listener: (now: Maintenance) => void): () => void
  stop(): void
}

type PinState =
  | { kind: 'no_pin' }
  | { kind: 'pin'; hash: PinHash }
  /** There is a file and it is no PIN: nobody is let in, rather than everybody. IT removes the file. */
  | { kind: 'unreadable' }

export const createMaintenance = ({
  file,
  clock,
  log,
  leave
}: MaintenancePorts): KioskMaintenance => {
  const listeners = new Set<(now: Maintenance) => void>()
  let guard: PinState = { kind: 'unreadable' }
  let attempts: Attempts = NO_FAILED_ATTEMPTS
  let unlocked = false
  let cancelLock = () => {}
  /** One PIN at a time: a hundred at once would all be looked at before the first of them counts. */
  let isLooking = false

  const current = (): Maintenance => ({
    hasPin: guard.kind !== 'no_pin',
    unlocked: guard.kind === 'no_pin' || unlocked,
    canExit: leave !== null
  })
  const changed = () => {
    for (const listener of listeners) listener(current())
  }
  const lock = () => {
    cancelLock()
    if (!unlocked) return
    unlocked = false
    log.info('maintenance.locked')
    changed()
  }
  const keepUnlocked = () => {
    cancelLock()
    cancelLock = clock.after(UNLOCK_DURATION_MS, lock)
  }
  const permit = (): Result<Record<string, never>> => {
    if (guard.kind === 'no_pin') return ok({})
    if (!unlocked) return failed('locked', 'This needs the PIN.')
    keepUnlocked()
    return ok({})
  }
  const write = (hash: PinHash, next: Attempts) =>
    file.write({ version: 1, pin: hash, ...next } satisfies z.input<typeof fileSchema>)

  const paused = (): Result<never> => {
    const ms = pauseMs(attempts, clock.nowMs())
    log.warn('maintenance.pinRateLimited', { failures: attempts.failures, ms })
    return failed('pin_rate_limited', 'Too many wrong PINs.', Math.ceil(ms / 1_000))
  }

  const comparePin = async (pin: string, hash: PinHash): Promise<Result<Record<string, never>>> => {
    attempts = clampToClock(attempts, clock.nowMs())
    if (pauseMs(attempts, clock.nowMs()) > 0) return paused()
    // Counted before it is looked at: whoever pulls the plug meanwhile has used it up.
    const before = attempts
    attempts = afterFailure(attempts, clock.nowMs())
    try {
      await write(hash, attempts)
    } catch (error) {
      // A full disk: it counts for as long as this process lives.
      log.error('maintenance.attemptWriteFailed', { error })
    }
    if (!(await isPin(pin, hash))) {
      log.warn('maintenance.wrongPin', { failures: attempts.failures })
      return pauseMs(attempts, clock.nowMs()) > 0
        ? paused()
        : failed('wrong_pin', 'This is not the PIN.')
    }
    attempts = NO_FAILED_ATTEMPTS
    await write(hash, attempts).catch((error: unknown) =>
      log.error('maintenance.attemptWriteFailed', { error })
    )
    unlocked = true
    keepUnlocked()
    log.info('maintenance.unlocked', { failuresBefore: before.failures })
    changed()
    return ok({})
  }

  return {
    load: async () => {
      const content = await file.read()
      if (content.kind === 'absent') guard = { kind: 'no_pin' }
      else {
        const parsed = content.kind === 'read' ? fileSchema.safeParse(content.value) : null
        if (parsed?.success !== true) {
          log.error('maintenance.pinUnreadable', {
            reason: content.kind === 'unreadable' ? content.reason : 'it is no PIN of this version'
          })
          return
        }
        const { pin, failures, lastAtMs } = parsed.data
        guard = { kind: 'pin', hash: pin }
        attempts = { failures, lastAtMs }
      }
    },
    current,
    unlock: async (pin) => {
      if (guard.kind === 'no_pin') return ok({})
      if (guard.kind === 'unreadable') return failed('wrong_pin', 'The PIN cannot be read.')
      if (isLooking) return failed('pin_rate_limited', 'Another PIN is being looked at.', 1)
      isLooking = true
      try {
        return await comparePin(pin, guard.hash)
      } finally {
        isLooking = false
      }
    },
    lock,
    setPin: async (pin) => {
      const permitted = permit()
      if (!permitted.ok) return permitted
      const hash = await hashPin(pin)
      try {
        await write(hash, NO_FAILED_ATTEMPTS)
      } catch (error) {
        log.error('maintenance.pinWriteFailed', { error })
        return failed('internal', 'The PIN could not be kept.')
      }
      guard = { kind: 'pin', hash }
      attempts = NO_FAILED_ATTEMPTS
      // Whoever has set it is still there.
      unlocked = true
      keepUnlocked()
      log.info('maintenance.pinSet')
      changed()
      return ok({})
    },
    leave: (how) => {
      const permitted = permit()
      if (!permitted.ok) return permitted
      if (leave === null) return failed('bad_request', 'This shell cannot end itself.')
      log.info('maintenance.exiting', { how })
      leave(how)
      return ok({})
    },
    permit,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: () => cancelLock()
  }
}
