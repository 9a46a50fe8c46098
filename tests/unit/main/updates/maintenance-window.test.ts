// Tests the maintenance window: time zones, midnight, daylight saving, and the spread over a fleet.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  isInstallTurn,
  LAST_MINUTES,
  positionInWindow
} from '../../../../src/main/updates/maintenance-window.ts'

const at = (iso: string): number => Date.parse(iso)
const NIGHT = { from: '03:00', to: '05:00' }

it('uses the restaurant’s time zone', () => {
  const inside = (iso: string, timeZone: string) =>
    positionInWindow(NIGHT, at(iso), timeZone).isInside
  expect(inside('2026-11-20T08:30:00Z', 'America/New_York')).toBe(true)
  expect(inside('2026-11-20T08:30:00Z', 'America/Los_Angeles')).toBe(false)
  expect(inside('2026-11-20T11:30:00Z', 'America/Los_Angeles')).toBe(true)
  expect(inside('2026-11-20T21:30:00Z', 'Asia/Kolkata')).toBe(true)
})

it('spans midnight', () => {
  const late = { from: '23:00', to: '01:30' }
  expect(positionInWindow(late, at('2026-11-20T23:00:00Z'), 'UTC')).toEqual({
    isInside: true,
    sinceStartMinutes: 0,
    untilEndMinutes: 150,
    lengthMinutes: 150
  })
  expect(positionInWindow(late, at('2026-11-21T01:29:00Z'), 'UTC').isInside).toBe(true)
  expect(positionInWindow(late, at('2026-11-21T01:30:00Z'), 'UTC').isInside).toBe(false)
  expect(positionInWindow(late, at('2026-11-20T22:59:00Z'), 'UTC').isInside).toBe(false)
})

it('does not occur in spring’s skipped hour, and occurs twice in autumn’s repeated hour', () => {
  const two = { from: '02:00', to: '03:00' }
  const minutesInside = (fromIso: string) => {
    let count = 0
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const nowMs = at(fromIso) + minute * 60_000
      if (positionInWindow(two, nowMs, 'America/New_York').isInside) count += 1
    }
    return count
  }
  expect(minutesInside('2026-03-08T05:00:00Z')).toBe(0)
  expect(minutesInside('2026-03-10T05:00:00Z')).toBe(60)
  const one = { from: '01:00', to: '02:00' }
  const autumn = Array.from({ length: 300 }, (_, m) => at('2026-11-01T04:00:00Z') + m * 60_000)
  expect(
    autumn.filter((ms) => positionInWindow(one, ms, 'America/New_York').isInside)
  ).toHaveLength(120)
})

it('gives every kiosk a turn, and none in the last minutes', () => {
  const timeOfDay = fc.integer({ min: 0, max: 1_439 }).map((minute) => {
    const pad = (n: number) => String(n).padStart(2, '0')
    return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`
  })
  fc.assert(
    fc.property(
      timeOfDay,
      timeOfDay,
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (from, to, bucket) => {
        const places = Array.from({ length: 1_440 }, (_, minute) =>
          positionInWindow({ from, to }, at('2026-11-20T00:00:00Z') + minute * 60_000, 'UTC')
        )
        const turns = places.filter((place) => isInstallTurn(place, bucket))
        expect(turns.length).toBeGreaterThan(0)
        for (const turn of turns) {
          expect(turn.isInside).toBe(true)
          if (turn.lengthMinutes < 1_440) {
            expect(turn.untilEndMinutes).toBeGreaterThan(
              Math.min(LAST_MINUTES, turn.lengthMinutes / 2)
            )
          }
        }
      }
    ),
    { numRuns: 8 }
  )
})

it('spreads the kiosks of one time zone', () => {
  const firstMinute = (bucket: number) => {
    for (let minute = 0; minute < 120; minute += 1) {
      const place = positionInWindow(NIGHT, at('2026-11-20T03:00:00Z') + minute * 60_000, 'UTC')
      if (isInstallTurn(place, bucket)) return minute
    }
    return null
  }
  expect([0, 0.25, 0.5, 0.75, 0.99].map(firstMinute)).toEqual([0, 13, 27, 41, 54])
})
