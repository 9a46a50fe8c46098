// Guards the settings and the exit with a PIN, which unlocks them for some minutes. The PIN is in no log, answer or file.
import { z } from 'zod'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { type ExitMode, isWeakPin, type Maintenance } from '../../shared/maintenance.ts'
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

/** Limits how long an unattended kiosk stays unlocked. Every permitted action restarts it. */
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
  /** Whether IT's policy opens the settings at this moment, without the PIN and its attempts. */
  isUnlockedByPolicy: () => boolean
  /** null: this shell cannot exit. */
  leave: ((how: ExitMode) => void) | null
}

export type KioskMaintenance = {
  /** Await this before any other call. */
  load(): Promise<void>
  current(): Maintenance
  /**
   * Any PIN unlocks while the policy opens the settings: a paused or forgotten PIN does not lock IT out.
   * @returns `wrong_pin`, or `pin_rate_limited` with the seconds until the next attempt
   */
  unlock(pin: string): Promise<Result<Record<string, never>>>
  lock(): void
  /**
   * Sets the first PIN, or another one while unlocked.
   * @returns `locked`, `weak_pin`, or `internal` when it cannot be saved
   */
  setPin(pin: string): Promise<Result<Record<string, never>>>
  leave(how: ExitMode): Result<Record<string, never>>
  /** @returns `locked` without a PIN; otherwise extends the unlocked time */
  permit(): Result<Record<string, never>>
  onChange(listener: (now: Maintenance) => void): () => void
  stop(): void
}

type PinState =
  | { kind: 'no_pin' }
  | { kind: 'pin'; hash: PinHash }
  /** Locks the kiosk until IT removes the file. */
  | { kind: 'unreadable' }

export const createMaintenance = ({
  file,
  clock,
  log,
  isUnlockedByPolicy,
  leave
}: MaintenancePorts): KioskMaintenance => {
  const listeners = new Set<(now: Maintenance) => void>()
  let pinState: PinState = { kind: 'unreadable' }
  let attempts: Attempts = NO_FAILED_ATTEMPTS
  let unlocked = false
  let cancelLock = () => {}
  /** One attempt at a time: parallel attempts would all be compared before the first one counts. */
  let isComparing = false

  const current = (): Maintenance => ({
    hasPin: pinState.kind !== 'no_pin',
    unlocked: pinState.kind === 'no_pin' || unlocked,
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
  const extendUnlock = () => {
    cancelLock()
    cancelLock = clock.after(UNLOCK_DURATION_MS, lock)
  }
  const permit = (): Result<Record<string, never>> => {
    if (pinState.kind === 'no_pin') return ok({})
    if (!unlocked) return failed('locked', 'This needs the PIN.')
    extendUnlock()
    return ok({})
  }
  const openSettings = (detail: { by: 'pin' | 'policy'; failuresBefore: number }) => {
    unlocked = true
    extendUnlock()
    log.info('maintenance.unlocked', detail)
    changed()
    return ok({})
  }
  const openByPolicy = () => openSettings({ by: 'policy', failuresBefore: attempts.failures })
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
    // Counted before the comparison: pulling the plug does not give the attempt back.
    const before = attempts
    attempts = afterFailure(attempts, clock.nowMs())
    try {
      await write(hash, attempts)
    } catch (error) {
      // A full disk: the attempt counts while this process lives.
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
    return openSettings({ by: 'pin', failuresBefore: before.failures })
  }

  return {
    load: async () => {
      const content = await file.read()
      if (content.kind === 'absent') {
        pinState = { kind: 'no_pin' }
        return
      }
      const parsed = content.kind === 'read' ? fileSchema.safeParse(content.value) : null
      if (parsed?.success !== true) {
        const reason =
          content.kind === 'unreadable' ? content.reason : 'it is no PIN of this version'
        log.error('maintenance.pinUnreadable', { reason })
      } else {
        const { pin, failures, lastAtMs } = parsed.data
        pinState = { kind: 'pin', hash: pin }
        attempts = { failures, lastAtMs }
      }
      if (isUnlockedByPolicy()) openByPolicy()
    },
    current,
    unlock: async (pin) => {
      if (pinState.kind === 'no_pin') return ok({})
      if (isUnlockedByPolicy()) return openByPolicy()
      if (pinState.kind === 'unreadable') return failed('wrong_pin', 'The PIN cannot be read.')
      if (isComparing) return failed('pin_rate_limited', 'Another PIN is being compared.', 1)
      isComparing = true
      try {
        return await comparePin(pin, pinState.hash)
      } finally {
        isComparing = false
      }
    },
    lock,
    setPin: async (pin) => {
      const permitted = permit()
      if (!permitted.ok) return permitted
      if (isWeakPin(pin)) return failed('weak_pin', 'This PIN is easy to guess.')
      const hash = await hashPin(pin)
      try {
        await write(hash, NO_FAILED_ATTEMPTS)
      } catch (error) {
        log.error('maintenance.pinWriteFailed', { error })
        return failed('internal', 'The PIN could not be saved.')
      }
      pinState = { kind: 'pin', hash }
      attempts = NO_FAILED_ATTEMPTS
      unlocked = true
      extendUnlock()
      log.info('maintenance.pinSet')
      changed()
      return ok({})
    },
    leave: (how) => {
      const permitted = permit()
      if (!permitted.ok) return permitted
      if (leave === null) return failed('bad_request', 'This shell cannot exit.')
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
