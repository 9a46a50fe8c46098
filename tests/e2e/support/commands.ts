// Runs the repository's commands against this worker's stack.
import { spawn } from 'node:child_process'
import { COMPILE_CACHE_DIR, fromProject, PROJECT_DIR } from '../../../dev/paths.ts'
import { DATA_DIR_VARIABLE } from './local-stack.ts'

type Finished = { code: number | null; stdout: string; stderr: string }

export const runNode = (
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv = {}
): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fromProject(script), ...args], {
      cwd: PROJECT_DIR,
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: COMPILE_CACHE_DIR,
        HEARD_DATA_DIR: process.env[DATA_DIR_VARIABLE],
        ...env
      },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.once('error', reject)
    child.once('exit', (code) => resolve({ code, stdout, stderr }))
  })

/** The JSON that a command writes as its last line. */
export const lastLine = (text: string): unknown => JSON.parse(text.trim().split('\n').at(-1) ?? '')
