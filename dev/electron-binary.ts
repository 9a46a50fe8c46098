// Finds Electron's binary. The first use downloads it: since Electron 42 the npm package has none.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fromProject } from './paths.ts'
import { say } from './run-command.ts'

export type ElectronBinary = { path: string } | { path: null; reason: string }

const binaryIn = (folder: string): string => {
  if (process.platform === 'win32') return join(folder, 'electron.exe')
  if (process.platform === 'darwin') return join(folder, 'Electron.app/Contents/MacOS/Electron')
  return join(folder, 'electron')
}

/** Starts the binary in `ELECTRON_OVERRIDE_DIST_PATH`, which may be an older one. */
const OVERRIDE_LAUNCHER = fromProject('dev/electron-runtime/electron')

/** 120 MB take minutes on a restaurant's connection; a refused connection fails at once. */
const FETCH_LIMIT_MS = 10 * 60_000
const STILL_FETCHING_MS = 5_000

/** Returns the binary or the reason for its absence. `ELECTRON_OVERRIDE_DIST_PATH` names another folder. */
export const findElectron = async (): Promise<ElectronBinary> => {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override !== undefined && override !== '') {
    const path = binaryIn(override)
    if (!existsSync(path)) {
      const reason = `ELECTRON_OVERRIDE_DIST_PATH is ${override}, but ${path} is missing.`
      return { path: null, reason }
    }
    return { path: process.platform === 'win32' ? path : OVERRIDE_LAUNCHER }
  }
  const path = binaryIn(fromProject('node_modules/electron/dist'))
  if (existsSync(path)) return { path }
  return fetchElectron(path)
}

const fetchElectron = (path: string): Promise<ElectronBinary> =>
  new Promise((resolve) => {
    say('Fetching Electron (first start only) …')
    const child = spawn(process.execPath, [fromProject('node_modules/electron/install.js')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: FETCH_LIMIT_MS
    })
    const lines: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        if (line.includes('%')) say(`  ${line.trim()}`)
      })
    }
    const ticker = setInterval(() => say('  still fetching Electron …'), STILL_FETCHING_MS)
    const finish = (result: ElectronBinary): void => {
      clearInterval(ticker)
      resolve(result)
    }
    child.once('error', (error) => finish({ path: null, reason: error.message }))
    child.once('exit', (code) => {
      if (code === 0 && existsSync(path)) return finish({ path })
      // The first line has the reason; the rest is a stack.
      const why = lines.find((line) => line.trim() !== '') ?? `the download ended with code ${code}`
      finish({ path: null, reason: `Electron could not be fetched: ${why.trim()}` })
    })
  })
