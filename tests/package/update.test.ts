// Updates the packed kiosk: it refuses a feed of another key, installs the next version, proves it healthy, and rolls
// back a version that does not start. tests/unit/main/updates tests every other refusal on the same code in Node.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { link, mkdir, mkdtemp, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensurePackaged, type LinuxPackage } from '../../build/package.ts'
import { packagesFolder } from '../../build/package-folders.ts'
import { addReleaseToFeed } from '../../build/release.ts'
import { createSigningKey, readTestSigningKey, type SigningKey } from '../../build/update-keys.ts'
import { type Display, startXvfb } from '../../dev/drive/xvfb-display.ts'
import { fromProject } from '../../dev/paths.ts'
import { archiveName, type FeedHost, startFeedHost } from '../unit/main/updates/feed-host.ts'
import {
  AS_ROOT,
  endKiosk,
  type LogLine,
  linkPackage,
  missingElectronReason,
  readKioskLog,
  repack,
  runningPid
} from './packed-app.ts'

const missing = missingElectronReason()
if (missing !== null) process.stderr.write(`Skipped, updates of the packed kiosk: ${missing}\n`)

/** For a start of Electron and a check, on a slow machine. */
const EVENT_MS = 120_000
/** A version is healthy after a minute. */
const PROVING_MS = 240_000
/** The package's first version. */
const OLD = '0.0.9'

describe.skipIf(missing !== null)('the packed kiosk', { timeout: 5 * EVENT_MS }, () => {
  let work = ''
  let display: Display
  let key: SigningKey
  let packed: LinuxPackage
  let host: FeedHost
  let started: ChildProcess | null = null
  let output = ''

  const inRoot = (...parts: string[]) => join(work, 'heard', ...parts)
  const userData = () => join(work, 'data')
  const logged = (expected: LogLine) =>
    expect
      .poll(() => readKioskLog(userData()), { timeout: EVENT_MS, interval: 100 })
      .toContainEqual(expect.objectContaining(expected))
  const starts = () => readKioskLog(userData()).filter(({ event }) => event === 'kiosk.started')
  const start = (): ChildProcess => {
    output = ''
    const child = spawn(inRoot('current', 'heard'), ['--disable-gpu', ...AS_ROOT], {
      env: {
        PATH: process.env.PATH,
        HOME: work,
        DISPLAY: display.name,
        HEARD_USER_DATA: userData(),
        // Nothing listens there: a signed-out kiosk updates too.
        HEARD_SUPABASE_URL: 'http://127.0.0.1:9',
        HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x',
        HEARD_UPDATE_FEED: host.url,
        HEARD_UPDATE_WINDOW: '00:00-00:00',
        HEARD_UPDATE_IDLE_SECONDS: '5',
        HEARD_UPDATE_CHECK_SECONDS: '5'
      },
      stdio: ['ignore', 'ignore', 'pipe']
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
    })
    started = child
    return child
  }

  beforeAll(async () => {
    packed = await ensurePackaged()
    key = readTestSigningKey(packagesFolder('checks'))
    // On the package's disk: its files are linked.
    await mkdir(fromProject('dist'), { recursive: true })
    work = await mkdtemp(fromProject('dist', 'updating-'))
    display = await startXvfb()
    host = await startFeedHost(() => Date.now(), key)
    await mkdir(inRoot('versions'), { recursive: true })
    await linkPackage(packed.folder, inRoot('versions', OLD))
    await repack(inRoot('versions', OLD), { version: OLD })
    await symlink(join('versions', OLD), inRoot('current'))
  }, PROVING_MS)

  afterAll(async () => {
    await endKiosk(userData(), 'SIGKILL')
    started?.kill('SIGKILL')
    await host?.close()
    display?.close()
    if (work !== '') await rm(work, { recursive: true, force: true })
  })

  it('refuses a feed and an artifact that another key signed, and keeps running', async () => {
    const artifact = (version: string) => {
      const path = join(work, archiveName(version))
      writeFileSync(path, `not an archive: ${version}`)
      return path
    }
    const other = createSigningKey('test', join(work, 'other.pem'))
    await host.publish('1.0.1', { artifacts: [artifact('1.0.1')] }, other)
    const child = start()
    await logged({ event: 'kiosk.started', version: OLD })
    await logged({ event: 'updates.refused', code: 'feed_not_signed' })
    await host.publish('1.0.2', { artifacts: [artifact('1.0.2')] })
    const signature = join(host.folder, `${archiveName('1.0.2')}.sig`)
    writeFileSync(signature, readFileSync(join(host.folder, `${archiveName('1.0.1')}.sig`)))
    await logged({ event: 'updates.refused', code: 'artifact_not_signed' })
    expect(runningPid(userData())).toBe(child.pid)
    expect(readKioskLog(userData()).map(({ event }) => event)).not.toContain('window.recovering')
    expect(await readlink(inRoot('current'))).toBe(join('versions', OLD))
    await endKiosk(userData())
  })

  it('installs the next version and restarts as that version', async () => {
    const { version } = packed
    // The archive of npm run package, published like a release.
    const archive = join(host.folder, archiveName(version))
    await link(packed.archive, archive)
    const plan = {
      version,
      channel: 'stable',
      stagingPercentage: 100,
      notBefore: null,
      minimumVersion: null,
      out: host.folder
    } as const
    await addReleaseToFeed(plan, 'linux', 'x64', [archive], [key])
    const firstPid = start().pid
    await logged({ event: 'updates.installing', version, from: OLD })
    await logged({ event: 'kiosk.started', version })
    await logged({ event: 'updates.installed', version })
    expect(await readlink(inRoot('current'))).toBe(join('versions', version))
    expect(runningPid(userData())).not.toBe(firstPid)
    expect(output).not.toContain('Heard cannot start')
    const asar = (folder: string) => readFileSync(join(folder, 'resources', 'app.asar'))
    expect(asar(inRoot('current')).equals(asar(packed.folder))).toBe(true)
    expect(host.asked.map((path) => basename(path))).toContain(archiveName(version))
  })

  it('keeps the version through three power cuts within a minute of a start', async () => {
    for (const _ of [1, 2, 3]) {
      const before = starts().length
      await endKiosk(userData(), 'SIGKILL')
      start()
      await expect.poll(() => starts().length, { timeout: EVENT_MS }).toBe(before + 1)
    }
    expect(starts().at(-1)).toMatchObject({ version: packed.version })
    expect(await readlink(inRoot('current'))).toBe(join('versions', packed.version))
  })

  it(
    'marks the version healthy after its page was open for a minute',
    async () => {
      await expect
        .poll(() => readKioskLog(userData()), { timeout: PROVING_MS, interval: 1_000 })
        .toContainEqual(
          expect.objectContaining({ event: 'updates.bootHealthy', version: packed.version })
        )
    },
    PROVING_MS + EVENT_MS
  )

  it('rolls back a version that ends with an error three times', async () => {
    await endKiosk(userData())
    const broken = inRoot('versions', '1.2.0')
    await linkPackage(inRoot('versions', packed.version), broken)
    await repack(broken, { version: '1.2.0' }, { 'out/main/index.js': 'process.exit(9)\n' })
    // The state after the running version installed 1.2.0.
    const path = join(userData(), 'updates', 'memory.json')
    const state = JSON.parse(await readFile(path, 'utf8'))
    const install = {
      version: '1.2.0',
      fromVersion: packed.version,
      atMs: Date.now(),
      outcome: 'pending'
    }
    writeFileSync(path, JSON.stringify({ ...state, install, unprovenStarts: 0, bootFailures: 0 }))
    await rm(inRoot('current'))
    await symlink('versions/1.2.0', inRoot('current'))

    const ended = (child: ChildProcess) =>
      new Promise<number | null>((resolve) => child.once('exit', resolve))
    for (const _ of [1, 2, 3]) expect(await ended(start())).toBe(9)
    const startsBefore = starts().length
    expect(await ended(start())).toBe(0)
    expect(output).toContain(`1.2.0 did not start; back to ${packed.version}.`)
    expect(await readlink(inRoot('current'))).toBe(join('versions', packed.version))
    await expect.poll(() => starts().length, { timeout: EVENT_MS }).toBe(startsBefore + 1)
    expect(starts().at(-1)).toMatchObject({ version: packed.version })
    await logged({ event: 'updates.refused', code: 'rolled_back' })
  })
})
