// The packed kiosk, updated for real: it runs, reads a feed on loopback, refuses what is wrong with it and works on;
// installs the next version, comes back as that one by itself, and goes back when a version does not start.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveFolder } from '../../build/archive.ts'
import { publishFeed } from '../../build/feed.ts'
import { packageLinux } from '../../build/package.ts'
import { createSigningKey } from '../../build/update-keys.ts'
import { type Display, openDisplay } from '../../local/drive/display.ts'
import {
  archiveName,
  FEED_FILE,
  type FeedHost,
  startFeedHost
} from '../unit/main/updates/feed-host.ts'
import { missingDistribution } from './packed.ts'
import {
  copyPackage,
  endKiosk,
  type LogLine,
  readKioskLog,
  repack,
  runningPid
} from './update-host.ts'

const missing = missingDistribution()
if (missing !== null) process.stderr.write(`Skipped, updates of the packed kiosk: ${missing}\n`)

/** Where there is no sandbox to be had, which the checks' flavour may be told. */
const FLAGS = ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
/** Packing, copying and archiving 400 MB. */
const PACKING_MS = 900_000
/** A start of Electron and a look at the feed, on a machine that is several times as slow. */
const EVENT_MS = 120_000
/** A version has run for a minute before it is called good. */
const PROVING_MS = 240_000

describe.skipIf(missing !== null)('the packed kiosk, updated', { timeout: 5 * EVENT_MS }, () => {
  let work = ''
  let root = ''
  let userData = ''
  let host: FeedHost
  let display: Display
  let started: ChildProcess | null = null
  let said = ''

  const inRoot = (...parts: string[]) => join(root, ...parts)

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'heard-updating-'))
    root = join(work, 'heard')
    userData = join(work, 'data')
    display = await openDisplay()
    host = await startFeedHost(() => Date.now())
    const packed = await packageLinux({
      flavour: 'checks',
      outFolder: join(work, 'packed'),
      version: '1.0.0',
      archive: false,
      // Another address than the feed's own, which IT gives below: nobody knows its port beforehand.
      updates: {
        feed: { provider: 'generic', url: 'http://127.0.0.1:9/' },
        channel: 'stable',
        keys: [host.key.public]
      }
    })
    await mkdir(inRoot('versions'), { recursive: true })
    await copyPackage(packed.folder, inRoot('versions', '1.0.0'))
    await symlink('versions/1.0.0', inRoot('current'))
    await repack(packed.folder, '1.1.0')
    await archiveFolder(packed.folder, join(work, archiveName('1.1.0')))
    await rm(join(work, 'packed'), { recursive: true, force: true })
  }, PACKING_MS)

  afterAll(async () => {
    await endKiosk(userData, 'SIGKILL')
    started?.kill('SIGKILL')
    display?.close()
    await host?.close()
    await rm(work, { recursive: true, force: true })
  })

  const start = (changes: Record<string, string> = {}) => {
    said = ''
    const child = spawn(inRoot('current', 'heard'), FLAGS, {
      env: {
        PATH: process.env.PATH,
        HOME: work,
        DISPLAY: display.name,
        HEARD_USER_DATA: userData,
        // Nothing listens there: a kiosk that nobody is signed in on updates all the same.
        HEARD_SUPABASE_URL: 'http://127.0.0.1:9',
        HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x',
        HEARD_UPDATE_FEED: host.url,
        HEARD_UPDATE_WINDOW: '00:00-00:00',
        HEARD_UPDATE_IDLE_SECONDS: '5',
        HEARD_UPDATE_CHECK_SECONDS: '5',
        ...changes
      },
      stdio: ['ignore', 'ignore', 'pipe']
    })
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    started = child
    return child
  }

  const log = () => readKioskLog(userData)
  const logged = (expected: LogLine) =>
    expect
      .poll(log, { timeout: EVENT_MS, interval: 250 })
      .toContainEqual(expect.objectContaining(expected))
  const refused = (code: string) => logged({ event: 'updates.refused', code })
  /** The process that was started is the one that runs, and its page is not gone. */
  const worksOn = async () => {
    expect(runningPid(userData)).toBe(started?.pid)
    expect(log().map(({ event }) => event)).not.toContain('window.recovering')
    expect(await readlink(inRoot('current'))).toBe('versions/1.0.0')
  }
  /** A release that is not what it should be before it is unpacked, so that a few bytes will do. */
  const artifact = (version: string) => {
    const path = join(work, archiveName(version))
    writeFileSync(path, `not an archive: ${version}`)
    return path
  }

  it('says that a feed is down, and works on', async () => {
    host.misbehave = (_, response) => {
      response.writeHead(503).end()
      return true
    }
    start()
    await logged({ event: 'kiosk.started', version: '1.0.0' })
    await refused('feed_unreachable')
    await worksOn()
  })

  it('refuses a feed that leads to another host, and asks nothing of that one', async () => {
    let asked = 0
    const stranger = createServer((_, response) => {
      asked += 1
      response.end('{}')
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const { port } = stranger.address() as AddressInfo
    host.misbehave = (_, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${port}/${FEED_FILE}` }).end()
      return true
    }
    await refused('feed_redirected')
    expect(asked).toBe(0)
    stranger.close()
    host.misbehave = null
    await worksOn()
  })

  it('refuses a feed and an artifact that another key signed', async () => {
    const other = createSigningKey('test', join(work, 'other.pem'))
    await host.publish('1.0.1', { artifacts: [artifact('1.0.1')] }, other)
    await refused('feed_not_signed')
    await host.publish('1.0.2', { artifacts: [artifact('1.0.2')] })
    const signature = join(host.folder, `${archiveName('1.0.2')}.sig`)
    writeFileSync(signature, readFileSync(join(host.folder, `${archiveName('1.0.1')}.sig`)))
    await refused('artifact_not_signed')
    await worksOn()
  })

  it('refuses a release older than itself, and a file that would lie outside the feed’s folder', async () => {
    await host.publish('0.9.0', { artifacts: [artifact('0.9.0')] })
    await refused('downgrade')
    const feed = JSON.parse(readFileSync(join(host.folder, FEED_FILE), 'utf8'))
    feed.files[0].url = '../../../../heard.tar.gz'
    await publishFeed(host.folder, feed, [host.key])
    await refused('feed_malformed')
    await worksOn()
  })

  it('refuses a download that was changed, and one that does not end', async () => {
    await host.publish('1.0.3', { artifacts: [artifact('1.0.3')] })
    writeFileSync(join(host.folder, archiveName('1.0.3')), 'not an archive: 1.0.X')
    await refused('download_corrupt')
    host.misbehave = (_, response, path) => {
      if (!path.endsWith('.tar.gz')) return false
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1)
      response.on('close', () => clearInterval(timer))
      return true
    }
    await host.publish('1.0.4', { artifacts: [artifact('1.0.4')] })
    await refused('download_too_large')
    host.misbehave = null
    await worksOn()
  })

  it('waits for its share of a roll-out', async () => {
    await host.publish('1.1.0', {
      artifacts: [join(work, archiveName('1.1.0'))],
      stagingPercentage: 0
    })
    await logged({ event: 'updates.waiting', for: 'staged_out', version: '1.1.0' })
    await worksOn()
  })

  it('does nothing outside its window but say that there is something', async () => {
    await endKiosk(userData)
    // Twelve hours from now, for an hour.
    const hour = (new Date().getUTCHours() + 12) % 24
    const twoDigits = (n: number) => String(n).padStart(2, '0')
    start({
      HEARD_UPDATE_WINDOW: `${twoDigits(hour)}:00-${twoDigits(hour)}:59`,
      HEARD_UPDATE_TIME_ZONE: 'UTC'
    })
    await host.publish('1.1.0', { artifacts: [join(work, archiveName('1.1.0'))] })
    await logged({ event: 'updates.waiting', for: 'outside_window', version: '1.1.0' })
    await worksOn()
    await endKiosk(userData)
  })

  it(
    'installs the next version, and comes back as that one by itself',
    async () => {
      // The release that it waited with is there still.
      start()
      const first = started?.pid
      await logged({ event: 'updates.installing', version: '1.1.0', from: '1.0.0' })
      await logged({ event: 'kiosk.started', version: '1.1.0' })
      await logged({ event: 'updates.installed', version: '1.1.0' })
      expect(await readlink(inRoot('current'))).toBe('versions/1.1.0')
      expect(runningPid(userData)).not.toBe(first)
      expect(said).not.toContain('Heard cannot start')
      await expect
        .poll(log, { timeout: PROVING_MS, interval: 1_000 })
        .toContainEqual(expect.objectContaining({ event: 'updates.proven', version: '1.1.0' }))
    },
    PROVING_MS + 3 * EVENT_MS
  )

  it('goes back to the last good version when the next one fails to start three times', async () => {
    await endKiosk(userData)
    const broken = inRoot('versions', '1.2.0')
    await copyPackage(inRoot('versions', '1.1.0'), broken)
    await repack(broken, '1.2.0', { 'out/main/index.js': 'process.exit(9)\n' })
    // As 1.1.0 leaves it when it has installed 1.2.0.
    const path = join(userData, 'updates', 'memory.json')
    const memory = JSON.parse(await readFile(path, 'utf8'))
    const install = { version: '1.2.0', fromVersion: '1.1.0', atMs: Date.now(), outcome: 'pending' }
    writeFileSync(path, JSON.stringify({ ...memory, install, unprovenStarts: 0 }))
    await rm(inRoot('current'))
    await symlink('versions/1.2.0', inRoot('current'))

    const ended = (child: ChildProcess) =>
      new Promise<number | null>((resolve) => child.once('exit', resolve))
    for (const _ of [1, 2, 3]) expect(await ended(start())).toBe(9)
    const startsBefore = log().filter(({ event }) => event === 'kiosk.started').length
    expect(await ended(start())).toBe(0)
    expect(said).toContain('1.2.0 did not start; back to 1.1.0.')
    expect(await readlink(inRoot('current'))).toBe('versions/1.1.0')
    await expect
      .poll(() => log().filter(({ event }) => event === 'kiosk.started').length, {
        timeout: EVENT_MS
      })
      .toBe(startsBefore + 1)
    expect(log().findLast(({ event }) => event === 'kiosk.started')).toMatchObject({
      version: '1.1.0'
    })
    await refused('rolled_back')
  })
})
