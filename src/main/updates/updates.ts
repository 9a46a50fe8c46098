// Updates the kiosk unattended: checks the feed, installs a release while the kiosk is idle, and reports to IT.
import type { UpdateStatus } from '../../shared/updates.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import {
  FAILURES_BEFORE_ROLLBACK,
  markBootHealthy,
  uncountEndedBoot,
  withBootFailure
} from './boot-health.ts'
import { createFeedCheck, type FeedCheck } from './feed-check.ts'
import type { Channel, Platform } from './feed-document.ts'
import type { FeedAddress } from './feed-source.ts'
import { createKioskUse, type KioskUse } from './kiosk-use.ts'
import type { PackageKind } from './package-kind.ts'
import { createReleaseInstallation } from './release-installation.ts'
import type { ReleaseInstaller } from './release-installer.ts'
import { createReleaseOffer, type ReleaseOffer } from './release-offer.ts'
import type { TrustedKeys } from './signature.ts'
import { createUpdateJournal, type UpdateJournal } from './update-journal.ts'
import { isUrgent, planUpdateStep, type UpdateStep } from './update-plan.ts'
import type { UpdatePolicy } from './update-policy.ts'
import { messageOf } from './update-problem.ts'
import { knownBadVersions, type UpdateStateFile } from './update-state.ts'

/** The longest time between two steps. */
export const STEP_INTERVAL_MS = 60_000
/** An announced restart takes the next quiet half minute. */
const ANNOUNCED_STEP_INTERVAL_MS = 5_000
/** At least this many steps between two checks, so that an offer is acted on before the next check. */
const STEPS_PER_CHECK = 5
/** A version is healthy once its page was open for this long. */
export const HEALTHY_AFTER_MS = 60_000
/** A new version whose page is not there by then has failed; the slowest kiosks need half a minute. */
export const PAGE_DEADLINE_MS = 3 * 60_000

export type Updates = {
  start(): void
  /** The kiosk ends properly. */
  stop(): Promise<void>
  status(): UpdateStatus
  /** True while a person asks or listens, as the page reports it. */
  setInUse(isInUse: boolean): void
  /** True while a release waits for the next quiet half minute. */
  isRestartAnnounced(): boolean
  onRestartAnnounced(listener: (isAnnounced: boolean) => void): void
  pageReady(): void
  pageLost(): void
  /** The page's process ended by itself. `pageLost` follows. */
  pageCrashed(): void
}

export type UpdatesPorts = {
  runningVersion: string
  channel: Channel
  platform: Platform
  arch: string
  packageKind: PackageKind
  isReportOnly: boolean
  policy: UpdatePolicy
  address: FeedAddress
  keys: TrustedKeys
  updateStateFile: UpdateStateFile
  updater: ReleaseInstaller
  /** Ends this process and starts the same version, whose start then rolls back. */
  relaunch: () => void
  fetch: typeof fetch
  timeout: (ms: number) => AbortSignal
  clock: Clock
  random: () => number
  log: Log
}

export const createUpdates = (ports: UpdatesPorts): Updates => {
  const { clock, log, policy, runningVersion, channel, platform, arch } = ports
  const { checkEveryMs } = policy
  const journal = createUpdateJournal(ports.updateStateFile, clock, log)
  let announced = (_isAnnounced: boolean) => {}
  const offer = createReleaseOffer(journal, clock, log, (isAnnounced) => announced(isAnnounced))
  const use = createKioskUse(clock)
  const installation = createReleaseInstallation({
    ...ports,
    installer: ports.updater,
    journal,
    offer
  })
  const stopping = new AbortController()
  const check = createFeedCheck({
    ...ports,
    timeout: (ms) => AbortSignal.any([ports.timeout(ms), stopping.signal]),
    target: { channel, platform, arch },
    journal,
    offer,
    checkEveryMs
  })
  let cancelStep = () => {}
  let cancelHealthy = () => {}
  let cancelPageDeadline = () => {}
  let working: Promise<void> | null = null
  let isStopped = true
  const isProving = () => journal.state().install?.outcome === 'proving'
  const bootFailed = (cause: 'page_crashed' | 'page_missing') => {
    journal.save(withBootFailure(journal.state()))
    const { bootFailures } = journal.state()
    log.warn('updates.bootFailed', { version: runningVersion, cause, failures: bootFailures })
    // A page that crashed may recover; one that never came leaves a blank screen.
    if (cause === 'page_missing' || bootFailures >= FAILURES_BEFORE_ROLLBACK) ports.relaunch()
  }

  const step = async (): Promise<void> => {
    const next = nextStep(ports, { journal, offer, check, use })
    switch (next.kind) {
      case 'check':
        return check.run(() => isStopped)
      case 'prepare':
        offer.setWait(null)
        return installation.prepare(next.release)
      case 'announce':
        return offer.announce()
      case 'install':
        offer.setWait(null)
        if (!(await installation.install(next.release))) return
        isStopped = true
        return ports.updater.restart()
      case 'wait':
        return offer.setWait(next.for)
      default:
        next satisfies never
    }
  }

  const runStep = () => {
    if (isStopped) return
    const intervalMs =
      offer.announcedAtMs() === null ? STEP_INTERVAL_MS : ANNOUNCED_STEP_INTERVAL_MS
    cancelStep = clock.after(Math.min(intervalMs, checkEveryMs / STEPS_PER_CHECK), runStep)
    if (working !== null) return
    working = step()
      .catch((error: unknown) => {
        // A bug, or a lost disk: the kiosk still answers questions, and the next step tries again.
        log.error('updates.stepFailed', { error })
        journal.report({ code: 'install_failed', message: messageOf(error) })
      })
      .finally(() => {
        working = null
      })
  }

  return {
    start: () => {
      isStopped = false
      use.kioskStarted()
      journal.reportStart(runningVersion)
      if (isProving()) {
        cancelPageDeadline = clock.after(PAGE_DEADLINE_MS, () => bootFailed('page_missing'))
      }
      const firstCheckInMs = check.scheduleFirst()
      log.info('updates.started', {
        channel,
        feed: ports.address.baseUrl,
        installs: !ports.isReportOnly,
        firstCheckInMs
      })
      cancelStep = clock.after(Math.min(STEP_INTERVAL_MS, firstCheckInMs), runStep)
    },
    stop: async () => {
      // After an installation `working` is the step that asked for this stop.
      const isInstalled = isStopped
      isStopped = true
      cancelStep()
      cancelHealthy()
      cancelPageDeadline()
      installation.interrupt()
      stopping.abort()
      if (!isInstalled) await working
      if (isProving()) journal.save(uncountEndedBoot(journal.state()))
    },
    status: () => statusOf(ports, { journal, offer, check }),
    setInUse: (isInUse) => {
      use.setInUse(isInUse)
      const current = offer.current()
      const mayInterrupt = current === null || !isUrgent({ nowMs: clock.nowMs(), policy }, current)
      // A press every few minutes must not end every download of an urgent release.
      if (isInUse && mayInterrupt) installation.interrupt()
    },
    isRestartAnnounced: () => offer.announcedAtMs() !== null,
    onRestartAnnounced: (listener) => {
      announced = listener
    },
    pageReady: () => {
      cancelPageDeadline()
      cancelHealthy()
      cancelHealthy = clock.after(HEALTHY_AFTER_MS, () => {
        if (!isProving()) return
        journal.save(markBootHealthy(journal.state()))
        log.info('updates.bootHealthy', { version: runningVersion })
      })
    },
    pageLost: () => {
      cancelHealthy()
      use.pageLost()
    },
    pageCrashed: () => {
      if (isProving()) bootFailed('page_crashed')
    }
  }
}

type Parts = { journal: UpdateJournal; offer: ReleaseOffer; check: FeedCheck }

const nextStep = (
  { clock, policy, isReportOnly }: UpdatesPorts,
  { journal, offer, check, use }: Parts & { use: KioskUse }
): UpdateStep => {
  const { deviceId, failures, install } = journal.state()
  const offered = offer.current()
  const isRetry = failures !== null && failures.version === offered?.release.version
  return planUpdateStep({
    nowMs: clock.nowMs(),
    deviceId,
    policy,
    isReportOnly,
    isProving: install?.outcome === 'proving',
    checkDueAtMs: check.dueAtMs(),
    askedAtMs: check.askedAtMs() ?? 0,
    answeredAtMs: check.answeredAtMs() ?? 0,
    offer: offered,
    preparedVersion: offer.preparedVersion(),
    announcedAtMs: offer.announcedAtMs(),
    inUseSinceMs: use.inUseSinceMs(),
    lastUseAtMs: use.lastUseAtMs(),
    retryAtMs: isRetry ? failures.retryAtMs : 0
  })
}

const statusOf = (
  { isReportOnly, runningVersion, channel, address, clock }: UpdatesPorts,
  { journal, offer, check }: Parts
): UpdateStatus => {
  const { install } = journal.state()
  return {
    mode: isReportOnly ? 'report' : 'install',
    offReason: null,
    runningVersion,
    channel,
    feed: address.baseUrl,
    askedAtMs: check.askedAtMs(),
    answeredAtMs: check.answeredAtMs(),
    offered: offer.status(check.answeredAtMs()),
    problem: journal.problem(),
    lastInstall:
      install === null || install.outcome === 'pending'
        ? null
        : { ...install, outcome: install.outcome },
    knownBad: knownBadVersions(journal.state(), clock.nowMs())
  }
}
