// Runs system programs (tar, sync, dpkg) without a shell and with a fixed PATH, which no other program can extend.
import { spawn } from 'node:child_process'

const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
const OUTPUT_LIMIT_CHARACTERS = 500

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
