// `npm start`: starts the local stack (or uses the environment's hosted project), opens the kiosk, and stops all of it
// at the end.
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packagedExecutable } from '../build/package-folders.ts'
import { withTarget } from './backend-target.ts'
import { chooseShell } from './choose-shell.ts'
import { kiosk, waitUntilReady } from './drive/kiosk-screen.ts'
import { launchKiosk, type ShellName } from './drive/launch-kiosk.ts'
import { hasDisplay } from './drive/xvfb-display.ts'
import { findElectron } from './electron-binary.ts'
import { ensureBuilt } from './ensure-built.ts'
import { ensureTools, findChromium } from './external-tools.ts'
import { type KioskTarget, kioskEnvironment } from './kiosk-environment.ts'
import { oneOf } from './option-values.ts'
import { DATA_DIR, PROJECT_DIR } from './paths.ts'
import { startPreview } from './preview/preview-process.ts'
import { readUsage } from './read-usage.ts'
import { CommandError, runCommand, say } from './run-command.ts'
import { warpFlags } from './warp-flags.ts'

const USAGE = `npm start -- [--shell electron|preview|packaged] [--check] [--out DIR] [--model-times service]

  --shell    the shell to open; Electron where its binary can be had
  --check    opens the kiosk without a window on the screen, waits until it is ready to be pressed, saves a
             screenshot (in --out, default .heard/check), prints one JSON line with the account's usage
             and its limits, and ends
  --model-times service   the local model takes the published times of the service

With HEARD_SUPABASE_URL and HEARD_SUPABASE_PUBLISHABLE_KEY set, the kiosk uses that project and shows its
sign-in screen; otherwise a local stack is started in .heard/ and its demo kiosk signed in.`

/** A signed-out kiosk is ready with its sign-in screen. */
const SIGN_IN_SCREEN_MS = 30_000

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      shell: { type: 'string' },
      check: { type: 'boolean', default: false },
      out: { type: 'string' },
      'model-times': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  await ensureTools()
  const shell = await chooseShell(values.shell ?? process.env.HEARD_SHELL)
  await ensureBuilt()
  const times = oneOf('--model-times', values['model-times'], ['service'])
  return withTarget(times, (target) =>
    values.check ? check(shell, target, values.out ?? join(DATA_DIR, 'check')) : open(shell, target)
  )
})

async function check(shell: ShellName, target: KioskTarget, outDir: string): Promise<number> {
  await mkdir(outDir, { recursive: true })
  const startedAtMs = performance.now()
  const driven = await launchKiosk({ shell, target, microphone: null })
  try {
    const signedIn = target.kind === 'local'
    if (signedIn) await waitUntilReady(driven.page)
    else {
      await driven.page.waitForSelector('[data-testid=sign-in-submit]', {
        timeout: SIGN_IN_SCREEN_MS
      })
    }
    const readyMs = Math.round(performance.now() - startedAtMs)
    const screenshot = join(outDir, `${shell}.png`)
    await driven.page.screenshot({ path: screenshot })
    const result = {
      shell,
      ready: signedIn,
      screen: signedIn ? 'kiosk' : 'sign-in',
      state: signedIn ? await kiosk(driven.page).getAttribute('data-state') : null,
      readyMs,
      screenshot,
      usage:
        target.kind === 'local' && target.account !== null
          ? await readUsage(target.stack, target.account)
          : null
    }
    process.stdout.write(`${JSON.stringify(result)}\n`)
    return 0
  } finally {
    await driven.close()
  }
}

async function open(shell: ShellName, target: KioskTarget): Promise<number> {
  if (!hasDisplay()) {
    throw new CommandError(
      'There is no display to open the kiosk on. Try: npm start -- --check, or xvfb-run -a npm start'
    )
  }
  const userDataDir = join(DATA_DIR, `kiosk-${shell}`)
  await mkdir(userDataDir, { recursive: true })
  const env = kioskEnvironment(target, userDataDir)
  say(`Opening the kiosk (${shell}). Its log: ${join(userDataDir, 'logs', 'kiosk.log')}`)
  switch (shell) {
    case 'electron':
      return openElectron(env, userDataDir)
    case 'packaged':
      return runUntilClosed(packagedExecutable(), packagedFlags(userDataDir), env)
    case 'preview':
      return openPreview(env, userDataDir)
    default:
      return shell satisfies never
  }
}

async function openElectron(env: NodeJS.ProcessEnv, userDataDir: string): Promise<number> {
  const binary = await findElectron()
  if (binary.path === null) throw new CommandError(binary.reason)
  return runUntilClosed(
    binary.path,
    [
      ...sandboxFlags(),
      ...warpFlags(process.env),
      `--user-data-dir=${join(userDataDir, 'chromium')}`,
      PROJECT_DIR
    ],
    env
  )
}

function packagedFlags(userDataDir: string): string[] {
  return [...sandboxFlags(), `--user-data-dir=${join(userDataDir, 'chromium')}`]
}

async function openPreview(env: NodeJS.ProcessEnv, userDataDir: string): Promise<number> {
  const chromium = findChromium()
  if (chromium === null) throw new CommandError('The preview shell needs Chromium or Chrome.')
  const server = await startPreview(env)
  try {
    return await runUntilClosed(
      chromium,
      [
        ...sandboxFlags(),
        ...warpFlags(process.env),
        `--app=${server.ready.url}`,
        `--user-data-dir=${join(userDataDir, 'chromium')}`,
        '--no-first-run',
        '--autoplay-policy=no-user-gesture-required',
        // As in Electron, where main grants the microphone to the kiosk's own page.
        '--auto-accept-camera-and-microphone-capture'
      ],
      env
    )
  } finally {
    await server.stop()
  }
}

/** Chromium has no sandbox for root, the usual user of a container. */
function sandboxFlags(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

function runUntilClosed(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'ignore'] })
  const stop = (): void => {
    child.kill('SIGTERM')
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      say('The kiosk was closed.')
      resolve(code ?? 0)
    })
  })
}
