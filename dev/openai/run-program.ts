// Runs a speech program as a child process.
import { spawn } from 'node:child_process'

export type ProgramResult =
  | { ok: true; stdout: Buffer }
  | { ok: false; reason: 'missing' | 'timeout' | 'failed'; detail: string }

/**
 * @param input is written to its standard input, which is then closed.
 * @param timeoutMs kills it after this time.
 */
export const runProgram = (
  command: string,
  args: readonly string[],
  input: string | Buffer,
  timeoutMs: number
): Promise<ProgramResult> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    let complaint = ''
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk.toString()}`.slice(-500)
    })
    // A program that ends before it has read everything closes the pipe; `close` reports its exit.
    child.stdin.on('error', (error) => {
      complaint = `${complaint}${error.message}`
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const reason = error.code === 'ENOENT' ? 'missing' : 'failed'
      resolve({ ok: false, reason, detail: `${command}: ${error.message}` })
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      if (timedOut) resolve({ ok: false, reason: 'timeout', detail: `${command}: ${timeoutMs} ms` })
      else if (code === 0) resolve({ ok: true, stdout: Buffer.concat(output) })
      else
        resolve({
          ok: false,
          reason: 'failed',
          detail: `${command} ended with ${code}: ${complaint}`
        })
    })
    child.stdin.end(input)
  })
