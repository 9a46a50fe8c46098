// The packed kiosk that the tests of this folder look at: made once, and again when the sources are newer.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPackage, extractAll } from '@electron/asar'
import { startXvfb } from '../../dev/drive/xvfb-display.ts'
import { fromProject } from '../../dev/paths.ts'

/** Why nothing can be packed here, or null. */
export const missingElectronReason = (): string | null =>
  process.platform !== 'linux'
    ? 'The packed kiosk is looked at on Linux only.'
    : process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined ||
        existsSync(fromProject('node_modules/electron/dist/version'))
      ? null
      : 'There is no Electron to pack: set ELECTRON_OVERRIDE_DIST_PATH, or let npm start fetch it.'

export type ExitedProcess = { code: number | null; output: string }

/** Starts a packed kiosk without an environment of its own and waits for its end; it has nothing to connect to. */
export const runUntilExit = async (
  executable: string,
  args: string[],
  env: NodeJS.ProcessEnv = {}
): Promise<ExitedProcess> => {
  const display = await startXvfb()
  const userData = await mkdtemp(join(tmpdir(), 'heard-packed-'))
  const child = spawn(executable, [...args, `--user-data-dir=${userData}`], {
    env: { PATH: process.env.PATH, DISPLAY: display.name, HOME: userData, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  display.close()
  await rm(userData, { recursive: true, force: true })
  return { code, output }
}

/** The same archive as a release has it: without the one field that marks the checks' flavour. */
export const removeFlavourMark = async (archive: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'heard-archive-'))
  extractAll(archive, folder)
  const path = join(folder, 'package.json')
  const { heardFlavour, ...manifest } = JSON.parse(await readFile(path, 'utf8'))
  if (heardFlavour !== 'checks') throw new Error('this is not the checks’ flavour')
  await writeFile(path, JSON.stringify(manifest))
  await rm(archive)
  await createPackage(folder, archive)
  await rm(folder, { recursive: true, force: true })
}
