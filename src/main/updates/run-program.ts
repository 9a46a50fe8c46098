// Runs the system's own programs: tar, sync, dpkg. Never through a shell, and never from a PATH that somebody may
// have put a folder in front of.
import { spawn } from 'node:child_process'

const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
/** Of what a program says when it fails: enough to know why. */
const SAID_LIMIT = 500

/** @throws when it does not end with 0, with the beginning of what it said */
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
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString('utf8')}`.slice(0, SAID_LIMIT)
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${said.trim()}`))
    )
  })
