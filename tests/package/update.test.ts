// The packed kiosk, updated for real: it runs, reads a feed on loopback, refuses what is wrong with it and works on;
// installs the next version, comes back as that one by itself, and goes back when a version does not start. Two kiosks:
// one has a minute to prove its new version, in which the other is given everything that is bad.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { link, mkdir, mkdtemp, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensurePackaged, type LinuxPackage } from '../../build/package.ts'
import { packagesFolder } from '../../build/package-folders.ts'
import { addReleaseToFeed } from '../../build/release.ts'
import { readTestSigningKey } from '../../build/update-keys.ts'
import { createSigningKey, type SigningKey } from '../../build/update-keys.ts'
import { publishFeed } from '../../build/write-feed.ts'
import { type Display, startXvfb } from '../../dev/drive/xvfb-display.ts'
import { fromProject } from '../../dev/paths.ts'
import {
  archiveName,
  FEED_FILE,
  type FeedHost,
  startFeedHost
} from '../unit/main/updates/feed-host.ts'
import {
  endKiosk,
  type LogLine,
  linkPackage,
  readKioskLog,
  repack,
  runningPid
} from './installed-app.ts'
import { missingElectronReason } from './packed-app.ts'

const missing = missingElectronReason()
if (missing !== null) process.stderr.write(`Skipped, updates of the packed kiosk: ${missing}\n`)

/** Where there is no sandbox to be had, which the checks' flavour may be told. */
const FLAGS = ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
/** A start of Electron and a look at the feed, on a machine that is several times as slow. */
const EVENT_MS = 120_000
/** A version has run for a minute before it is called good. */
const PROVING_MS = 240_000
/** What the kiosks run at first: the package under an older number. */
const OLD = '0.0.9'

type Kiosk = {
  host: FeedHost
  inRoot(...parts: string[]): string
  userData: string
  start(changes?: Record<string, string>): ChildProcess
  /** The process that was started last, and what that one said. */
  started(): ChildProcess | null
  said(): string
  log(): LogLine[]
  logged(expected: LogLine): Promise<void>
  refused(code: string): Promise<void>
  end(): Promise<void>
}

describe.skipIf(missing !== null)('the packed kiosk, updated', { timeout: 5 * EVENT_MS }, () => {
  let work = ''
  let display: Display
  let key: SigningKey
  let packed: LinuxPackage
  /** Gets everything that is bad, and the other one what is good. */
  let kiosk: Kiosk
  let updated: Kiosk
  let firstPid: number | undefined

  const install = async (name: string, from: string): Promise<Kiosk> => {
    const root = join(work, name, 'heard')
    const userData = join(work, name, 'data')
    const inRoot = (...parts: string[]) => join(root, ...parts)
    await mkdir(inRoot('versions'), { recursive: true })
    await linkPackage(from, inRoot('versions', OLD))
    await symlink(join('versions', OLD), inRoot('current'))
    const host = await startFeedHost(() => Date.now(), key)
    let started: ChildProcess | null = null
    let said = ''
    const log = () => readKioskLog(userData)
    const logged = (expected: LogLine) =>
      expect
        .poll(log, { timeout: EVENT_MS, interval: 100 })
        .toContainEqual(expect.objectContaining(expected))
    return {
      host,
      inRoot,
      userData,
      start: (changes = {}) => {
        said = ''
        const child = spawn(inRoot('current', 'heard'), FLAGS, {
          env: {
            PATH: process.env.PATH,
            HOME: join(work, name),
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
      },
      started: () => started,
      said: () => said,
      log,
      logged,
      refused: (code) => logged({ event: 'updates.refused', code }),
      end: async () => {
        await endKiosk(userData, 'SIGKILL')
        started?.kill('SIGKILL')
        await host.close()
      }
    }
  }

  beforeAll(async () => {
    packed = await ensurePackaged()
    key = readTestSigningKey(packagesFolder('checks'))
    // On the package's own disk: its files are linked, not copied.
    await mkdir(fromProject('dist'), { recursive: true })
    work = await mkdtemp(fromProject('dist', 'updating-'))
    display = await startXvfb()
    const old = join(work, 'old')
    await linkPackage(packed.folder, old)
    await repack(old, OLD)
    kiosk = await install('refusing', old)
    updated = await install('updated', old)
    // The very archive that npm run package made, under its own number, put into the feed as a release is.
    const archive = join(updated.host.folder, archiveName(packed.version))
    await link(packed.archive ?? '', archive)
    await addReleaseToFeed(
      {
        version: packed.version,
        channel: 'stable',
        stagingPercentage: 100,
        notBefore: null,
        minimumVersion: null,
        out: updated.host.folder
      },
      'linux',
      'x64',
      [archive],
      [key]
    )
    firstPid = updated.start().pid
  }, PROVING_MS)

  afterAll(async () => {
    await kiosk?.end()
    await updated?.end()
    display?.close()
    if (work !== '') await rm(work, { recursive: true, force: true })
  })

  /** The process that was started is the one that runs, and its page is not gone. */
  const worksOn = async () => {
    expect(runningPid(kiosk.userData)).toBe(kiosk.started()?.pid)
    expect(kiosk.log().map(({ event }) => event)).not.toContain('window.recovering')
    expect(await readlink(kiosk.inRoot('current'))).toBe(join('versions', OLD))
  }
  /** A release that is not what it should be before it is unpacked, so that a few bytes will do. */
  const artifact = (version: string) => {
    const path = join(work, archiveName(version))
    writeFileSync(path, `not an archive: ${version}`)
    return path
  }

  it('says that a feed is down, and works on', async () => {
    kiosk.host.injectFault = (_, response) => {
      response.writeHead(503).end()
      return true
    }
    kiosk.start()
    await kiosk.logged({ event: 'kiosk.started', version: OLD })
    await kiosk.refused('feed_unreachable')
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
    kiosk.host.injectFault = (_, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${port}/${FEED_FILE}` }).end()
      return true
    }
    await kiosk.refused('feed_redirected')
    expect(asked).toBe(0)
    stranger.close()
    kiosk.host.injectFault = null
    await worksOn()
  })

  it('refuses a feed and an artifact that another key signed', async () => {
    const { host } = kiosk
    const other = createSigningKey('test', join(work, 'other.pem'))
    await host.publish('1.0.1', { artifacts: [artifact('1.0.1')] }, other)
    await kiosk.refused('feed_not_signed')
    await host.publish('1.0.2', { artifacts: [artifact('1.0.2')] })
    const signature = join(host.folder, `${archiveName('1.0.2')}.sig`)
    writeFileSync(signature, readFileSync(join(host.folder, `${archiveName('1.0.1')}.sig`)))
    await kiosk.refused('artifact_not_signed')
    await worksOn()
  })

  it('refuses a release older than itself, and a file that would lie outside the feed’s folder', async () => {
    const { host } = kiosk
    await host.publish('0.0.8', { artifacts: [artifact('0.0.8')] })
    await kiosk.refused('downgrade')
    const feed = JSON.parse(readFileSync(join(host.folder, FEED_FILE), 'utf8'))
    feed.files[0].url = '../../../../heard.tar.gz'
    await publishFeed(host.folder, feed, [host.key])
    await kiosk.refused('feed_malformed')
    await worksOn()
  })

  it('refuses a download that was changed, and one that does not end', async () => {
    const { host } = kiosk
    await host.publish('1.0.3', { artifacts: [artifact('1.0.3')] })
    writeFileSync(join(host.folder, archiveName('1.0.3')), 'not an archive: 1.0.X')
    await kiosk.refused('download_corrupt')
    host.injectFault = (_, response, path) => {
      if (!path.endsWith('.tar.gz')) return false
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1)
      response.on('close', () => clearInterval(timer))
      return true
    }
    await host.publish('1.0.4', { artifacts: [artifact('1.0.4')] })
    await kiosk.refused('download_too_large')
    host.injectFault = null
    await worksOn()
  })

  it('waits for its share of a roll-out', async () => {
    await kiosk.host.publish('1.1.0', { artifacts: [artifact('1.1.0')], stagingPercentage: 0 })
    await kiosk.logged({ event: 'updates.waiting', for: 'staged_out', version: '1.1.0' })
    await worksOn()
  })

  it('does nothing outside its window but say that there is something', async () => {
    await endKiosk(kiosk.userData)
    // Twelve hours from now, for an hour.
    const hour = (new Date().getUTCHours() + 12) % 24
    const twoDigits = (n: number) => String(n).padStart(2, '0')
    await kiosk.host.publish('1.1.0', { artifacts: [artifact('1.1.0')] })
    kiosk.host.asked.length = 0
    kiosk.start({
      HEARD_UPDATE_WINDOW: `${twoDigits(hour)}:00-${twoDigits(hour)}:59`,
      HEARD_UPDATE_TIME_ZONE: 'UTC'
    })
    await kiosk.logged({ event: 'updates.waiting', for: 'outside_window', version: '1.1.0' })
    expect(kiosk.host.asked.filter((path) => path.includes('.tar.gz'))).toEqual([])
    await worksOn()
    await endKiosk(kiosk.userData)
  })

  it('goes back to the last good version when the next one fails to start three times', async () => {
    const { inRoot, userData, start, log } = kiosk
    const broken = inRoot('versions', '1.2.0')
    await linkPackage(inRoot('versions', OLD), broken)
    await repack(broken, '1.2.0', { 'out/main/index.js': 'process.exit(9)\n' })
    // As the old version leaves it when it has installed 1.2.0.
    const path = join(userData, 'updates', 'memory.json')
    const memory = JSON.parse(await readFile(path, 'utf8'))
    const install = { version: '1.2.0', fromVersion: OLD, atMs: Date.now(), outcome: 'pending' }
    writeFileSync(path, JSON.stringify({ ...memory, install, unprovenStarts: 0 }))
    await rm(inRoot('current'))
    await symlink('versions/1.2.0', inRoot('current'))

    const ended = (child: ChildProcess) =>
      new Promise<number | null>((resolve) => child.once('exit', resolve))
    for (const _ of [1, 2, 3]) expect(await ended(start())).toBe(9)
    const startsBefore = log().filter(({ event }) => event === 'kiosk.started').length
    expect(await ended(start())).toBe(0)
    expect(kiosk.said()).toContain(`1.2.0 did not start; back to ${OLD}.`)
    expect(await readlink(inRoot('current'))).toBe(join('versions', OLD))
    await expect
      .poll(() => log().filter(({ event }) => event === 'kiosk.started').length, {
        timeout: EVENT_MS
      })
      .toBe(startsBefore + 1)
    expect(log().findLast(({ event }) => event === 'kiosk.started')).toMatchObject({ version: OLD })
    await kiosk.refused('rolled_back')
  })

  it('installs the next version, and comes back as that one by itself', async () => {
    const { version } = packed
    const { logged, inRoot } = updated
    await logged({ event: 'updates.installing', version, from: OLD })
    await logged({ event: 'kiosk.started', version })
    await logged({ event: 'updates.installed', version })
    expect(await readlink(inRoot('current'))).toBe(join('versions', version))
    expect(runningPid(updated.userData)).not.toBe(firstPid)
    expect(updated.said()).not.toContain('Heard cannot start')
    // What runs is what was in the archive, byte for byte.
    const asar = (folder: string) => readFileSync(join(folder, 'resources', 'app.asar'))
    expect(asar(inRoot('current')).equals(asar(packed.folder))).toBe(true)
    expect(updated.host.asked.map((path) => basename(path))).toContain(archiveName(version))
  })

  it(
    'calls it good once its page has been there for a minute',
    async () => {
      await expect
        .poll(updated.log, { timeout: PROVING_MS, interval: 1_000 })
        .toContainEqual(
          expect.objectContaining({ event: 'updates.bootHealthy', version: packed.version })
        )
    },
    PROVING_MS + EVENT_MS
  )
})
