// Opening hours in the kiosk's time zone.
import type { Settings } from '../../shared/settings.ts'

export type OpeningHours = NonNullable<Settings['openingHours']>

export const WHOLE_DAY: OpeningHours = { from: '00:00', to: '00:00' }

const MINUTES_PER_HOUR = 60

/** Minutes since midnight, 0 to 1439, in the kiosk's time zone. */
export const minuteOfDay = (date: Date): number =>
  date.getHours() * MINUTES_PER_HOUR + date.getMinutes()

const minuteOf = (timeOfDay: string): number => {
  const [hours = '0', minutes = '0'] = timeOfDay.split(':')
  return Number(hours) * MINUTES_PER_HOUR + Number(minutes)
}

/** `to` is exclusive. Hours that end before they begin pass midnight; equal ends mean the whole day. */
export const isWithin = ({ from, to }: OpeningHours, minute: number): boolean => {
  const first = minuteOf(from)
  const last = minuteOf(to)
  if (first === last) return true
  return first < last ? minute >= first && minute < last : minute >= first || minute < last
}
