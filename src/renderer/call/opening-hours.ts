// Whether the restaurant is open, by the kiosk's own clock.
import type { Settings } from '../../shared/settings.ts'

export type OpeningHours = NonNullable<Settings['openingHours']>

export const WHOLE_DAY: OpeningHours = { from: '00:00', to: '00:00' }

const MINUTES_PER_HOUR = 60

/** Minutes since midnight, 0 to 1439, in the kiosk's own time zone. */
export const minuteOfDay = (date: Date): number =>
  date.getHours() * MINUTES_PER_HOUR + date.getMinutes()

const minuteOf = (timeOfDay: string): number => {
  const [hours = '0', minutes = '0'] = timeOfDay.split(':')
  return Number(hours) * MINUTES_PER_HOUR + Number(minutes)
}

/**
 * From the first minute up to the last, which is not in it. Hours that end before they begin go past midnight;
 * hours that end when they begin are the whole day.
 */
export const isWithin = ({ from, to }: OpeningHours, minute: number): boolean => {
  const first = minuteOf(from)
  const last = minuteOf(to)
  if (first === last) return true
  return first < last ? minute >= first && minute < last : minute >= first || minute < last
}
