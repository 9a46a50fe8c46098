// Holds the release that the feed offers and how far it has come on this kiosk.
import type { UpdateStatus, UpdateWaitCode } from '../../shared/updates.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Release } from './evaluate-release.ts'
import type { UpdateJournal } from './update-journal.ts'

export type ReleaseOffer = ReturnType<typeof createReleaseOffer>

/** @param onAnnounced hears whether the screen has to announce a restart */
export const createReleaseOffer = (
  journal: UpdateJournal,
  clock: Clock,
  log: Log,
  onAnnounced: (isAnnounced: boolean) => void
) => {
  let offer: { release: Release; sinceMs: number } | null = null
  let held: { release: Release; code: UpdateWaitCode } | null = null
  let waitsFor: UpdateWaitCode | null = null
  let preparedVersion: string | null = null
  let announcedAtMs: number | null = null
  let loggedWait = ''

  const logWait = (code: UpdateWaitCode, version: string) => {
    // Questions come and go all day: not worth a line each.
    if (code === 'in_use' || loggedWait === `${code} ${version}`) return
    loggedWait = `${code} ${version}`
    log.info('updates.waiting', { for: code, version })
  }

  const setAnnounced = (atMs: number | null) => {
    const isChanged = (atMs === null) !== (announcedAtMs === null)
    announcedAtMs = atMs
    if (isChanged) onAnnounced(atMs !== null)
  }
  const setPrepared = (version: string | null) => {
    preparedVersion = version
    setAnnounced(null)
  }

  /** The feed no longer offers the release, or the release is known bad. */
  const withdraw = () => {
    if (offer !== null) log.info('updates.withdrawn', { version: offer.release.version })
    offer = null
    held = null
    waitsFor = null
    setPrepared(null)
    if (journal.state().offer !== null) journal.save({ offer: null })
  }

  return {
    /** null: no release may be installed here now. */
    current: () => offer,
    preparedVersion: () => preparedVersion,
    setPrepared,
    /** null: the screen announces no restart. */
    announcedAtMs: () => announcedAtMs,
    announce: () => {
      log.info('updates.restartAnnounced', { version: preparedVersion })
      setAnnounced(clock.nowMs())
    },
    accept: (release: Release) => {
      held = null
      const { version, isRequired } = release
      const saved = journal.state().offer
      const isKnown = saved?.version === version && saved.isRequired === isRequired
      // A series of required releases must not begin the time anew with each.
      const sinceMs =
        saved !== null && (isKnown || (saved.isRequired && isRequired))
          ? saved.sinceMs
          : clock.nowMs()
      if (!isKnown) {
        log.info('updates.offered', { version, required: isRequired })
        journal.save({ offer: { version, isRequired, sinceMs } })
      }
      if (offer?.release.version !== version) setPrepared(null)
      offer = { release, sinceMs }
    },
    /** Keeps a valid release that is not for this kiosk yet. */
    hold: (release: Release, code: UpdateWaitCode) => {
      withdraw()
      held = { release, code }
      logWait(code, release.version)
    },
    withdraw,
    setWait: (code: UpdateWaitCode | null) => {
      if (offer !== null && code !== null) logWait(code, offer.release.version)
      waitsFor = code
    },
    /** @param answeredAtMs the feed's last usable answer */
    status: (answeredAtMs: number | null) => {
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
