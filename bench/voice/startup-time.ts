// Measures the start of the kiosk on a running local stack, and the size of its scripts.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Page } from '@playwright/test'
import { waitUntilPressRecorded, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { fromProject } from '../../dev/paths.ts'
import { type Measurement, withKiosk } from '../kiosk-page.ts'
import { counted, measured } from '../report-rows.ts'

const BYTES_PER_KB = 1_000

/** Gzip, worklets included. */
const scriptKb = async (names: readonly string[]): Promise<number> => {
  const folder = fromProject('out/renderer')
  const packed = names.map(async (name) => promisify(gzip)(await readFile(join(folder, name))))
  return (await Promise.all(packed)).reduce((sum, { length }) => sum + length / BYTES_PER_KB, 0)
}

/** The scripts that the page has loaded, in `out/renderer`. */
const loadedScripts = (page: Page): Promise<string[]> =>
  page.evaluate(() => [
    ...new Set(
      performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).pathname)
        // The preview shell adds a script of its own.
        .filter((path) => path.startsWith('/assets/') && path.endsWith('.js'))
    )
  ])

export const measureStartupTime: Measurement = async (stack, microphone, starts, progress) => {
  const keptMs: number[] = []
  const readyMs: number[] = []
  let first: string[] = []
  for (let start = 1; start <= starts; start += 1) {
    const startedAtMs = performance.now()
    await withKiosk(stack, microphone, async ({ page }) => {
      await waitUntilPressRecorded(page)
      keptMs.push(performance.now() - startedAtMs)
      await waitUntilReady(page)
      readyMs.push(performance.now() - startedAtMs)
      if (first.length === 0) first = await loadedScripts(page)
    })
    progress(`start ${start} of ${starts}`)
  }
  const all = (await readdir(fromProject('out/renderer'), { recursive: true })).filter((name) =>
    name.endsWith('.js')
  )
  return {
    rows: [
      measured('start → a press is kept', 'ms', keptMs, null),
      measured('start → ready to be pressed', 'ms', readyMs, {
        of: 'p50',
        atMost: 2_000,
        unit: 'ms'
      }),
      counted("first screen's script, gzip", 'kB', await scriptKb(first), first.length, {
        of: 'value',
        atMost: 170,
        unit: 'kB'
      }),
      counted("all of the renderer's scripts, gzip", 'kB', await scriptKb(all), all.length, null)
    ],
    notes: [
      'Start: the preview shell, from spawning its process and Chromium, with the sign-in, to a call that is open.'
    ]
  }
}
