// Prepares and installs the offered release, and saves what the next start has to know.
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { withFailure, withInstallFailure } from './boot-health.ts'
import type { Release } from './evaluate-release.ts'
import type { ReleaseInstaller } from './release-installer.ts'
import type { ReleaseOffer } from './release-offer.ts'
import type { UpdateJournal } from './update-journal.ts'
import type { UpdateProblem } from './update-problem.ts'
import { knownBadVersions } from './update-state.ts'

/** A slower download does not end before the shift begins. */
const PREPARE_LIMIT_MS = 60 * 60_000

export type ReleaseInstallationPorts = {
  installer: ReleaseInstaller
  journal: UpdateJournal
  offer: ReleaseOffer
  runningVersion: string
  clock: Clock
  log: Log
}

export const createReleaseInstallation = (ports: ReleaseInstallationPorts) => {
  const { installer, journal, offer, clock, log } = ports
  let preparing: AbortController | null = null

  const failed = (version: string, problem: UpdateProblem) => {
    journal.report(problem)
    const addFailure = problem.code === 'install_failed' ? withInstallFailure : withFailure
    journal.save(addFailure(journal.state(), version, clock.nowMs()))
    if (knownBadVersions(journal.state(), clock.nowMs()).includes(version)) offer.withdraw()
  }

  return {
    prepare: async (release: Release): Promise<void> => {
      const { version } = release
      const controller = new AbortController()
      preparing = controller
      let isTooSlow = false
      const cancelLimit = clock.after(PREPARE_LIMIT_MS, () => {
        isTooSlow = true
        controller.abort()
      })
      log.info('updates.preparing', { version, bytes: release.artifact.size })
      const outcome = await installer.prepare(release, controller.signal)
      cancelLimit()
      preparing = null
      if (isTooSlow) {
        const message = `${version} was not here after ${PREPARE_LIMIT_MS / 60_000} minutes.`
        return failed(version, { code: 'download_slow', message })
      }
      if (controller.signal.aborted) {
        return log.info('updates.prepareInterrupted', { version })
      }
      if (!outcome.ok) return failed(version, outcome.problem)
      offer.setPrepared(version)
      journal.resolve('release')
      log.info('updates.prepared', { version })
    },
    /** Ends the current preparation. */
    interrupt: () => preparing?.abort(),
    /** @returns true when only a restart is left to do */
    install: async ({ version }: Release): Promise<boolean> => {
      const before = journal.state()
      const fromVersion = ports.runningVersion
      // Saved before the installation: after a power cut the next start still evaluates this version.
      journal.save({
        install: { version, fromVersion, atMs: clock.nowMs(), outcome: 'pending' },
        unprovenStarts: 0,
        bootFailures: 0
      })
      log.info('updates.installing', { version, from: fromVersion })
      const outcome = await installer.install()
      if (outcome.ok) return true
      journal.save(before)
      offer.setPrepared(null)
      failed(version, outcome.problem)
      return false
    }
  }
}
