// Measures the start of the kiosk on a running local stack, and the size of its scripts.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { waitUntilPressRecorded, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { fromProject } from '../../dev/paths.ts'
import { type Measurement, withKiosk } from '../kiosk-page.ts'
import { counted, measured } from '../report-rows.ts'

const BYTES_PER_KB = 1_000

/** Gzip, worklets included. */
const scriptKb = async (): Promise<{ kb: number; files: number }> => {
  const folder = fromProject('out/renderer')
  const scripts = (await readdir(folder, { recursive: true })).filter((name) =>
    name.endsWith('.js')
  )
  let bytes = 0
  for (const script of scripts) {
    bytes += (await promisify(gzip)(await readFile(join(folder, script)))).length
  }
  return { kb: bytes / BYTES_PER_KB, files: scripts.length }
}

export const measureStartupTime: Measurement = async (stack, microphone, starts, progress) => {
  const keptMs: number[] = []
  const readyMs: number[] = []
  for (let start = 1; start <= starts; start += 1) {
    const startedAtMs = performance.now()
    await withKiosk(stack, microphone, async ({ page }) => {
      await waitUntilPressRecorded(page)
      keptMs.push(performance.now() - startedAtMs)
      await waitUntilReady(page)
      readyMs.push(performance.now() - startedAtMs)
    })
    progress(`start ${start} of ${starts}`)
  }
  const script = await scriptKb()
  return {
    rows: [
      measured('start → a press is kept', 'ms', keptMs, null),
      measured('start → ready to be pressed', 'ms', readyMs, {
        of: 'p50',
        atMost: 2_000,
        unit: 'ms'
      }),
      counted("renderer's script, gzip", 'kB', script.kb, script.files, {
        of: 'value',
        atMost: 170,
        unit: 'kB'
      })
    ],
    notes: [
      'Start: the preview shell, from spawning its process and Chromium, with the sign-in, to a call that is open.'
    ]
  }
}
