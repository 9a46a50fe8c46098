// Runs programs without a shell: system programs (tar, sync, dpkg) to their end, with a PATH that no program can extend,
// and installers that outlive the kiosk.
import { spawn } from 'node:child_process'

const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
const OUTPUT_LIMIT_CHARACTERS = 500

/** As electron-updater starts an NSIS installer: an update, silent, and the new version runs afterwards. */
export const NSIS_ARGUMENTS = ['--updated', '/S', '--force-run']

/** @throws with the beginning of its stderr when the exit code is not 0 */
export const runProgram = (
  program: string,
  args: readonly string[],
  signal?: AbortSignal
): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { PATH: SYSTEM_PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal === undefined ? {} : { signal })
    })
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => {
      output = `${output}${chunk.toString('utf8')}`.slice(0, OUTPUT_LIMIT_CHARACTERS)
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${output.trim()}`))
    )
  })

/** Resolves when the program runs, and leaves it running. @throws when it cannot be started */
export const startProgram = (program: string, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore' })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
