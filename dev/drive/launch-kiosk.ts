// Opens the built kiosk in any shell for a command or a test, with the page probe in place before the kiosk's code runs.
import type { ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Browser,
  type BrowserContext,
  chromium,
  type ElectronApplication,
  _electron as electron,
  errors,
  type Page
} from '@playwright/test'
import { z } from 'zod'
import { packagedExecutable } from '../../build/package-folders.ts'
import { findElectron } from '../electron-binary.ts'
import { findChromium, installCommand, TOOLS } from '../external-tools.ts'
import { type KioskTarget, kioskEnvironment } from '../kiosk-environment.ts'
import { PROJECT_DIR } from '../paths.ts'
import { startPreview } from '../preview/preview-process.ts'
import { CommandError, say } from '../run-command.ts'
import { warpFlags } from '../warp-flags.ts'
import { QUIT_LIMIT_MS, startPackaged } from './packaged-process.ts'
import { installPageProbe, installSpeakerRecorder } from './page-probe.ts'
import { countRequests, type RequestCounter } from './request-counter.ts'
import { WHOLE_STRINGS_FLAG } from './secret-scan.ts'
import { hasDisplay, startXvfb } from './xvfb-display.ts'

/** `packaged`: Electron as installed, with its fuses set (`npm run package`). */
export type ShellName = 'electron' | 'preview' | 'packaged'

export type LogLine = { event?: string; level?: number | string; [field: string]: unknown }

export type KioskDriver = {
  shell: ShellName
  page: Page
  context: BrowserContext
  requests: RequestCounter
  userDataDir: string
  /** All lines of main's log so far. */
  log(): Promise<LogLine[]>
  /** Electron's main process; null in the other shells. */
  electronApp: ElectronApplication | null
  /** Ends the main process under the open page. In Electron that ends the page as well. */
  stopMain(): Promise<void>
  close(): Promise<void>
}

export type KioskLaunchOptions = {
  shell: ShellName
  target: KioskTarget
  /** A WAV file for the microphone; null: Chromium's beeping fake; 'none': no device at all. */
  microphone: string | null | 'none'
  /** The preview shell's answer when the page asks for the microphone. */
  microphonePermission?: 'granted' | 'denied'
  viewport?: { width: number; height: number }
  /** Settings, session and log of this kiosk; by default a temporary folder that `close` removes. */
  userDataDir?: string
  /** Further environment variables, such as the limits of calls. */
  env?: NodeJS.ProcessEnv
  /** Sources of scripts that run in the page before the kiosk's own, such as a missing device. */
  scripts?: readonly string[]
}

const DEFAULT_VIEWPORT = { width: 1280, height: 800 }
const READY_MS = 30_000
/** For a button on a busy machine; the longer waits of a turn have their own limits. */
const ACTION_MS = 30_000

const chromiumFlags = (plan: KioskLaunchOptions): string[] => [
  '--autoplay-policy=no-user-gesture-required',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  WHOLE_STRINGS_FLAG,
  ...(plan.microphone === 'none'
    ? []
    : ['--use-fake-device-for-media-stream', ...fakeMicrophone(plan.microphone)]),
  ...warpFlags({ ...process.env, ...plan.env }),
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
]

const fakeMicrophone = (file: string | null): string[] =>
  file === null ? [] : [`--use-file-for-fake-audio-capture=${file}`]

const prepare = async (context: BrowserContext, plan: KioskLaunchOptions): Promise<void> => {
  await context.addInitScript(installSpeakerRecorder)
  await context.addInitScript(installPageProbe)
  for (const content of plan.scripts ?? []) await context.addInitScript({ content })
}

/** Loads the window again: it may have begun to load before the probe was there. */
const reloadWithProbe = async (
  page: Page,
  context: BrowserContext,
  plan: KioskLaunchOptions
): Promise<RequestCounter> => {
  page.setDefaultTimeout(ACTION_MS)
  await prepare(context, plan)
  const requests = countRequests(context, page, 'app://kiosk', null)
  await page.reload()
  await page.setViewportSize(plan.viewport ?? DEFAULT_VIEWPORT)
  return requests
}

/** @throws CommandError when the shell's parts are missing or it does not open. */
export const launchKiosk = async (plan: KioskLaunchOptions): Promise<KioskDriver> => {
  const temporary = plan.userDataDir === undefined
  const userDataDir = plan.userDataDir ?? (await mkdtemp(join(tmpdir(), 'heard-kiosk-')))
  await mkdir(userDataDir, { recursive: true })
  const env = { ...kioskEnvironment(plan.target, userDataDir), ...plan.env }
  const opened = await OPEN[plan.shell](plan, env, userDataDir)
  return {
    shell: plan.shell,
    ...opened,
    userDataDir,
    log: () => readLog(userDataDir),
    close: async () => {
      await opened.close()
      if (temporary) await rm(userDataDir, { recursive: true, force: true })
    }
  }
}

type Opened = Omit<KioskDriver, 'shell' | 'userDataDir' | 'log'>

const openPreview = async (plan: KioskLaunchOptions, env: NodeJS.ProcessEnv): Promise<Opened> => {
  const executablePath = findChromium()
  if (executablePath === null) {
    const tools = TOOLS.filter((tool) => tool.name === 'chromium')
    throw new CommandError(`The preview shell needs Chromium: sudo ${installCommand(tools)}`)
  }
  const server = await startPreview(env)
  try {
    const origin = new URL(server.ready.url).origin
    const browser = await chromium.launch({ executablePath, args: chromiumFlags(plan) })
    const context = await browser.newContext({
      viewport: plan.viewport ?? DEFAULT_VIEWPORT,
      permissions: plan.microphonePermission === 'denied' ? [] : ['microphone']
    })
    const page = await context.newPage()
    page.setDefaultTimeout(ACTION_MS)
    const requests = countRequests(context, page, origin, origin.replace(/^http/, 'ws'))
    await prepare(context, plan)
    await page.goto(server.ready.url)
    return {
      page,
      context,
      requests,
      electronApp: null,
      stopMain: () => server.stop(),
      close: async () => {
        await browser.close()
        await server.stop()
      }
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/**
 * Playwright sometimes fails to attach to a running Electron, waits to its limit and ends it. One more is started.
 */
const launchElectron = async (
  options: Parameters<typeof electron.launch>[0]
): Promise<ElectronApplication> => {
  try {
    return await electron.launch(options)
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error
    say('Playwright did not attach to Electron; starting it once more …')
    return electron.launch(options)
  }
}

const openElectron = async (
  plan: KioskLaunchOptions,
  env: NodeJS.ProcessEnv,
  userDataDir: string
): Promise<Opened> => {
  const binary = await findElectron()
  if (binary.path === null)
    throw new CommandError(`The Electron shell cannot open. ${binary.reason}`)
  const display = hasDisplay() ? null : await startXvfb()
  let app: ElectronApplication | null = null
  try {
    app = await launchElectron({
      executablePath: binary.path,
      args: [
        ...chromiumFlags(plan),
        `--user-data-dir=${join(userDataDir, 'chromium')}`,
        PROJECT_DIR
      ],
      cwd: PROJECT_DIR,
      env: definedOnly(display === null ? env : { ...env, DISPLAY: display.name }),
      timeout: READY_MS
    })
    const child = app.process()
    const page = await app.firstWindow({ timeout: READY_MS })
    const context = app.context()
    const requests = await reloadWithProbe(page, context, plan)
    const running = app
    return {
      page,
      context,
      requests,
      electronApp: running,
      stopMain: () => closeElectron(running, child),
      close: async () => {
        await closeElectron(running, child)
        display?.close()
      }
    }
  } catch (error) {
    await app?.close()
    display?.close()
    throw error
  }
}

/** Chromium's list of debugging targets, beside its browser endpoint (ws://127.0.0.1:…). */
const listedAt = (endpoint: string): string => {
  const url = new URL('/json/list', endpoint)
  url.protocol = 'http:'
  return url.href
}

const LISTED = z.array(z.object({ type: z.string(), url: z.string() }))
const LOOK_EVERY_MS = 100

/** Waits for the window: a browser may never answer a client that attaches while its first page opens. */
const pageIsListed = async (endpoint: string): Promise<void> => {
  const giveUpAt = Date.now() + READY_MS
  for (;;) {
    const response = await fetch(listedAt(endpoint))
    const targets = LISTED.parse(await response.json())
    if (targets.some(({ type, url }) => type === 'page' && url.startsWith('app://kiosk'))) return
    if (Date.now() > giveUpAt) throw new CommandError('The packaged kiosk opened no page.')
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** The first attempt mostly succeeds. */
const ATTACH_ATTEMPTS = 3

const attach = async (endpoint: string, tried = 1): Promise<Browser> => {
  try {
    return await chromium.connectOverCDP(endpoint, { timeout: READY_MS / ATTACH_ATTEMPTS })
  } catch (error) {
    if (!(error instanceof errors.TimeoutError) || tried === ATTACH_ATTEMPTS) throw error
    say('The packaged kiosk did not accept the connection; trying once more.')
    return attach(endpoint, tried + 1)
  }
}

/**
 * Playwright drives Electron through the inspector of its main process, which an installed kiosk lacks. The page is
 * driven over Chromium's own port, which only the checks' flavour accepts (record 23).
 */
const openPackaged = async (
  plan: KioskLaunchOptions,
  env: NodeJS.ProcessEnv,
  userDataDir: string
): Promise<Opened> => {
  const executable = packagedExecutable()
  const display = hasDisplay() ? null : await startXvfb()
  const child = await startPackaged(
    executable,
    [...chromiumFlags(plan), `--user-data-dir=${join(userDataDir, 'chromium')}`],
    display === null ? env : { ...env, DISPLAY: display.name }
  )
  const close = async () => {
    await child.stop()
    display?.close()
  }
  try {
    await pageIsListed(child.endpoint)
    const browser = await attach(child.endpoint)
    const [context] = browser.contexts()
    if (context === undefined) throw new CommandError('The packaged kiosk has no page.')
    const page = context.pages()[0] ?? (await context.waitForEvent('page', { timeout: READY_MS }))
    const requests = await reloadWithProbe(page, context, plan)
    return {
      page,
      context,
      requests,
      electronApp: null,
      stopMain: child.stop,
      close: async () => {
        await browser.close()
        await close()
      }
    }
  } catch (error) {
    await close()
    throw error
  }
}

const OPEN: Record<
  ShellName,
  (plan: KioskLaunchOptions, env: NodeJS.ProcessEnv, userDataDir: string) => Promise<Opened>
> = { electron: openElectron, preview: openPreview, packaged: openPackaged }

const closeElectron = async (app: ElectronApplication, child: ChildProcess): Promise<void> => {
  const timer = setTimeout(() => child.kill('SIGKILL'), QUIT_LIMIT_MS)
  await app.close()
  clearTimeout(timer)
}

const definedOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )

const readLog = async (userDataDir: string): Promise<LogLine[]> => {
  let text: string
  try {
    text = await readFile(join(userDataDir, 'logs', 'kiosk.log'), 'utf8')
  } catch {
    // The log is still empty.
    return []
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine)
}
