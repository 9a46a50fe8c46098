// The unattended update: looks at the feed now and then, brings a release in when nobody needs the kiosk, and says
// what happened where IT looks. A cook never sees anything of it.
import {
  FEED_PROBLEM_CODES,
  type UpdateProblemCode,
  type UpdateStatus,
  type UpdateWaitCode
} from '../../shared/updates.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { markBootHealthy, uncountEndedBoot, withFailure } from './boot-health.ts'
import { type EvaluationContext, evaluateRelease, type Release } from './evaluate-release.ts'
import type { Channel, Platform } from './feed-document.ts'
import type { FeedAddress } from './feed-source.ts'
import type { PackageKind } from './package-kind.ts'
import { readFeed } from './read-feed.ts'
import type { ReleaseInstaller } from './release-installer.ts'
import type { TrustedKeys } from './signature.ts'
import { firstCheckInMs, nextCheckInMs, planUpdateStep } from './update-plan.ts'
import type { UpdatePolicy } from './update-policy.ts'
import { messageOf, type UpdateProblem } from './update-problem.ts'
import type { UpdateState, UpdateStateFile } from './update-state.ts'

/** How often it is asked whether there is something to do. */
export const STEP_INTERVAL_MS = 60_000
/** Several times between two looks at the feed: what a feed offers is acted on before it is asked again. */
const STEPS_PER_CHECK = 5
/** A version is good when its page has been there for this long. */
export const HEALTHY_AFTER_MS = 60_000
/** A download that takes longer will not end before the shift begins. */
const PREPARE_LIMIT_MS = 60 * 60_000

export type Updates = {
  start(): void
  /** The kiosk ends as it should. */
  stop(): Promise<void>
  status(): UpdateStatus
  /** The page says that somebody is asking or listening, or no longer. */
  setInUse(isInUse: boolean): void
  /** The page is there; it is gone. */
  pageReady(): void
  pageLost(): void
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
  fetch: typeof fetch
  timeout: (ms: number) => AbortSignal
  clock: Clock
  random: () => number
  log: Log
}

export const createUpdates = (ports: UpdatesPorts): Updates => {
  const { clock, log, policy, runningVersion, channel } = ports
  const read = ports.updateStateFile.read()
  let memory: UpdateState = read.memory
  let offer: { release: Release; sinceMs: number } | null = null
  /** A release that is good, and not for this kiosk yet. */
  let held: { release: Release; code: UpdateWaitCode } | null = null
  let waitsFor: UpdateWaitCode | null = null
  let preparedVersion: string | null = null
  let problem: UpdateStatus['problem'] = null
  let askedAtMs: number | null = null
  let answeredAtMs: number | null = null
  let checkDueAtMs = Number.POSITIVE_INFINITY
  let inUseSinceMs: number | null = null
  let lastUseAtMs = clock.nowMs()
  let cancelLook = () => {}
  let cancelProof = () => {}
  let preparing: AbortController | null = null
  let working: Promise<void> | null = null
  let isStopped = true
  const stopping = new AbortController()
  const timeout = (ms: number) => AbortSignal.any([ports.timeout(ms), stopping.signal])

  const remember = (next: UpdateState) => {
    memory = next
    try {
      ports.updateStateFile.write(next)
    } catch (error) {
      note({ code: 'update_state_lost', message: `It could not be written: ${messageOf(error)}` })
    }
  }

  /** A problem that stays the same is logged once: a feed may be down for days. */
  const note = (found: UpdateProblem) => {
    const isNew = problem?.code !== found.code || problem.message !== found.message
    problem = { ...found, atMs: clock.nowMs() }
    if (isNew) log.warn('updates.refused', { code: found.code, message: found.message })
  }
  const overcome = (codes: (code: UpdateProblemCode) => boolean) => {
    if (problem !== null && codes(problem.code)) problem = null
  }

  const check = async (): Promise<void> => {
    checkDueAtMs = clock.nowMs() + nextCheckInMs(policy.checkEveryMs, ports.random())
    askedAtMs = clock.nowMs()
    const feed = await readFeed({ ...ports, timeout }, ports, ports.keys)
    if (isStopped) return
    // What a feed that cannot be believed leaves in force is what the last good one said.
    if (!feed.ok) return note(feed.problem)
    const judged = evaluateRelease(feed.value, evaluationContext())
    if (judged.kind === 'refused' && isOfFeed(judged.problem.code)) return note(judged.problem)
    answeredAtMs = clock.nowMs()
    overcome(isOfFeed)
    const { signedAt } = feed.value.vendor
    if (memory.newestSignedAt[channel] !== signedAt) {
      remember({ ...memory, newestSignedAt: { ...memory.newestSignedAt, [channel]: signedAt } })
    }
    switch (judged.kind) {
      case 'current':
        return withdraw()
      case 'refused':
        withdraw()
        return note(judged.problem)
      case 'held':
        withdraw()
        held = { release: judged.release, code: judged.code }
        return sayWait(judged.code, judged.release.version)
      case 'offered':
        return accept(judged.release)
      default:
        judged satisfies never
    }
  }

  const evaluationContext = (): EvaluationContext => ({
    runningVersion,
    deviceId: memory.deviceId,
    packageKind: ports.packageKind,
    arch: ports.arch,
    newestSignedAt: memory.newestSignedAt[channel] ?? null,
    knownBad: memory.knownBad,
    nowMs: clock.nowMs()
  })

  /** The feed no longer offers what it did: a bad release was pulled. */
  const withdraw = () => {
    if (offer !== null) log.info('updates.withdrawn', { version: offer.release.version })
    offer = null
    held = null
    waitsFor = null
    preparedVersion = null
    if (memory.offer !== null) remember({ ...memory, offer: null })
  }

  const accept = (release: Release) => {
    held = null
    const isSame = memory.offer?.version === release.version
    const sinceMs = isSame && memory.offer !== null ? memory.offer.sinceMs : clock.nowMs()
    if (!isSame) {
      log.info('updates.offered', { version: release.version, required: release.isRequired })
      remember({ ...memory, offer: { version: release.version, sinceMs } })
      preparedVersion = null
    }
    offer = { release, sinceMs }
  }

  const prepare = async (release: Release): Promise<void> => {
    const controller = new AbortController()
    preparing = controller
    let isTooSlow = false
    const cancelLimit = clock.after(PREPARE_LIMIT_MS, () => {
      isTooSlow = true
      controller.abort()
    })
    log.info('updates.preparing', { version: release.version, bytes: release.artifact.size })
    const outcome = await ports.updater.prepare(release, controller.signal)
    cancelLimit()
    preparing = null
    if (isTooSlow) {
      const limit = `${PREPARE_LIMIT_MS / 60_000} minutes`
      const message = `${release.version} was not here after ${limit}.`
      return failed(release, { code: 'download_slow', message })
    }
    if (controller.signal.aborted) {
      log.info('updates.prepareInterrupted', { version: release.version })
      return
    }
    if (!outcome.ok) return failed(release, outcome.problem)
    preparedVersion = release.version
    overcome((code) => !isOfFeed(code))
    log.info('updates.prepared', { version: release.version })
  }

  const install = async (release: Release): Promise<void> => {
    const { version } = release
    const before = memory
    // First what the next start will be held against, then the installation: the other way round a power cut
    // in between leaves a version that nobody watches.
    remember({
      ...memory,
      install: { version, fromVersion: runningVersion, atMs: clock.nowMs(), outcome: 'pending' },
      unprovenStarts: 0
    })
    log.info('updates.installing', { version, from: runningVersion })
    const outcome = await ports.updater.install()
    if (!outcome.ok) {
      remember({ ...before })
      preparedVersion = null
      return failed(release, outcome.problem)
    }
    isStopped = true
    ports.updater.restart()
  }

  const failed = (release: Release, found: UpdateProblem) => {
    const { version } = release
    note(found)
    // Of what the network does no version is to blame.
    const isToBlame = found.code === 'install_failed'
    remember(withFailure(memory, version, isToBlame, clock.nowMs()))
    if (memory.knownBad.includes(version)) withdraw()
  }

  const step = async (): Promise<void> => {
    const next = planUpdateStep({
      nowMs: clock.nowMs(),
      deviceId: memory.deviceId,
      policy,
      isReportOnly: ports.isReportOnly,
      isProving: memory.install?.outcome === 'proving',
      checkDueAtMs,
      askedAtMs: askedAtMs ?? 0,
      answeredAtMs: answeredAtMs ?? 0,
      offer,
      preparedVersion,
      inUseSinceMs,
      lastUseAtMs,
      retryAtMs: retryAtMs()
    })
    switch (next.kind) {
      case 'check':
        return check()
      case 'prepare':
        waitsFor = null
        return prepare(next.release)
      case 'install':
        waitsFor = null
        return install(next.release)
      case 'wait':
        if (offer !== null && next.for !== null) sayWait(next.for, offer.release.version)
        waitsFor = next.for
        return
      default:
        next satisfies never
    }
  }

  const retryAtMs = (): number => {
    const { failures } = memory
    return failures !== null && failures.version === offer?.release.version ? failures.retryAtMs : 0
  }

  let said = ''
  const sayWait = (code: UpdateWaitCode, version: string) => {
    // Questions come and go all day: that is no news.
    if (code === 'in_use' || said === `${code} ${version}`) return
    said = `${code} ${version}`
    log.info('updates.waiting', { for: code, version })
  }

  const runStep = () => {
    if (isStopped) return
    cancelLook = clock.after(
      Math.min(STEP_INTERVAL_MS, policy.checkEveryMs / STEPS_PER_CHECK),
      runStep
    )
    if (working !== null) return
    working = step()
      .catch((error: unknown) => {
        // A defect of ours, or a disk that is gone: said, and tried again. The kiosk is for asking questions.
        log.error('updates.stepFailed', { error })
        note({ code: 'install_failed', message: messageOf(error) })
      })
      .finally(() => {
        working = null
      })
  }

  const reportLastInstall = () => {
    const { install: last } = memory
    if (last === null) return
    const { version, fromVersion, outcome } = last
    const detail = { version, from: fromVersion, running: runningVersion }
    switch (outcome) {
      case 'not_installed':
      case 'rolled_back':
      case 'not_rolled_back': {
        const message = {
          not_installed: `${version} was to be installed, and ${runningVersion} runs.`,
          rolled_back: `${version} did not start; ${runningVersion} was put back.`,
          not_rolled_back: `${version} did not start three times, and ${fromVersion} could not be put back.`
        }[outcome]
        return note({ code: outcome, message })
      }
      case 'proving':
        return log.info('updates.installed', detail)
      case 'pending':
      case 'good':
        return
      default:
        outcome satisfies never
    }
  }

  return {
    start: () => {
      isStopped = false
      lastUseAtMs = clock.nowMs()
      if (read.lost !== null)
        note({ code: 'update_state_lost', message: `The update state was reset: ${read.lost}` })
      reportLastInstall()
      const firstMs = firstCheckInMs(policy.checkEveryMs, ports.random())
      checkDueAtMs = clock.nowMs() + firstMs
      log.info('updates.started', {
        channel,
        feed: ports.address.baseUrl,
        installs: !ports.isReportOnly,
        firstCheckInMs: firstMs
      })
      cancelLook = clock.after(Math.min(STEP_INTERVAL_MS, firstMs), runStep)
    },
    stop: async () => {
      const wasInstalling = isStopped
      isStopped = true
      cancelLook()
      cancelProof()
      preparing?.abort()
      stopping.abort()
      if (!wasInstalling) await working
      if (memory.install?.outcome === 'proving') remember(uncountEndedBoot(memory))
    },
    status: () => ({
      mode: ports.isReportOnly ? 'report' : 'install',
      offReason: null,
      runningVersion,
      channel,
      feed: ports.address.baseUrl,
      askedAtMs,
      answeredAtMs,
      offered: offeredStatus(),
      problem,
      lastInstall: lastInstallStatus(),
      knownBad: memory.knownBad
    }),
    setInUse: (isInUse) => {
      inUseSinceMs = isInUse ? clock.nowMs() : null
      lastUseAtMs = clock.nowMs()
      if (isInUse) preparing?.abort()
    },
    pageReady: () => {
      cancelProof()
      cancelProof = clock.after(HEALTHY_AFTER_MS, () => {
        if (memory.install?.outcome !== 'proving') return
        remember(markBootHealthy(memory))
        log.info('updates.bootHealthy', { version: runningVersion })
      })
    },
    pageLost: () => {
      cancelProof()
      if (inUseSinceMs !== null) lastUseAtMs = clock.nowMs()
      inUseSinceMs = null
    }
  }

  function offeredStatus(): UpdateStatus['offered'] {
    if (offer !== null) {
      const { release, sinceMs } = offer
      return { version: release.version, sinceMs, isRequired: release.isRequired, waitsFor }
    }
    if (held === null) return null
    const { release, code } = held
    return {
      version: release.version,
      sinceMs: answeredAtMs ?? 0,
      isRequired: release.isRequired,
      waitsFor: code
    }
  }

  function lastInstallStatus(): UpdateStatus['lastInstall'] {
    const { install: last } = memory
    if (last === null || last.outcome === 'pending') return null
    return { ...last, outcome: last.outcome }
  }
}

const FEED_PROBLEMS: ReadonlySet<UpdateProblemCode> = new Set(FEED_PROBLEM_CODES)
const isOfFeed = (code: UpdateProblemCode): boolean => FEED_PROBLEMS.has(code)
