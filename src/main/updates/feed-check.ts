// Asks the feed on schedule and applies its answer to the offer. An unusable answer changes no offer.
import type { Clock } from '../clock.ts'
import { evaluateRelease } from './evaluate-release.ts'
import type { FeedFilePorts } from './fetch-feed-file.ts'
import type { PackageKind } from './package-kind.ts'
import { type FeedTarget, readFeed } from './read-feed.ts'
import type { ReleaseOffer } from './release-offer.ts'
import type { TrustedKeys } from './signature.ts'
import { isFeedProblem, type UpdateJournal } from './update-journal.ts'
import { firstCheckInMs, nextCheckInMs } from './update-plan.ts'
import { knownBadVersions } from './update-state.ts'

export type FeedCheckPorts = FeedFilePorts & {
  target: FeedTarget
  keys: TrustedKeys
  runningVersion: string
  packageKind: PackageKind
  journal: UpdateJournal
  offer: ReleaseOffer
  clock: Clock
  random: () => number
  checkEveryMs: number
}

export type FeedCheck = ReturnType<typeof createFeedCheck>

export const createFeedCheck = (ports: FeedCheckPorts) => {
  const { journal, offer, clock, target } = ports
  let dueAtMs = Number.POSITIVE_INFINITY
  let askedAtMs: number | null = null
  let answeredAtMs: number | null = null

  return {
    /** @returns milliseconds until the first check */
    scheduleFirst: () => {
      const firstMs = firstCheckInMs(ports.checkEveryMs, ports.random())
      dueAtMs = clock.nowMs() + firstMs
      return firstMs
    },
    dueAtMs: () => dueAtMs,
    askedAtMs: () => askedAtMs,
    answeredAtMs: () => answeredAtMs,
    /** @param isStopped true once an answer may change nothing more */
    run: async (isStopped: () => boolean): Promise<void> => {
      dueAtMs = clock.nowMs() + nextCheckInMs(ports.checkEveryMs, ports.random())
      askedAtMs = clock.nowMs()
      const feed = await readFeed(ports, target, ports.keys)
      if (isStopped()) return
      if (!feed.ok) return journal.report(feed.problem)
      const { deviceId, newestSignedAt } = journal.state()
      const evaluation = evaluateRelease(feed.value, {
        runningVersion: ports.runningVersion,
        deviceId,
        packageKind: ports.packageKind,
        arch: target.arch,
        newestSignedAt: newestSignedAt[target.channel] ?? null,
        knownBad: knownBadVersions(journal.state(), clock.nowMs()),
        nowMs: clock.nowMs()
      })
      if (evaluation.kind === 'refused' && isFeedProblem(evaluation.problem.code)) {
        return journal.report(evaluation.problem)
      }
      answeredAtMs = clock.nowMs()
      journal.resolve('feed')
      const { signedAt } = feed.value.vendor
      if (newestSignedAt[target.channel] !== signedAt) {
        journal.save({ newestSignedAt: { ...newestSignedAt, [target.channel]: signedAt } })
      }
      switch (evaluation.kind) {
        case 'current':
          return offer.withdraw()
        case 'refused':
          offer.withdraw()
          return journal.report(evaluation.problem)
        case 'held':
          return offer.hold(evaluation.release, evaluation.code)
        case 'offered':
          return offer.accept(evaluation.release)
        default:
          evaluation satisfies never
      }
    }
  }
}
