// Updates from one version to the next, and recovers from every bad feed, with a real signed feed on loopback,
// electron-updater, tar and the link.
import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSigningKey } from '../../../../build/update-keys.ts'
import { publishFeed, restage } from '../../../../build/write-feed.ts'
import {
  archiveInstallation,
  switchVersion
} from '../../../../src/main/updates/archive-installation.ts'
import { evaluateBoot } from '../../../../src/main/updates/boot-health.ts'
import { feedSchema, parseFeed } from '../../../../src/main/updates/feed-document.ts'
import { FEED_FILE_DEADLINE_MS } from '../../../../src/main/updates/fetch-feed-file.ts'
import { rolloutBucketOf } from '../../../../src/main/updates/rollout-bucket.ts'
import { URGENT_IDLE_MS } from '../../../../src/main/updates/update-plan.ts'
import {
  HEALTHY_AFTER_MS,
  PAGE_DEADLINE_MS,
  STEP_INTERVAL_MS
} from '../../../../src/main/updates/updates.ts'
import type { UpdateProblemCode } from '../../../../src/shared/updates.ts'
import { eventually } from '../../../eventually.ts'
import { createFakeClock, type FakeClock, settle } from '../fake-clock.ts'
import {
  answerForever,
  archiveName,
  FEED_FILE,
  type FeedHost,
  faultFor,
  startFeedHost
} from './feed-host.ts'
import { type InstalledKiosk, installKiosk, type StartedVersion } from './installed-kiosk.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let clock: FakeClock
let host: FeedHost
let installed: InstalledKiosk

beforeEach(async () => {
  // 04:15 UTC: inside the default window, after every kiosk's turn has begun.
  clock = createFakeClock(Date.UTC(2026, 10, 20, 4, 15))
  host = await startFeedHost(() => clock.nowMs())
  installed = installKiosk('1.0.0', clock, {
    address: { baseUrl: host.url, redirectHosts: [] },
    keys: [host.key.public]
  })
})
afterEach(async () => {
  installed.remove()
  await host.close()
})

const until = async (kiosk: StartedVersion, happened: () => boolean): Promise<void> => {
  for (let minute = 0; minute < 48 * 60 && !happened(); minute += 1) {
    await pass(kiosk, STEP_INTERVAL_MS)
  }
  expect(kiosk.log.lines.filter(() => !happened())).toEqual([])
}
/** Advances the clock, then waits for the real work that it started. */
const pass = async (kiosk: StartedVersion, ms: number): Promise<void> => {
  await clock.advance(ms)
  await settle()
  await eventually(() => expect(kiosk.isBusy()).toBe(false))
  await settle()
}
const passHours = async (kiosk: StartedVersion, hours: number) => {
  for (let hour = 0; hour < hours; hour += 1) await pass(kiosk, HOUR_MS)
}
const untilLogged = (kiosk: StartedVersion, event: string) =>
  until(kiosk, () => kiosk.log.events().includes(event))
const untilRestarted = (kiosk: StartedVersion) => until(kiosk, () => kiosk.restarts() === 1)
const problemOf = (kiosk: StartedVersion) => kiosk.updates.status().problem?.code ?? null
const feedPath = (suffix = '') => join(host.folder, `${FEED_FILE}${suffix}`)
const otherKey = () => createSigningKey('test', join(host.folder, 'other.pem'))

/** Saves the feed that is published now. @returns a function that restores it */
const savedFeed = () => {
  const saved = ['', '.sig'].map((suffix) => [suffix, readFileSync(feedPath(suffix))] as const)
  return () => {
    for (const [suffix, bytes] of saved) writeFileSync(feedPath(suffix), bytes)
  }
}

/** Nothing was installed or left over, and the next good release is installed. */
const staysAndRecovers = async (kiosk: StartedVersion) => {
  expect(installed.runs()).toBe('1.0.0')
  expect(installed.versions()).toEqual(['1.0.0'])
  expect(kiosk.restarts()).toBe(0)
  host.injectFault = null
  await clock.advance(1)
  await host.publish('1.2.0')
  await untilRestarted(kiosk)
  expect(installed.runs()).toBe('1.2.0')
}

it('installs the next version, proves it healthy, and removes the version before the previous one', async () => {
  await host.publish('1.1.0')
  const first = installed.start()
  await untilRestarted(first)
  expect(first.log.events()).toEqual([
    'updates.started',
    'updates.offered',
    'updates.preparing',
    'updates.prepared',
    'updates.installing'
  ])
  expect(host.asked).toEqual([
    `/${FEED_FILE}`,
    `/${FEED_FILE}.sig`,
    `/${archiveName('1.1.0')}.sig`,
    `/${archiveName('1.1.0')}`
  ])
  expect(installed.runs()).toBe('1.1.0')
  expect(installed.versions()).toEqual(['1.0.0', '1.1.0'])
  await first.updates.stop()

  const second = installed.start()
  expect(second.log.events()).toContain('updates.installed')
  expect(second.updates.status().lastInstall).toMatchObject({
    version: '1.1.0',
    fromVersion: '1.0.0',
    outcome: 'proving'
  })
  second.updates.pageReady()
  await clock.advance(HEALTHY_AFTER_MS)
  expect(second.updates.status().lastInstall?.outcome).toBe('good')
  await host.publish('1.2.0')
  await untilRestarted(second)
  expect(installed.versions()).toEqual(['1.1.0', '1.2.0'])
  expect(installed.runs()).toBe('1.2.0')
})

describe('updates', () => {
  /** Returns a check that runs after the refusal. */
  type Arrange = () => Promise<unknown>
  const failing =
    (status: number): Arrange =>
    async () => {
      host.injectFault = faultFor('', (response) => response.writeHead(status).end('no'))
    }
  const cases: [string, UpdateProblemCode, Arrange][] = [
    ['an answer of 500', 'feed_unreachable', failing(500)],
    ['an answer of 429', 'feed_unreachable', failing(429)],
    ['an answer of 404', 'feed_missing', failing(404)],
    ['an answer of 403', 'feed_missing', failing(403)],
    [
      'a feed without an end',
      'feed_too_large',
      async () => {
        host.injectFault = faultFor('.yml', answerForever)
      }
    ],
    [
      'a feed that another key signed',
      'feed_not_signed',
      async () => {
        await host.publish('1.1.0', {}, otherKey())
      }
    ],
    [
      'a feed without a signature',
      'feed_not_signed',
      async () => {
        await host.publish('1.1.0')
        host.injectFault = faultFor('.sig', (response) => response.writeHead(404).end())
      }
    ],
    [
      'a signed feed with a file outside its folder',
      'feed_malformed',
      async () => {
        await host.publish('1.1.0')
        const feed = JSON.parse(readFileSync(feedPath(), 'utf8'))
        feed.files[0].url = '../../../etc/cron.d/heard.tar.gz'
        await publishFeed(host.folder, feed, [host.key])
      }
    ],
    [
      'a download that is cut off',
      'download_failed',
      async () => {
        await host.publish('1.1.0')
        host.injectFault = faultFor('.tar.gz', (response) => {
          response.writeHead(200, { 'content-length': 400_000 })
          response.write(Buffer.alloc(50_000), () => response.destroy())
        })
      }
    ],
    [
      'a download with more bytes than were signed',
      'download_too_large',
      async () => {
        await host.publish('1.1.0')
        let sentBytes = () => Number.NaN
        host.injectFault = faultFor('.tar.gz', (response) => {
          const { socket } = response
          sentBytes = () => socket?.bytesWritten ?? Number.NaN
          answerForever(response)
        })
        return () => expect(sentBytes()).toBeLessThan(100_000_000)
      }
    ],
    [
      'a download that redirects to itself',
      'download_redirected',
      async () => {
        await host.publish('1.1.0')
        const location = `/${archiveName('1.1.0')}`
        host.injectFault = faultFor('.tar.gz', (response) =>
          response.writeHead(302, { location }).end()
        )
        return () =>
          expect(host.asked.filter((path) => path === location).length).toBeLessThanOrEqual(4)
      }
    ],
    [
      'an archive with a path outside its folder',
      'install_failed',
      async () => {
        const file = await host.makeArchive('1.1.0')
        writeFileSync(join(host.folder, 'outside'), 'x')
        const climbing = ['--transform', 's,^outside$,heard/../../../../escaped,']
        execFileSync('tar', ['-czf', file, '-P', '-C', host.folder, ...climbing, 'outside'])
        await host.publish('1.1.0', { artifacts: [file] })
      }
    ]
  ]

  it.each(cases)(
    'refuses %s as %s, and installs the next good release',
    async (_, code, arrange) => {
      const check = await arrange()
      const kiosk = installed.start()
      await untilLogged(kiosk, 'updates.refused')
      expect(problemOf(kiosk)).toBe(code)
      if (typeof check === 'function') check()
      await staysAndRecovers(kiosk)
    }
  )

  it.each([
    ['the feed', '.yml', 'feed_redirected'],
    ['the download', '.tar.gz', 'download_redirected'],
    ['its signature', '.tar.gz.sig', 'download_redirected']
  ] as const)('follows %s to no other host', async (_, ending, code) => {
    let strangerAsked = 0
    const stranger = createServer((__, response) => {
      strangerAsked += 1
      response.end('{}')
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const location = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/${FEED_FILE}`
    await host.publish('1.1.0')
    host.injectFault = faultFor(ending, (response) => response.writeHead(302, { location }).end())
    const kiosk = installed.start()
    await untilLogged(kiosk, 'updates.refused')
    expect(problemOf(kiosk)).toBe(code)
    expect(strangerAsked).toBe(0)
    await staysAndRecovers(kiosk)
    stranger.closeAllConnections()
    stranger.close()
  })

  it('refuses a feed that starts and does not end at the deadline', async () => {
    host.injectFault = faultFor('', (response) => {
      response.writeHead(200)
      response.write('{')
    })
    const limits: number[] = []
    const kiosk = installed.start({
      timeout: (ms) => {
        limits.push(ms)
        return AbortSignal.timeout(100)
      }
    })
    await untilLogged(kiosk, 'updates.refused')
    expect(problemOf(kiosk)).toBe('feed_slow')
    expect(limits[0]).toBe(FEED_FILE_DEADLINE_MS)
  })

  it('logs an unreachable feed once, however long it lasts', async () => {
    const address = { baseUrl: 'http://127.0.0.1:9/', redirectHosts: [] }
    const kiosk = installed.start({ address })
    await untilLogged(kiosk, 'updates.refused')
    expect(kiosk.updates.status()).toMatchObject({
      problem: { code: 'feed_unreachable' },
      answeredAtMs: null
    })
    await passHours(kiosk, 12)
    expect(kiosk.log.events().filter((event) => event === 'updates.refused')).toHaveLength(1)
  })

  it('refuses a replayed feed until a newer one is published, and an expired feed', async () => {
    await host.publish('0.9.0')
    const restoreOld = savedFeed()
    await clock.advance(HOUR_MS)
    await host.publish('1.0.0')
    const kiosk = installed.start()
    await until(kiosk, () => kiosk.updates.status().answeredAtMs !== null)
    restoreOld()
    await untilLogged(kiosk, 'updates.refused')
    expect(problemOf(kiosk)).toBe('feed_replayed')
    await clock.advance(1)
    await host.publish('1.0.0')
    await until(kiosk, () => problemOf(kiosk) === null)
    await clock.advance(91 * 24 * HOUR_MS)
    await until(kiosk, () => problemOf(kiosk) === 'feed_expired')
    expect(installed.runs()).toBe('1.0.0')
  })

  it('refuses the feed of another channel, and accepts it on that channel', async () => {
    await host.publish('1.1.0', { channel: 'beta' })
    for (const suffix of ['', '.sig']) {
      writeFileSync(feedPath(suffix), readFileSync(join(host.folder, `beta-linux.yml${suffix}`)))
    }
    const kiosk = installed.start()
    await untilLogged(kiosk, 'updates.refused')
    expect(problemOf(kiosk)).toBe('feed_for_other_target')
    await untilRestarted(installed.start({ channel: 'beta' }))
  })
})

it('accepts a feed that the next key signed, once the build has that key', async () => {
  const next = createSigningKey('next', join(host.folder, 'next.pem'))
  await host.publish('1.1.0', {}, next)
  await untilRestarted(installed.start({ keys: [host.key.public, next.public] }))
  expect(installed.runs()).toBe('1.1.0')
})

it('waits in a staged roll-out until the share reaches its bucket', async () => {
  const { state } = installed.updateStateFile.read()
  installed.updateStateFile.write(state)
  const share = Math.floor(rolloutBucketOf(state.deviceId, '1.1.0') * 100)
  await host.publish('1.1.0', { stagingPercentage: share })
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.waiting')
  expect(kiosk.updates.status()).toMatchObject({
    offered: { version: '1.1.0', waitsFor: 'staged_out' },
    problem: null
  })
  expect(host.asked).not.toContain(`/${archiveName('1.1.0')}`)
  const feed = feedSchema.parse(parseFeed(readFileSync(feedPath(), 'utf8')))
  await clock.advance(1)
  await publishFeed(host.folder, restage(feed, share + 1, clock.nowMs()), [host.key])
  await untilRestarted(kiosk)
  expect(installed.runs()).toBe('1.1.0')
})

it('downloads nothing outside the window, and installs in it', async () => {
  await clock.advance(8 * HOUR_MS)
  await host.publish('1.1.0')
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.waiting')
  expect(kiosk.updates.status().offered?.waitsFor).toBe('outside_window')
  expect(host.asked).not.toContain(`/${archiveName('1.1.0')}`)
  await untilRestarted(kiosk)
  expect(new Date(clock.nowMs()).getUTCHours()).toBeGreaterThanOrEqual(3)
  expect(new Date(clock.nowMs()).getUTCHours()).toBeLessThan(5)
})

it('starts nothing while the kiosk is in use, and interrupts a download when a use begins', async () => {
  await host.publish('1.1.0')
  const kiosk = installed.start()
  kiosk.updates.setInUse(true)
  await pass(kiosk, 20 * MINUTE_MS)
  await pass(kiosk, STEP_INTERVAL_MS)
  await eventually(() => expect(kiosk.updates.status().offered?.waitsFor).toBe('in_use'))
  expect(host.asked).not.toContain(`/${archiveName('1.1.0')}`)

  kiosk.updates.setInUse(false)
  host.injectFault = faultFor('.tar.gz', (response) => {
    response.writeHead(200, { 'content-length': 300_000 })
    response.write(Buffer.alloc(1_000))
    kiosk.updates.setInUse(true)
  })
  await untilLogged(kiosk, 'updates.prepareInterrupted')
  expect(problemOf(kiosk)).toBe(null)
  kiosk.updates.setInUse(false)
  host.injectFault = null
  await untilRestarted(kiosk)
})

it('announces an urgent release and installs it between presses, which end no download', async () => {
  await host.publish('1.1.0', { minimumVersion: '1.1.0' })
  const kiosk = installed.start({ policy: { requiredAfterMs: 0 } })
  const announced: boolean[] = []
  kiosk.updates.onRestartAnnounced((isAnnounced) => announced.push(isAnnounced))
  const press = () => {
    kiosk.updates.setInUse(true)
    kiosk.updates.setInUse(false)
  }
  host.injectFault = (_request, _response, path) => {
    if (path.endsWith('.tar.gz')) press()
    return false
  }
  for (let minute = 0; minute < 60 && announced.length === 0; minute += 1) {
    press()
    await pass(kiosk, STEP_INTERVAL_MS)
  }
  expect([announced, kiosk.updates.isRestartAnnounced()]).toEqual([[true], true])
  expect(kiosk.log.events()).not.toContain('updates.prepareInterrupted')
  press()
  await pass(kiosk, URGENT_IDLE_MS - 1_000)
  expect(kiosk.restarts()).toBe(0)
  await until(kiosk, () => kiosk.restarts() === 1)
})

it('ends a download that stalls, and retries later', async () => {
  await host.publish('1.1.0')
  let isHanging = false
  host.injectFault = faultFor('.tar.gz', (response) => {
    response.writeHead(200, { 'content-length': 300_000 })
    response.write(Buffer.alloc(1_000))
    isHanging = true
  })
  const kiosk = installed.start()
  for (let minute = 0; minute < 48 * 60 && !isHanging; minute += 1) {
    await clock.advance(STEP_INTERVAL_MS)
    await settle()
    await eventually(() => expect(isHanging || !kiosk.isBusy()).toBe(true))
  }
  // To the limit and no further: the retry would hang too.
  await clock.advance(HOUR_MS)
  await eventually(() => expect(problemOf(kiosk)).toBe('download_slow'))
  expect(kiosk.isBusy()).toBe(false)
  await staysAndRecovers(kiosk)
})

it('only reports a release where IT installs', async () => {
  await host.publish('1.1.0')
  const kiosk = installed.start({ isReportOnly: true })
  await untilLogged(kiosk, 'updates.waiting')
  await passHours(kiosk, 48)
  expect(kiosk.updates.status()).toMatchObject({
    mode: 'report',
    offered: { version: '1.1.0', waitsFor: 'report_only' }
  })
  expect(host.asked).not.toContain(`/${archiveName('1.1.0')}`)
})

it('drops a release that is withdrawn before its window', async () => {
  await clock.advance(8 * HOUR_MS)
  await host.publish('1.1.0')
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.offered')
  await clock.advance(1)
  await host.publish('1.0.0')
  await untilLogged(kiosk, 'updates.withdrawn')
  await passHours(kiosk, 36)
  expect(installed.runs()).toBe('1.0.0')
  expect(kiosk.restarts()).toBe(0)
})

describe('a new version', () => {
  const startNew = async () => {
    await host.publish('1.1.0')
    const old = installed.start()
    await untilRestarted(old)
    await old.updates.stop()
    return installed.start()
  }
  const failures = () => installed.updateStateFile.read().state.bootFailures

  it('relaunches to roll back after its page has crashed three times, and not before', async () => {
    const kiosk = await startNew()
    for (const crash of [1, 2, 3]) {
      kiosk.updates.pageReady()
      await clock.advance(HEALTHY_AFTER_MS / 2)
      expect(kiosk.relaunches()).toBe(0)
      kiosk.updates.pageCrashed()
      kiosk.updates.pageLost()
      expect(failures()).toBe(crash)
    }
    expect(kiosk.relaunches()).toBe(1)
    await kiosk.updates.stop()
    const { state } = installed.updateStateFile.read()
    expect(evaluateBoot(state, '1.1.0', clock.nowMs()).action).toBe('roll_back')
  })

  it('relaunches when its page does not load', async () => {
    const kiosk = await startNew()
    await clock.advance(PAGE_DEADLINE_MS)
    expect([kiosk.relaunches(), failures()]).toEqual([1, 1])
  })

  it('counts no crash once it is healthy', async () => {
    const kiosk = await startNew()
    kiosk.updates.pageReady()
    await clock.advance(HEALTHY_AFTER_MS)
    for (const _ of [1, 2, 3]) kiosk.updates.pageCrashed()
    await clock.advance(PAGE_DEADLINE_MS)
    expect([kiosk.relaunches(), failures()]).toEqual([0, 0])
  })
})

it('reports an installation that had no effect, and gives up on the version after three', async () => {
  await host.publish('1.1.0')
  for (const attempt of [1, 2, 3]) {
    const kiosk = installed.start()
    await untilRestarted(kiosk)
    await kiosk.updates.stop()
    // The old version starts again.
    switchVersion(archiveInstallation(join(installed.root, 'versions', 'x', 'heard')), '1.0.0')
    const next = installed.start()
    expect(problemOf(next)).toBe('not_installed')
    expect(next.updates.status().knownBad).toEqual(attempt === 3 ? ['1.1.0'] : [])
    await next.updates.stop()
  }
  const kiosk = installed.start()
  await until(kiosk, () => problemOf(kiosk) === 'known_bad')
  await clock.advance(1)
  await host.publish('1.2.0')
  await untilRestarted(kiosk)
  expect(installed.runs()).toBe('1.2.0')
})

it('installs with an initial state when the saved one is unreadable', async () => {
  await host.publish('1.1.0')
  const before = installed.start()
  await before.updates.stop()
  appendFileSync(join(installed.root, '..', 'data', 'memory.json'), 'half a li')
  await untilRestarted(installed.start())
  expect(installed.runs()).toBe('1.1.0')
})
