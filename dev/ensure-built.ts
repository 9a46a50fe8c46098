// Builds the kiosk when out/ is older than its sources.
import { spawn } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fromProject, PROJECT_DIR } from './paths.ts'
import { CommandError, say } from './run-command.ts'

const SOURCES = ['src', 'electron.vite.config.ts', 'package-lock.json']
const BUILT = [
  'out/main/bootstrap.js',
  'out/main/index.js',
  'out/preload/index.cjs',
  'out/renderer/index.html'
]

const newestMs = async (path: string): Promise<number> => {
  const info = await stat(path)
  if (!info.isDirectory()) return info.mtimeMs
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const times = await Promise.all(
    entries
      .filter((e) => e.isFile())
      .map(async (e) => (await stat(join(e.parentPath, e.name))).mtimeMs)
  )
  return Math.max(info.mtimeMs, ...times)
}

const oldestBuiltMs = async (): Promise<number> => {
  try {
    const times = await Promise.all(BUILT.map(async (f) => (await stat(fromProject(f))).mtimeMs))
    return Math.min(...times)
  } catch {
    // Not built yet.
    return 0
  }
}

/** @throws CommandError with the builder's output when the build fails. */
export const ensureBuilt = async (): Promise<void> => {
  const newest = Math.max(...(await Promise.all(SOURCES.map((s) => newestMs(fromProject(s))))))
  if ((await oldestBuiltMs()) > newest) return
  say('Building the kiosk …')
  await new Promise<void>((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [fromProject('node_modules/electron-vite/bin/electron-vite.js'), 'build'],
      { cwd: PROJECT_DIR, stdio: ['ignore', 'pipe', 'pipe'] }
    )
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new CommandError(`The kiosk could not be built.\n${output}`))
    )
  })
}
