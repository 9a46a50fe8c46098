// Tests the packed binary: its fuses, its content, and the switches that it refuses.
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { extractFile, listPackage, statFile } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOTICES_FILE } from '../../build/after-pack.ts'
import { shippedPackages } from '../../build/bill-of-materials.ts'
import { FUSE_NAMES, FUSES, readFuses } from '../../build/fuses.ts'
import { ensurePackaged, type LinuxPackage, pinnedElectron } from '../../build/package.ts'
import { packagesFolder } from '../../build/package-folders.ts'
import { addDocumentsToFeed } from '../../build/release.ts'
import { readTestSigningKey } from '../../build/update-keys.ts'
import { startXvfb } from '../../dev/drive/xvfb-display.ts'
import { fromProject } from '../../dev/paths.ts'
import {
  artifactStatement,
  hashFile,
  readTrustedKeys,
  signerOf
} from '../../src/main/updates/signature.ts'
import { eventually } from '../eventually.ts'
import {
  AS_ROOT,
  linkPackage,
  missingElectronReason,
  readKioskLog,
  repack,
  runUntilExit
} from './packed-app.ts'

const missing = missingElectronReason()
/** Nothing listens there. */
const BACKEND = {
  HEARD_SUPABASE_URL: 'http://127.0.0.1:9',
  HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x'
}

if (missing !== null) process.stderr.write(`Skipped, the packed binary: ${missing}\n`)

describe.skipIf(missing !== null)('the packed kiosk', () => {
  let packed: LinuxPackage
  let archive = ''

  beforeAll(async () => {
    packed = await ensurePackaged()
    archive = join(packed.folder, 'resources/app.asar')
  })

  it('has every fuse of its Electron, set as in FUSES', async () => {
    const { states, absent, unknown } = await readFuses(packed.executable)
    const expected = FUSE_NAMES.filter((name) => !absent.includes(name))
    expect(states).toEqual(Object.fromEntries(expected.map((name) => [name, FUSES[name]])))
    expect(unknown).toBe(0)
    // The checks' Electron may be older than the ninth fuse.
    const isPinned = packed.electron.version === pinnedElectron()
    expect(absent.filter((name) => isPinned || name !== 'WasmTrapHandlers')).toEqual([])
    expect(FUSE_NAMES).toHaveLength(9)
  })

  it('contains the build output and main’s libraries only', async () => {
    const files = listPackage(archive, { isPack: false }).filter(
      (path) => !('files' in statFile(archive, path.slice(1)))
    )
    const modules = files.map((path) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0])
    const own = files.filter((path) => !path.startsWith('/node_modules/'))
    const content = new Set([
      ...(await readdir(join(packed.folder, 'resources'))).map((name) => `resources/${name}`),
      // The build names chunks and assets as it splits the code.
      ...own.map((path) => path.replace(/(?<=\/(chunks|assets)\/).*(?=\.\w+$)/, '*')),
      ...modules.filter((path) => path !== undefined),
      ...files.map((path) => `*${extname(path)}`)
    ])
    await expect(`${[...content].sort().join('\n')}\n`).toMatchFileSnapshot('./package-content.txt')
    const manifest = JSON.parse(extractFile(archive, 'package.json').toString('utf8'))
    expect(manifest).toMatchObject({ name: 'heard', heardFlavour: 'checks' })
    expect(manifest).not.toHaveProperty('devDependencies')
    expect(manifest).not.toHaveProperty('scripts')
  })

  it('lists every third-party package in a signed bill of materials and in its notices', async () => {
    const out = await mkdtemp(join(tmpdir(), 'heard-documents-'))
    const key = readTestSigningKey(packagesFolder('checks'))
    const packages = shippedPackages(archive)
    const { version, electron } = packed
    const written = await addDocumentsToFeed(
      { out, version },
      'linux-x64',
      packages,
      electron.version,
      [key]
    )
    const names = written.map((path) => basename(path))
    const base = `heard-${version}-linux-x64`
    expect(names).toEqual([
      `${base}.cdx.json`,
      `${base}.cdx.json.sig`,
      `${base}-notices.txt`,
      `${base}-notices.txt.sig`
    ])
    for (const name of names.filter((each) => !each.endsWith('.sig'))) {
      const statement = artifactStatement({ name, ...(await hashFile(join(out, name))) })
      const signature = readFileSync(join(out, `${name}.sig`), 'utf8')
      expect(signerOf(statement, signature, readTrustedKeys([key.public]))).toBe(key.id)
    }
    const bill = JSON.parse(readFileSync(join(out, `${base}.cdx.json`), 'utf8'))
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' })
    const listed = new Set(bill.components.map((each: { name: string }) => each.name))
    const modules = listPackage(archive, { isPack: false }).flatMap(
      (path) => /node_modules\/((@[^/]+\/)?[^/@]+)\/package\.json$/.exec(path)?.[1] ?? []
    )
    expect(
      [...modules, 'react', 'react-dom', 'i18next', 'electron'].filter((name) => !listed.has(name))
    ).toEqual([])
    for (const each of bill.components) {
      expect(each, each.name).toMatchObject({
        version: expect.any(String),
        licenses: [expect.anything()]
      })
    }
    const notices = readFileSync(join(packed.folder, 'resources', NOTICES_FILE), 'utf8')
    expect(notices).toBe(readFileSync(join(out, `${base}-notices.txt`), 'utf8'))
    for (const name of packages.map((each) => each.name)) expect(notices).toContain(`\n${name} `)
    expect(notices).toContain('Permission is hereby granted, free of charge')
    await rm(out, { recursive: true })
  })

  it('is light enough for the fleet’s networks', () => {
    expect(statSync(packed.archive).size).toBeLessThan(105e6)
    expect(statSync(archive).size).toBeLessThan(10e6)
  })

  // The kiosk ends here without a backend; its output shows what ran before.
  const CANNOT_START = /Heard cannot start\.[\s\S]*HEARD_SUPABASE_URL is not set/

  it.each([
    ['ELECTRON_RUN_AS_NODE', ['-e', 'console.log("as Node")'], 'as Node', '1'],
    ['--inspect', ['--inspect=0'], 'Debugger listening', undefined]
  ])('ignores %s', async (_what, args, forbidden, runAsNode) => {
    const { output } = await runUntilExit(packed.executable, [...AS_ROOT, ...args], {
      ELECTRON_RUN_AS_NODE: runAsNode
    })
    expect(output).not.toContain(forbidden)
    expect(output).toMatch(CANNOT_START)
  })

  it('ignores NODE_OPTIONS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heard-option-'))
    const file = join(folder, 'early.cjs')
    await writeFile(file, 'process.stderr.write("it was loaded early")')
    const { output } = await runUntilExit(packed.executable, AS_ROOT, {
      NODE_OPTIONS: `--require ${file}`
    })
    await rm(folder, { recursive: true })
    expect(output).not.toContain('it was loaded early')
    expect(output).toMatch(CANNOT_START)
  })

  it('is complete in its archive, with file modes and without the packing user', () => {
    const file = packed.archive ?? ''
    const listed = execFileSync('tar', ['-tvzf', file], { encoding: 'utf8' }).split('\n')
    const line = (name: string) => listed.find((text) => text.endsWith(` linux-unpacked/${name}`))
    expect(line('heard')).toMatch(/^-rwxr-xr-x 0\/0 .* 1970-01-01 /)
    expect(line('resources/app.asar')).toMatch(/^-rw-r--r-- 0\/0 /)
    const inside = execFileSync('tar', ['-xzOf', file, 'linux-unpacked/resources/app.asar'], {
      maxBuffer: 1e9
    })
    expect(inside.equals(readFileSync(archive))).toBe(true)
  })

  it('leaves a crash of main in its data folder', async () => {
    const userData = await mkdtemp(join(tmpdir(), 'heard-crashed-'))
    const display = await startXvfb()
    const child = spawn(packed.executable, AS_ROOT, {
      env: { ...BACKEND, HOME: userData, HEARD_USER_DATA: userData, DISPLAY: display.name },
      stdio: 'ignore'
    })
    await eventually(() =>
      expect(readKioskLog(userData)).toContainEqual(
        expect.objectContaining({ event: 'kiosk.started' })
      )
    )
    child.kill('SIGSEGV')
    await eventually(() => {
      const files = readdirSync(join(userData, 'crashes'), { recursive: true })
      expect(files.filter((name) => String(name).endsWith('.dmp'))).toHaveLength(1)
    })
    display.close()
    await rm(userData, { recursive: true, force: true })
  })

  describe('as a release', () => {
    let folder = ''
    let executable = ''

    beforeAll(async () => {
      // On the package's disk: its files are linked.
      folder = await mkdtemp(fromProject('dist', 'as-release-'))
      const release = join(folder, 'heard')
      await linkPackage(packed.folder, release)
      await repack(release, { heardFlavour: undefined })
      executable = join(release, 'heard')
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    it.each([
      '--remote-debugging-port=0',
      '--remote-debugging-pipe',
      ' --remote-debugging-port=0',
      '\u00a0--no-sandbox',
      '--no-sandbox',
      '--disable-web-security',
      '--use-file-for-fake-audio-capture=/tmp/x.wav'
    ])('refuses %s before it opens a window', async (flag) => {
      const { code, output, log } = await runUntilExit(executable, [...AS_ROOT, flag])
      expect(code).toBe(1)
      expect(output).toMatch(/It was started with .*\.$/m)
      expect(output).toContain(flag.split('=')[0])
      expect(log).toMatchObject([{ event: 'kiosk.startRefused' }])
      expect(output).not.toContain('DevTools listening')
    })

    it('removes variables that weaken it, and starts with none that acted before', async () => {
      const variables = {
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
        SSLKEYLOGFILE: '/tmp/keys',
        HEARD_SUPABASE_URL: 'http://127.0.0.1:9',
        APPIMAGE: '/tmp/other'
      }
      const early = { NODE_USE_ENV_PROXY: '1', ELECTRON_DISABLE_SANDBOX: '1' }
      const { code, log } = await runUntilExit(executable, AS_ROOT, { ...variables, ...early })
      expect(code).toBe(1)
      expect(log).toMatchObject([
        {
          event: 'kiosk.startRefused',
          why: expect.stringMatching(
            /sets ELECTRON_DISABLE_SANDBOX,.*\n.*sets NODE_USE_ENV_PROXY,/
          ),
          removed: Object.keys({ ...variables, ...early }).sort()
        }
      ])
    })

    it('loads no folder beside its archive', async () => {
      const app = join(folder, 'heard/resources/app')
      await mkdir(app, { recursive: true })
      await writeFile(join(app, 'package.json'), '{"name":"other","main":"index.js"}')
      await writeFile(join(app, 'index.js'), 'process.stderr.write("another app"); process.exit(7)')
      const { code, output } = await runUntilExit(executable, AS_ROOT)
      expect(output).not.toContain('another app')
      expect(code).toBe(1)
    })
  })
})
