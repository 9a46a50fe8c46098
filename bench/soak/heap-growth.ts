// How much memory the page holds once everything that can be collected is, and whether that grows.
import { readFile } from 'node:fs/promises'
import type { CDPSession, Page } from '@playwright/test'

const BYTES_PER_MB = 1_000_000

export type HeapSample = {
  turns: number
  /** What JavaScript holds. */
  heapMb: number
  /** What the browser's own objects behind it hold: nodes of sound, streams, elements. */
  objectsMb: number
  /** Sound and other bytes in array buffers. */
  buffersMb: number
}

export type HeapWatch = { sample: (turns: number) => Promise<HeapSample> }

export const watchHeap = async (page: Page): Promise<HeapWatch> => {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  return {
    sample: async (turns) => {
      // The witness keeps every sound and state for tests that are over in a minute.
      await page.evaluate(() => {
        window.__pageProbe.recorder.start()
        window.__pageProbe.states.length = 0
      })
      // Twice: what a finaliser lets go of is collected in the second round.
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
}

/** With as many samples the first one, taken while code was still being compiled, is left out of the slope. */
const WARM_SAMPLES = 4

/** MB of JavaScript's heap per 1,000 turns, by least squares; 0 with fewer than two samples. */
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

/** Resident memory in MB of this process's own children, by the script that each runs; empty where /proc is not. */
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
        resident[name] = Math.round((Number(kb) * 1_024) / BYTES_PER_MB)
      }
    }
  } catch {
    // No /proc here, or a child that has just ended: it is for information only.
  }
  return resident
}
