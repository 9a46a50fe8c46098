// Follows the kiosk's log across rotation and reads each line once.
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogLine } from '../../dev/drive/launch-kiosk.ts'

/** Returns a function that reads the lines since its last call. */
export const tailLog = (userDataDir: string): (() => Promise<LogLine[]>) => {
  const path = join(userDataDir, 'logs', 'kiosk.log')
  let file = 0
  let offset = 0
  let rest = ''

  const readFrom = async (from: string, fromByte: number): Promise<string> => {
    await using handle = await open(from, 'r')
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(Math.max(0, size - fromByte))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, fromByte)
    return buffer.subarray(0, bytesRead).toString('utf8')
  }

  return async () => {
    let text = rest
    const { ino } = await stat(path)
    if (file !== 0 && ino !== file) {
      // The log was rotated: its end is in the file before.
      text += await readFrom(`${path}.1`, offset)
      offset = 0
    }
    file = ino
    const more = await readFrom(path, offset)
    offset += Buffer.byteLength(more)
    text += more
    const lines = text.split('\n')
    rest = lines.pop() ?? ''
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LogLine)
  }
}
