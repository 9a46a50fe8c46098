// Recovers a page after Electron's events about its process.
import { EventEmitter } from 'node:events'
import { beforeEach, expect, it } from 'vitest'
import {
  CRASH_WINDOW_MS,
  planRecovery,
  recoverRenderer,
  UNRESPONSIVE_MS
} from '../../../../src/main/electron/renderer-recovery.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { createRecordingLog, type RecordingLog } from '../recording-log.ts'

type BrowserWindow = Parameters<typeof recoverRenderer>[0]

/** Records the calls to a window, and emits its events. */
class FakeWindow extends EventEmitter {
  readonly calls: string[] = []
  readonly webContents = Object.assign(new EventEmitter(), {
    forcefullyCrashRenderer: () => {
      this.calls.push('crash')
      this.crash('crashed')
    }
  })
  #destroyed = false
  isDestroyed = () => this.#destroyed
  reload = () => this.calls.push('reload')
  destroy = () => {
    this.calls.push('destroy')
    this.#destroyed = true
    this.emit('closed')
  }
  crash(reason: string) {
    this.webContents.emit('render-process-gone', {}, { reason, exitCode: 5 })
  }
  asWindow(): BrowserWindow {
    return this as unknown as BrowserWindow
  }
}

let clock: FakeClock
let log: RecordingLog
let windows: FakeWindow[]
let lostPages: number
let crashes: number
let mayClose: boolean
const newest = (): FakeWindow => {
  const window = windows.at(-1)
  if (window === undefined) throw new Error('there is no window')
  return window
}
beforeEach(() => {
  clock = createFakeClock()
  log = createRecordingLog()
  lostPages = 0
  crashes = 0
  mayClose = false
  windows = [new FakeWindow()]
  recoverRenderer(newest().asWindow(), {
    kiosk: {
      pageLost: async () => {
        lostPages += 1
      },
      pageCrashed: async () => {
        crashes += 1
        lostPages += 1
      }
    },
    clock,
    log,
    openAgain: () => {
      windows.push(new FakeWindow())
      return newest().asWindow()
    },
    mayClose: () => mayClose
  })
})

it('replaces a window that a script closed, and none that may close', () => {
  newest().emit('closed')
  expect(windows).toHaveLength(2)
  mayClose = true
  newest().emit('closed')
  expect(windows).toHaveLength(2)
  expect(log.events()).toEqual(['window.closedByPage'])
})

it('hangs up the calls of a crashed page, and reloads it', async () => {
  newest().crash('crashed')
  expect(lostPages).toBe(1)
  expect(newest().calls).toEqual([])
  await clock.advance(250)
  expect(newest().calls).toEqual(['reload'])
  expect(log.events()).toEqual(['window.rendererGone', 'window.recovering'])
})

it('hangs up the calls of a page that was replaced, not of one that navigated in itself', () => {
  newest().webContents.emit('did-start-navigation')
  newest().webContents.emit('did-navigate-in-page')
  expect(lostPages).toBe(0)
  newest().webContents.emit('did-navigate')
  newest().webContents.emit('did-navigate')
  expect(lostPages).toBe(2)
})

it('opens a new window at the third crash in five minutes, before it closes the old one', async () => {
  for (let crash = 1; crash <= 3; crash += 1) {
    newest().crash('oom')
    await clock.advance(5_000)
  }
  expect(windows).toHaveLength(2)
  expect(windows[0]?.calls).toEqual(['reload', 'reload', 'destroy'])
  newest().crash('crashed')
  expect(log.lines.at(-1)?.detail).toMatchObject({ action: 'new_window', deaths: 4 })
  await clock.advance(30_000)
  expect(windows).toHaveLength(3)
})

it.each([
  ['crashed', 1],
  ['oom', 1],
  ['launch-failed', 1],
  ['killed', 0],
  ['clean-exit', 0]
])('reports the end %s as %i crashes of this version', (reason, expected) => {
  newest().crash(reason)
  expect([crashes, lostPages]).toEqual([expected, 1])
})

it('does not recover a page whose window was closed', async () => {
  newest().crash('clean-exit')
  await clock.advance(60_000)
  expect(newest().calls).toEqual([])
  expect(lostPages).toBe(1)
})

it('ends a page that does not respond for ten seconds, and reloads it', async () => {
  newest().emit('unresponsive')
  await clock.advance(UNRESPONSIVE_MS - 1)
  expect(newest().calls).toEqual([])
  await clock.advance(1)
  expect(newest().calls).toEqual(['crash'])
  await clock.advance(250)
  expect(newest().calls).toEqual(['crash', 'reload'])
})

it('keeps a page that responds in time', async () => {
  newest().emit('unresponsive')
  await clock.advance(UNRESPONSIVE_MS - 1)
  newest().emit('responsive')
  await clock.advance(60_000)
  expect(newest().calls).toEqual([])
})

it('leaves no timer after its window was closed', () => {
  newest().crash('crashed')
  newest().emit('unresponsive')
  newest().destroy()
  expect(clock.pending()).toBe(0)
})

it('forgets crashes after five minutes', async () => {
  newest().crash('crashed')
  await clock.advance(CRASH_WINDOW_MS - 1)
  newest().crash('crashed')
  expect(log.lines.at(-1)?.detail).toMatchObject({ deaths: 2, pauseMs: 1_000 })
  await clock.advance(CRASH_WINDOW_MS)
  newest().crash('crashed')
  expect(log.lines.at(-1)?.detail).toMatchObject({ deaths: 1, pauseMs: 250 })
})

it('pauses between 250 ms and 30 s, however often the page crashes', () => {
  const pausesMs = [1, 2, 3, 4, 5, 6, 500].map((crashes) => planRecovery(crashes).pauseMs)
  expect(pausesMs).toEqual([250, 1_000, 4_000, 16_000, 30_000, 30_000, 30_000])
})
