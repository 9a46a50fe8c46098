// A page whose process dies or hangs, seen from main: what Electron's events lead to.
import { EventEmitter } from 'node:events'
import { beforeEach, expect, it } from 'vitest'
import { recoverRenderer } from '../../../../src/main/electron/renderer-recovery.ts'
import { UNRESPONSIVE_MS } from '../../../../src/main/renderer-recovery-plan.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { createRecordingLog, type RecordingLog } from '../recording-log.ts'

type BrowserWindow = Parameters<typeof recoverRenderer>[0]

/** What a window is asked to do, and the events it can be told to have. */
class FakeWindow extends EventEmitter {
  readonly done: string[] = []
  readonly webContents = Object.assign(new EventEmitter(), {
    forcefullyCrashRenderer: () => {
      this.done.push('crash')
      this.die('crashed')
    }
  })
  #destroyed = false
  isDestroyed = () => this.#destroyed
  reload = () => this.done.push('reload')
  destroy = () => {
    this.done.push('destroy')
    this.#destroyed = true
    this.emit('closed')
  }
  die(reason: string) {
    this.webContents.emit('render-process-gone', {}, { reason, exitCode: 5 })
  }
  asWindow(): BrowserWindow {
    return this as unknown as BrowserWindow
  }
}

let clock: FakeClock
let log: RecordingLog
let windows: FakeWindow[]
let hungUp: number
const newest = (): FakeWindow => {
  const window = windows.at(-1)
  if (window === undefined) throw new Error('there is no window')
  return window
}
beforeEach(() => {
  clock = createFakeClock()
  log = createRecordingLog()
  hungUp = 0
  windows = [new FakeWindow()]
  recoverRenderer(newest().asWindow(), {
    kiosk: {
      pageLost: async () => {
        hungUp += 1
      }
    },
    clock,
    log,
    openAgain: () => {
      windows.push(new FakeWindow())
      return newest().asWindow()
    }
  })
})

it('hangs up the calls of a page that died and loads it again', async () => {
  newest().die('crashed')
  expect(hungUp).toBe(1)
  expect(newest().done).toEqual([])
  await clock.advance(250)
  expect(newest().done).toEqual(['reload'])
  expect(log.events()).toEqual(['window.rendererGone', 'window.recovering'])
})

it('makes the window anew at the third death in five minutes, before the old one goes', async () => {
  for (let death = 1; death <= 3; death += 1) {
    newest().die('oom')
    await clock.advance(5_000)
  }
  expect(windows).toHaveLength(2)
  expect(windows[0]?.done).toEqual(['reload', 'reload', 'destroy'])
  newest().die('crashed')
  expect(log.lines.at(-1)?.detail).toMatchObject({ action: 'new_window', deaths: 4 })
  await clock.advance(30_000)
  expect(windows).toHaveLength(3)
})

it('leaves a page alone that ended because its window was closed', async () => {
  newest().die('clean-exit')
  await clock.advance(60_000)
  expect(newest().done).toEqual([])
  expect(hungUp).toBe(1)
})

it('ends a page that does not answer for ten seconds, and loads it again', async () => {
  newest().emit('unresponsive')
  await clock.advance(UNRESPONSIVE_MS - 1)
  expect(newest().done).toEqual([])
  await clock.advance(1)
  expect(newest().done).toEqual(['crash'])
  await clock.advance(250)
  expect(newest().done).toEqual(['crash', 'reload'])
})

it('leaves a page alone that answers again in time', async () => {
  newest().emit('unresponsive')
  await clock.advance(UNRESPONSIVE_MS - 1)
  newest().emit('responsive')
  await clock.advance(60_000)
  expect(newest().done).toEqual([])
})

it('does nothing to a window that was closed meanwhile, and leaves no timer', async () => {
  newest().die('crashed')
  newest().emit('unresponsive')
  newest().destroy()
  expect(clock.pending()).toBe(0)
})
