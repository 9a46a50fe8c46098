// Finds and installs the programs that npm does not provide, for `npm run setup`, `start`, `ask` and `test`.
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { say } from './run-command.ts'

export type Tool = {
  name: 'chromium' | 'xvfb' | 'espeak-ng' | 'pocketsphinx' | 'postgresql' | 'certutil'
  neededFor: string
  debianPackages: string[]
  /** No command of the kiosk needs it. */
  forTestsOnly?: true
  find(): string | null
}

const onPath = (program: string): string | null => {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not in this folder.
    }
  }
  return null
}

const firstExisting = (paths: string[]): string | null => paths.find((p) => existsSync(p)) ?? null

/** Chromium or Chrome: HEARD_CHROMIUM, then the PATH, then where Windows and macOS install Chrome. */
export const findChromium = (): string | null =>
  process.env.HEARD_CHROMIUM ??
  onPath('chromium') ??
  onPath('chromium-browser') ??
  onPath('google-chrome') ??
  onPath('google-chrome-stable') ??
  firstExisting([
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe'
  ])

export const findXvfb = (): string | null => onPath('Xvfb')
export const findEspeak = (): string | null => onPath('espeak-ng')

/** The program needs its English model. */
export const findPocketsphinx = (): string | null =>
  existsSync('/usr/share/pocketsphinx/model/en-us/en-us') ? onPath('pocketsphinx_continuous') : null

/** Changes the NSS database, where Chromium on Linux finds private authorities. */
export const findCertutil = (): string | null =>
  process.platform === 'linux' ? onPath('certutil') : null

/** The oldest version of a hosted Supabase project. */
const OLDEST_POSTGRES = 15

/** The folder of Debian's initdb and postgres. */
export const findPostgres = (): string | null =>
  globSync('/usr/lib/postgresql/*/bin')
    .filter((folder) => Number(folder.split('/')[4]) >= OLDEST_POSTGRES)
    .sort()
    .at(-1) ?? null

export const TOOLS: Tool[] = [
  {
    name: 'chromium',
    neededFor: 'the preview shell and the end-to-end tests',
    debianPackages: ['chromium'],
    find: findChromium
  },
  {
    name: 'xvfb',
    neededFor: 'the Electron shell on a machine without a display',
    debianPackages: ['xvfb', 'xauth'],
    find: findXvfb
  },
  {
    name: 'espeak-ng',
    neededFor: "the local model's voice and spoken test questions",
    debianPackages: ['espeak-ng'],
    find: findEspeak
  },
  {
    name: 'pocketsphinx',
    neededFor: "the local model's speech recognition",
    debianPackages: ['pocketsphinx', 'pocketsphinx-en-us'],
    find: findPocketsphinx
  },
  {
    name: 'postgresql',
    neededFor: 'tests of many connections at once',
    debianPackages: ['postgresql'],
    forTestsOnly: true,
    find: findPostgres
  },
  {
    name: 'certutil',
    neededFor: "tests of a company's network with a private authority",
    debianPackages: ['libnss3-tools'],
    forTestsOnly: true,
    find: findCertutil
  }
]

export const missingTools = (forTests = false): Tool[] =>
  TOOLS.filter((tool) => (forTests || tool.forTestsOnly !== true) && tool.find() === null)

const isRootOnDebian = (): boolean =>
  process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get') !== null

export const installCommand = (tools: Tool[]): string =>
  `apt-get install --no-install-recommends ${tools.flatMap((t) => t.debianPackages).join(' ')}`

const apt = (args: string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    const last: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        last.push(line)
        if (/^(Get:|Unpacking|Setting up)/.test(line)) say(`  ${line.slice(0, 100)}`)
      })
    }
    child.once('error', () => resolve(false))
    child.once('exit', (code) => {
      if (code !== 0) say(`  apt-get ${args[0]} failed:\n${last.slice(-5).join('\n')}`)
      resolve(code === 0)
    })
  })

/** Installs missing tools as root on Debian or Ubuntu, prints the command elsewhere, and returns those still missing. */
export const ensureTools = async (forTests = false): Promise<Tool[]> => {
  const missing = missingTools(forTests)
  if (missing.length === 0) return []
  if (isRootOnDebian()) {
    say(`Installing ${missing.map((t) => t.name).join(', ')} …`)
    // A fresh image has no package lists, and an old one has outdated lists.
    await apt(['update'])
    await apt([
      'install',
      '-y',
      '--no-install-recommends',
      ...missing.flatMap((t) => t.debianPackages)
    ])
  }
  const still = missingTools(forTests)
  for (const tool of still) say(`Without ${tool.name}: no ${tool.neededFor}.`)
  if (still.length > 0) say(`To get it on Debian or Ubuntu: sudo ${installCommand(still)}`)
  return still
}
