// Measures the page's memory after a garbage collection, and its growth.
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'

const BYTES_PER_MB = 1_000_000

export type HeapSample = {
  turns: number
  /** Of JavaScript. */
  heapMb: number
  /** Of the browser's objects: audio nodes, streams, elements. */
  objectsMb: number
  /** Of array buffers. */
  buffersMb: number
}

/** Returns a function that takes one sample. */
export const watchHeap = async (page: Page): Promise<(turns: number) => Promise<HeapSample>> => {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  return async (turns) => {
    // The page probe keeps all sound and states.
    await page.evaluate(() => {
      window.__pageProbe.recorder.start()
      window.__pageProbe.states.length = 0
    })
    // The second round collects what finalisers release in the first.
    await session.send('HeapProfiler.collectGarbage')
    await session.send('HeapProfiler.collectGarbage')
    const usage = await session.send('Runtime.getHeapUsage')
    return {
      turns,
      heapMb: usage.usedSize / BYTES_PER_MB,
      objectsMb: usage.embedderHeapUsedSize / BYTES_PER_MB,
      buffersMb: usage.backingStorageSize / BYTES_PER_MB
    }
  }
}

/** From this many samples on, the slope leaves out the first one: code is still being compiled. */
const WARM_SAMPLES = 4

/** MB of the heap per 1,000 turns, by least squares; 0 with fewer than two samples. */
export const slopePer1000 = (all: readonly HeapSample[]): number => {
  const samples = all.length >= WARM_SAMPLES ? all.slice(1) : all
  const n = samples.length
  if (n < 2) return 0
  const meanTurns = samples.reduce((sum, { turns }) => sum + turns, 0) / n
  const meanMb = samples.reduce((sum, { heapMb }) => sum + heapMb, 0) / n
  let above = 0
  let below = 0
  for (const { turns, heapMb } of samples) {
    above += (turns - meanTurns) * (heapMb - meanMb)
    below += (turns - meanTurns) ** 2
  }
  return below === 0 ? 0 : (above / below) * 1_000
}

/** Resident memory of all child processes, by the script that they run. Empty without /proc. */
export const childrenMb = async (
  scripts: Readonly<Record<string, string>>
): Promise<Record<string, number>> => {
  const resident: Record<string, number> = {}
  try {
    const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    for (const pid of children.trim().split(/\s+/)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
      const [name] = Object.entries(scripts).find(([, script]) => command.includes(script)) ?? []
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      const kb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
      if (name !== undefined && kb !== undefined) {
        resident[name] = (resident[name] ?? 0) + Math.round((Number(kb) * 1_024) / BYTES_PER_MB)
      }
    }
  } catch {
    // No /proc, or a child has just ended.
  }
  return resident
}
