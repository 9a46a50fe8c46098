import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { chooseDisplay, type KioskDisplay } from '../../../src/main/displays.ts'
import { followDisplays } from '../../../src/main/electron/displays.ts'
import { createRecordingLog } from './recording-log.ts'

const display = (id: number, label: string, x: number, y = 0): KioskDisplay => ({
  id,
  label,
  bounds: { x, y, width: 1920, height: 1080 }
})
const LEFT = display(31, 'HDMI-1', -1920)
const MIDDLE = display(12, 'Elo Touch 2202L', 0)
const BELOW = display(7, 'HDMI-2', 0, 1080)
const ALL = [MIDDLE, BELOW, LEFT]

it.each([
  ['primary', MIDDLE],
  ['1', LEFT],
  ['2', MIDDLE],
  ['3', BELOW],
  ['elo', MIDDLE],
  ['HDMI-2', BELOW],
  ['4', MIDDLE],
  ['0', MIDDLE],
  ['a screen that is gone', MIDDLE]
])('chooses "%s"', (choice, expected) => {
  expect(chooseDisplay(ALL, MIDDLE.id, choice)).toBe(expected)
})

it('falls back to any display', () => {
  expect(chooseDisplay([LEFT], 999, 'primary')).toBe(LEFT)
  expect(chooseDisplay([], 999, 'primary')).toBeNull()
})

const setUp = (choice: string) => {
  const events = new EventEmitter()
  const log = createRecordingLog()
  let displays = ALL
  let bounds = { ...BELOW.bounds }
  const done: string[] = []
  followDisplays(
    Object.assign(events, {
      getAllDisplays: () => displays,
      getPrimaryDisplay: () => displays[0] ?? MIDDLE
    }) as unknown as Parameters<typeof followDisplays>[0],
    () => ({
      isDestroyed: () => false,
      getBounds: () => bounds,
      setBounds: (next) => {
        bounds = { ...bounds, ...next }
        done.push(`bounds ${bounds.x},${bounds.y}`)
      },
      setKiosk: (on) => done.push(`kiosk ${on}`)
    }),
    choice,
    log
  )
  return {
    done,
    change: (event: string, next: KioskDisplay[]) => {
      displays = next
      events.emit(event)
    }
  }
}

it('moves to the primary display while its own is unplugged', () => {
  const { done, change } = setUp('HDMI-2')
  change('display-removed', [MIDDLE, LEFT])
  change('display-added', ALL)
  expect(done).toEqual([
    'kiosk false',
    'bounds 0,0',
    'kiosk true',
    'kiosk false',
    'bounds 0,1080',
    'kiosk true'
  ])
})

it('stays when another display changes, or when there is none for a moment', () => {
  const { done, change } = setUp('HDMI-2')
  change('display-removed', [MIDDLE, BELOW])
  change('display-removed', [])
  change('display-added', ALL)
  expect(done).toEqual([])
})

it('fills its display after a rotation or a new resolution', () => {
  const { done, change } = setUp('HDMI-2')
  const turned = { ...BELOW, bounds: { x: 0, y: 1080, width: 1080, height: 1920 } }
  change('display-metrics-changed', [MIDDLE, turned, LEFT])
  expect(done).toEqual(['kiosk false', 'bounds 0,1080', 'kiosk true'])
})
