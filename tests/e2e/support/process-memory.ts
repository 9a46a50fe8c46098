// Searches the memory of a kiosk's child processes. Linux, and root only: sandboxed processes hide theirs from other users.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'

const CHUNK_BYTES = 4 * 1_024 * 1_024

type ChildProcess = {
  pid: number
  /** Chromium's type, such as `renderer`; of a utility process, its service. */
  type: string
}

/** All child processes of a process, and theirs. */
export const childProcesses = (pid: number): ChildProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid)
    .flatMap((child) => [{ pid: child, type: typeOf(child) }, ...childProcesses(child)])

/** The text of a file of a process; empty for a process that has ended. */
const readOf = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** `pid (name) state parent …`; a name may contain brackets. */
const parentOf = (pid: number): number =>
  Number(readOf(pid, 'stat').split(') ').at(-1)?.split(' ')[1])

// A child of the zygote has spaces between its arguments.
const typeOf = (pid: number): string => {
  const line = readOf(pid, 'cmdline')
  const switchOf = (name: string) => new RegExp(`--${name}=([^\\s\\0]+)`).exec(line)?.[1]
  return switchOf('utility-sub-type') ?? switchOf('type') ?? ''
}

/** Whether a text stands in the writable memory of a process; false for one that has ended. */
export const memoryContains = (pid: number, text: string): boolean => {
  const regions = [...readOf(pid, 'maps').matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm)]
  if (regions.length === 0) return false
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    return regions.some(([, from = '', to = '']) =>
      regionContains(memory, Number.parseInt(from, 16), Number.parseInt(to, 16), text)
    )
  } finally {
    closeSync(memory)
  }
}

const regionContains = (memory: number, from: number, to: number, text: string): boolean => {
  const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, to - from))
  let at = from
  while (at < to) {
    let read: number
    try {
      read = readSync(memory, buffer, 0, Math.min(buffer.length, to - at), at)
    } catch {
      // A part that is reserved only.
      return false
    }
    if (buffer.subarray(0, read).includes(text)) return true
    if (read <= text.length) return false
    // A text may stand across two chunks.
    at += read - text.length
  }
  return false
}
