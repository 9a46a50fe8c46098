// Holds the release that the feed offers and how far it has come on this kiosk.
import type { UpdateStatus, UpdateWaitCode } from '../../shared/updates.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Release } from './evaluate-release.ts'
import type { UpdateJournal } from './update-journal.ts'

export type ReleaseOffer = {
  /** null: none that may be installed here now. */
  current(): { release: Release; sinceMs: number } | null
  preparedVersion(): string | null
  setPrepared(version: string | null): void
  accept(release: Release): void
  /** A valid release that is not for this kiosk yet. */
  hold(release: Release, code: UpdateWaitCode): void
  /** The feed no longer offers it, or it is known bad. */
  withdraw(): void
  setWait(code: UpdateWaitCode | null): void
  /** @param answeredAtMs the feed's last usable answer */
  status(answeredAtMs: number | null): UpdateStatus['offered']
}

export const createReleaseOffer = (
  journal: UpdateJournal,
  clock: Clock,
  log: Log
): ReleaseOffer => {
  let offer: { release: Release; sinceMs: number } | null = null
  let held: { release: Release; code: UpdateWaitCode } | null = null
  let waitsFor: UpdateWaitCode | null = null
  let preparedVersion: string | null = null
  let loggedWait = ''

  const logWait = (code: UpdateWaitCode, version: string) => {
    // Questions come and go all day: not worth a line each.
    if (code === 'in_use' || loggedWait === `${code} ${version}`) return
    loggedWait = `${code} ${version}`
    log.info('updates.waiting', { for: code, version })
  }

  const withdraw = () => {
    if (offer !== null) log.info('updates.withdrawn', { version: offer.release.version })
    offer = null
    held = null
    waitsFor = null
    preparedVersion = null
    if (journal.state().offer !== null) journal.save({ offer: null })
  }

  return {
    current: () => offer,
    preparedVersion: () => preparedVersion,
    setPrepared: (version) => {
      preparedVersion = version
    },
    accept: (release) => {
      held = null
      const { version, isRequired } = release
      const saved = journal.state().offer
      if (saved?.version === version) {
        offer = { release, sinceMs: saved.sinceMs }
        return
      }
      const sinceMs = clock.nowMs()
      log.info('updates.offered', { version, required: isRequired })
      journal.save({ offer: { version, sinceMs } })
      preparedVersion = null
      offer = { release, sinceMs }
    },
    hold: (release, code) => {
      withdraw()
      held = { release, code }
      logWait(code, release.version)
    },
    withdraw,
    setWait: (code) => {
      if (offer !== null && code !== null) logWait(code, offer.release.version)
      waitsFor = code
    },
    status: (answeredAtMs) => {
      if (offer !== null) return offered(offer.release, offer.sinceMs, waitsFor)
      return held === null ? null : offered(held.release, answeredAtMs ?? 0, held.code)
    }
  }
}

const offered = (
  { version, isRequired }: Release,
  sinceMs: number,
  waitsFor: UpdateWaitCode | null
): UpdateStatus['offered'] => ({ version, sinceMs, isRequired, waitsFor })
