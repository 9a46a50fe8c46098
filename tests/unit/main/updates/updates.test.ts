// From one version to the next and from every bad feed back to work, with all that is real in Node: the feed is on
// loopback and signed, electron-updater downloads it, tar unpacks it and the link is turned.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSigningKey } from '../../../../build/update-keys.ts'
import { publishFeed, restage } from '../../../../build/write-feed.ts'
import { feedSchema, parseFeed } from '../../../../src/main/updates/feed-document.ts'
import { FEED_FILE_DEADLINE_MS } from '../../../../src/main/updates/fetch-feed-file.ts'
import { rolloutBucketOf } from '../../../../src/main/updates/rollout-bucket.ts'
import { HEALTHY_AFTER_MS, STEP_INTERVAL_MS } from '../../../../src/main/updates/updates.ts'
import { eventually } from '../../../eventually.ts'
import { createFakeClock, type FakeClock, settle } from '../fake-clock.ts'
import { archiveName, FEED_FILE, type FeedHost, startFeedHost } from './feed-host.ts'
import { type InstalledKiosk, installKiosk, type StartedVersion } from './installed-kiosk.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let clock: FakeClock
let host: FeedHost
let installed: InstalledKiosk

beforeEach(async () => {
  // 04:15 UTC: inside the default window, and late enough in it for every kiosk's share.
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

/** Lets the minutes pass that the kiosk waits for, and what it does meanwhile end. */
const until = async (kiosk: StartedVersion, happened: () => boolean, hours = 48): Promise<void> => {
  for (let minute = 0; minute < hours * 60 && !happened(); minute += 1) {
    await pass(kiosk, STEP_INTERVAL_MS)
  }
  expect(kiosk.log.lines.filter(() => !happened())).toEqual([])
}
const pass = async (kiosk: StartedVersion, ms: number): Promise<void> => {
  await clock.advance(ms)
  await settle()
  await eventually(() => expect(kiosk.isBusy()).toBe(false))
  await settle()
}
const untilLogged = (kiosk: StartedVersion, event: string) =>
  until(kiosk, () => kiosk.log.events().includes(event))
const untilRestarted = (kiosk: StartedVersion) => until(kiosk, () => kiosk.restarts() === 1)
const problemOf = (kiosk: StartedVersion) => kiosk.updates.status().problem?.code ?? null

/** Nothing was installed, nothing is left over, and the next good release still goes in. */
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

it('goes from one version to the next, proves it, and forgets the one before the last', async () => {
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

it('asks the feed under the names that it has everywhere, and nothing but the feed', async () => {
  await host.publish('1.1.0')
  const kiosk = installed.start()
  await untilRestarted(kiosk)
  expect(host.asked).toEqual([
    `/${FEED_FILE}`,
    `/${FEED_FILE}.sig`,
    `/${archiveName('1.1.0')}.sig`,
    `/${archiveName('1.1.0')}`
  ])
})

it('refuses a download that was changed on its way', async () => {
  await host.publish('1.1.0')
  const path = join(host.folder, archiveName('1.1.0'))
  const bytes = readFileSync(path)
  bytes[1_000] = (bytes[1_000] ?? 0) ^ 1
  writeFileSync(path, bytes)
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('download_corrupt')
  await staysAndRecovers(kiosk)
})

it('refuses a download that is cut off', async () => {
  await host.publish('1.1.0')
  host.injectFault = (_, response, path) => {
    if (!path.endsWith('.tar.gz')) return false
    response.writeHead(200, { 'content-length': 400_000 })
    response.write(Buffer.alloc(50_000), () => response.destroy())
    return true
  }
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('download_failed')
  await staysAndRecovers(kiosk)
})

it('refuses an artifact that another key signed, whatever the feed says of it', async () => {
  await host.publish('1.1.0')
  const other = createSigningKey('test', join(host.folder, 'other.pem'))
  const right = readFileSync(join(host.folder, FEED_FILE))
  const rightSignature = readFileSync(join(host.folder, `${FEED_FILE}.sig`))
  await host.publish('1.1.0', {}, other)
  writeFileSync(join(host.folder, FEED_FILE), right)
  writeFileSync(join(host.folder, `${FEED_FILE}.sig`), rightSignature)
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('artifact_not_signed')
  // Not one byte of it was fetched.
  expect(host.asked).not.toContain(`/${archiveName('1.1.0')}`)
  await staysAndRecovers(kiosk)
})

it('refuses a feed that another key signed, and one with no signature', async () => {
  await host.publish('1.1.0', {}, createSigningKey('test', join(host.folder, 'other.pem')))
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('feed_not_signed')
  host.injectFault = (_, response, path) => {
    if (!path.endsWith('.sig')) return false
    response.writeHead(404).end()
    return true
  }
  await until(
    kiosk,
    () => kiosk.log.lines.filter(({ event }) => event === 'updates.refused').length === 2
  )
  expect(problemOf(kiosk)).toBe('feed_not_signed')
  await staysAndRecovers(kiosk)
})

it('refuses a feed of which one letter was changed after it was signed', async () => {
  await host.publish('1.1.0', { stagingPercentage: 10 })
  const path = join(host.folder, FEED_FILE)
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('"stagingPercentage": 10', '"stagingPercentage": 99')
  )
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('feed_not_signed')
  await staysAndRecovers(kiosk)
})

it('believes a feed that the next key signed, as soon as the build knows that one too', async () => {
  const next = createSigningKey('next', join(host.folder, 'next.pem'))
  await host.publish('1.1.0', {}, next)
  const kiosk = installed.start({ keys: [host.key.public, next.public] })
  await untilRestarted(kiosk)
  expect(installed.runs()).toBe('1.1.0')
})

it('waits for its turn in a staged roll-out, and comes when the share reaches it', async () => {
  const deviceId = installed.updateStateFile.read().memory.deviceId
  const memory = installed.updateStateFile.read().memory
  installed.updateStateFile.write({ ...memory, deviceId })
  const share = Math.floor(rolloutBucketOf(deviceId, '1.1.0') * 100)
  await host.publish('1.1.0', { stagingPercentage: share })
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.waiting')
  expect(kiosk.updates.status()).toMatchObject({
    offered: { version: '1.1.0', waitsFor: 'staged_out' },
    problem: null
  })
  expect(host.asked).not.toContain(`/${archiveName('1.1.0')}`)
  const feed = parseFeed(readFileSync(join(host.folder, FEED_FILE), 'utf8'))
  await clock.advance(1)
  await publishFeed(host.folder, restage(feedSchema.parse(feed), share + 1, clock.nowMs()), [
    host.key
  ])
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

it('never begins while somebody asks, and lets go of a download when somebody begins to', async () => {
  await host.publish('1.1.0')
  const kiosk = installed.start()
  kiosk.updates.setInUse(true)
  await pass(kiosk, 20 * MINUTE_MS)
  await pass(kiosk, STEP_INTERVAL_MS)
  await eventually(() => expect(kiosk.updates.status().offered?.waitsFor).toBe('in_use'))
  expect(host.asked).not.toContain(`/${archiveName('1.1.0')}`)

  kiosk.updates.setInUse(false)
  host.injectFault = (_, response, path) => {
    if (!path.endsWith('.tar.gz')) return false
    // Some bytes, and no more until somebody speaks.
    response.writeHead(200, { 'content-length': 300_000 })
    response.write(Buffer.alloc(1_000))
    kiosk.updates.setInUse(true)
    return true
  }
  await untilLogged(kiosk, 'updates.prepareInterrupted')
  expect(problemOf(kiosk)).toBe(null)
  kiosk.updates.setInUse(false)
  host.injectFault = null
  await untilRestarted(kiosk)
})

it('refuses a release that is older than what runs, however well it is signed', async () => {
  await host.publish('0.9.0')
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('downgrade')
  await staysAndRecovers(kiosk)
})

it('works on while the feed is down, and says so where IT looks', async () => {
  const address = { baseUrl: 'http://127.0.0.1:9/', redirectHosts: [] }
  const kiosk = installed.start({ address })
  await untilLogged(kiosk, 'updates.refused')
  expect(kiosk.updates.status()).toMatchObject({
    problem: { code: 'feed_unreachable' },
    answeredAtMs: null
  })
  // Once in the log, however long it lasts.
  for (let hour = 0; hour < 12; hour += 1) await pass(kiosk, HOUR_MS)
  expect(kiosk.log.events().filter((event) => event === 'updates.refused')).toHaveLength(1)
})

it.each([
  [500, 'feed_unreachable'],
  [429, 'feed_unreachable'],
  [404, 'feed_missing'],
  [403, 'feed_missing']
] as const)('says what an answer of %i means', async (status, code) => {
  host.injectFault = (_, response) => {
    response.writeHead(status).end('<html>no</html>')
    return true
  }
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe(code)
  await staysAndRecovers(kiosk)
})

it('does not wait long for a feed that begins and does not end', async () => {
  host.injectFault = (_, response) => {
    response.writeHead(200)
    response.write('{')
    return true
  }
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

it('lets go of a download that does not get on, and tries again later', async () => {
  await host.publish('1.1.0')
  let isHanging = false
  host.injectFault = (_, response, path) => {
    if (!path.endsWith('.tar.gz')) return false
    response.writeHead(200, { 'content-length': 300_000 })
    response.write(Buffer.alloc(1_000))
    isHanging = true
    return true
  }
  const kiosk = installed.start()
  for (let minute = 0; minute < 48 * 60 && !isHanging; minute += 1) {
    await clock.advance(STEP_INTERVAL_MS)
    await settle()
    await eventually(() => expect(isHanging || !kiosk.isBusy()).toBe(true))
  }
  // To the limit and no further: what is tried again after it would hang as well.
  await clock.advance(HOUR_MS)
  await eventually(() => expect(problemOf(kiosk)).toBe('download_slow'))
  expect(kiosk.isBusy()).toBe(false)
  await staysAndRecovers(kiosk)
})

it('reads no more of a feed than a feed has', async () => {
  host.injectFault = (_, response, path) => {
    if (!path.endsWith('.yml')) return false
    const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1)
    response.on('close', () => clearInterval(timer))
    return true
  }
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('feed_too_large')
  await staysAndRecovers(kiosk)
})

it('writes no more of a download than was signed', async () => {
  await host.publish('1.1.0')
  let sentBytes = 0
  host.injectFault = (_, response, path) => {
    if (!path.endsWith('.tar.gz')) return false
    const timer = setInterval(() => {
      sentBytes += 65_536
      response.write(Buffer.alloc(65_536))
    }, 1)
    response.on('close', () => clearInterval(timer))
    return true
  }
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('download_too_large')
  expect(sentBytes).toBeLessThan(100_000_000)
  await staysAndRecovers(kiosk)
})

it.each([
  ['the feed', '.yml', 'feed_redirected'],
  ['the download', '.tar.gz', 'download_redirected'],
  ['its signature', '.tar.gz.sig', 'download_redirected']
] as const)('does not follow %s to another host', async (_, suffix, code) => {
  const stranger = createServer((__, response) => response.end('{}'))
  let strangerAsked = 0
  stranger.on('request', () => {
    strangerAsked += 1
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`
  await host.publish('1.1.0')
  host.injectFault = (__, response, path) => {
    if (!path.endsWith(suffix)) return false
    response.writeHead(302, { location: `${elsewhere}${FEED_FILE}` }).end()
    return true
  }
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe(code)
  expect(strangerAsked).toBe(0)
  await staysAndRecovers(kiosk)
  stranger.closeAllConnections()
  stranger.close()
})

it('does not run in circles', async () => {
  await host.publish('1.1.0')
  host.injectFault = (_, response, path) => {
    if (!path.endsWith('.tar.gz')) return false
    response.writeHead(302, { location: `/${archiveName('1.1.0')}` }).end()
    return true
  }
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('download_redirected')
  expect(host.asked.filter((path) => path.endsWith('.tar.gz')).length).toBeLessThanOrEqual(4)
  await staysAndRecovers(kiosk)
})

it.each([
  '../../../etc/cron.d/heard.tar.gz',
  '/etc/heard.tar.gz',
  'https://elsewhere.example/heard.tar.gz',
  '..\\heard.tar.gz',
  '.heard.tar.gz',
  'a/heard.tar.gz'
])('takes no artifact by the name of %s, even when it is signed', async (url) => {
  await host.publish('1.1.0')
  const feed = JSON.parse(readFileSync(join(host.folder, FEED_FILE), 'utf8'))
  feed.files[0].url = url
  await publishFeed(host.folder, feed, [host.key])
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('feed_malformed')
  await staysAndRecovers(kiosk)
})

it('unpacks nothing that leads out of its folder', async () => {
  const { execFileSync } = await import('node:child_process')
  const file = await host.makeArchive('1.1.0')
  const outside = join(host.folder, 'outside')
  writeFileSync(outside, 'x')
  // A name that climbs, made by tar itself.
  execFileSync('tar', [
    '-czf',
    file,
    '-P',
    '-C',
    host.folder,
    '--transform',
    's,^outside$,heard/../../../../escaped,',
    'outside'
  ])
  await host.publish('1.1.0', { artifacts: [file] })
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('install_failed')
  await staysAndRecovers(kiosk)
})

it('refuses an old feed that is served again, and one that nobody has signed anew', async () => {
  await host.publish('0.9.0')
  const old = readFileSync(join(host.folder, FEED_FILE))
  const oldSignature = readFileSync(join(host.folder, `${FEED_FILE}.sig`))
  await clock.advance(HOUR_MS)
  await host.publish('1.0.0')
  const kiosk = installed.start()
  await until(kiosk, () => kiosk.updates.status().answeredAtMs !== null)
  writeFileSync(join(host.folder, FEED_FILE), old)
  writeFileSync(join(host.folder, `${FEED_FILE}.sig`), oldSignature)
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('feed_replayed')
  await clock.advance(1)
  await host.publish('1.0.0')
  await until(kiosk, () => problemOf(kiosk) === null)
  await clock.advance(91 * 24 * HOUR_MS)
  await until(kiosk, () => problemOf(kiosk) === 'feed_expired')
  expect(installed.runs()).toBe('1.0.0')
})

it('takes no feed of another channel or system under its own name', async () => {
  await host.publish('1.1.0', { channel: 'beta' })
  const beta = readFileSync(join(host.folder, 'beta-linux.yml'))
  writeFileSync(join(host.folder, FEED_FILE), beta)
  writeFileSync(
    join(host.folder, `${FEED_FILE}.sig`),
    readFileSync(join(host.folder, 'beta-linux.yml.sig'))
  )
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.refused')
  expect(problemOf(kiosk)).toBe('feed_for_other_target')
  const betaKiosk = installed.start({ channel: 'beta' })
  await untilRestarted(betaKiosk)
})

it('only says that there is something where IT installs', async () => {
  await host.publish('1.1.0')
  const kiosk = installed.start({ isReportOnly: true })
  await untilLogged(kiosk, 'updates.waiting')
  for (let hour = 0; hour < 48; hour += 1) await pass(kiosk, HOUR_MS)
  expect(kiosk.updates.status()).toMatchObject({
    mode: 'report',
    offered: { version: '1.1.0', waitsFor: 'report_only' }
  })
  expect(host.asked).not.toContain(`/${archiveName('1.1.0')}`)
})

it('forgets a release that was pulled before its hour came', async () => {
  await clock.advance(8 * HOUR_MS)
  await host.publish('1.1.0')
  const kiosk = installed.start()
  await untilLogged(kiosk, 'updates.offered')
  await clock.advance(1)
  await host.publish('1.0.0')
  await untilLogged(kiosk, 'updates.withdrawn')
  for (let hour = 0; hour < 36; hour += 1) await pass(kiosk, HOUR_MS)
  expect(installed.runs()).toBe('1.0.0')
  expect(kiosk.restarts()).toBe(0)
})

it('says at the next start that nothing came of an installation, and stops after three', async () => {
  await host.publish('1.1.0')
  for (const attempt of [1, 2, 3]) {
    const kiosk = installed.start()
    await untilRestarted(kiosk)
    await kiosk.updates.stop()
    // Whatever it was that was installed, the old version starts.
    const { switchVersion, archiveInstallation } = await import(
      '../../../../src/main/updates/archive-installation.ts'
    )
    switchVersion(archiveInstallation(join(installed.root, 'versions', 'x', 'heard')), '1.0.0')
    const next = installed.start()
    expect(problemOf(next)).toBe('not_installed')
    expect(next.updates.status().knownBad).toEqual(attempt === 3 ? ['1.1.0'] : [])
    await next.updates.stop()
  }
  const kiosk = installed.start()
  await until(kiosk, () => problemOf(kiosk) === 'known_bad')
  await clock.advance(1)
  await staysOnUntil('1.2.0', kiosk)
})

const staysOnUntil = async (version: string, kiosk: StartedVersion) => {
  await host.publish(version)
  await untilRestarted(kiosk)
  expect(installed.runs()).toBe(version)
}

it('begins anew when what it remembered is no longer readable, and says so', async () => {
  await host.publish('1.1.0')
  const before = installed.start()
  await before.updates.stop()
  appendFileSync(join(installed.root, '..', 'data', 'memory.json'), 'half a li')
  // The start that is counted sets the file aside; what is left is a first one.
  const kiosk = installed.start()
  await untilRestarted(kiosk)
  expect(installed.runs()).toBe('1.1.0')
})
