// Decides if a kiosk may install now: a maintenance window in the restaurant's time zone.

/** `03:00` to `05:00`. A window that ends before it begins spans midnight. */
export type MaintenanceWindow = { from: string; to: string }

/** An installation takes a minute or two: a later start would end in the morning shift. */
export const LAST_MINUTES = 10
/** Kiosks of one time zone spread their 120 MB downloads over this many minutes. */
const SPREAD_LIMIT_MINUTES = 60

const MINUTES_PER_DAY = 24 * 60

export type WindowPosition = {
  isInside: boolean
  /** Meaningless outside the window, like `untilEndMinutes`. */
  sinceStartMinutes: number
  untilEndMinutes: number
  lengthMinutes: number
}

/**
 * The position of a time in the window. A window in spring's skipped hour does not occur that night; one in
 * autumn's repeated hour occurs twice.
 * @param timeZone IANA name, such as `America/New_York`; null: the machine's
 */
export const positionInWindow = (
  { from, to }: MaintenanceWindow,
  nowMs: number,
  timeZone: string | null
): WindowPosition => {
  const first = minuteOf(from)
  const last = minuteOf(to)
  const now = minuteOfDay(nowMs, timeZone)
  const lengthMinutes = first === last ? MINUTES_PER_DAY : modulo(last - first)
  const sinceStartMinutes = modulo(now - first)
  return {
    isInside: sinceStartMinutes < lengthMinutes,
    sinceStartMinutes,
    untilEndMinutes: lengthMinutes - sinceStartMinutes,
    lengthMinutes
  }
}

/** @param bucket 0 to 1, this kiosk's rollout bucket: a higher one starts later in the window */
export const isInstallTurn = (place: WindowPosition, bucket: number): boolean => {
  if (!place.isInside) return false
  // A window around the clock has no start at which kiosks would crowd.
  if (place.lengthMinutes === MINUTES_PER_DAY) return true
  const reserve = Math.min(LAST_MINUTES, place.lengthMinutes / 2)
  const spread = Math.min(SPREAD_LIMIT_MINUTES, (place.lengthMinutes - reserve) / 2)
  return place.sinceStartMinutes >= Math.floor(spread * bucket) && place.untilEndMinutes > reserve
}

const modulo = (minutes: number): number =>
  ((minutes % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY

const minuteOf = (timeOfDay: string): number => {
  const [hours = '0', minutes = '0'] = timeOfDay.split(':')
  return Number(hours) * 60 + Number(minutes)
}

const minuteOfDay = (nowMs: number, timeZone: string | null): number => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === null ? {} : { timeZone })
  }).formatToParts(nowMs)
  const part = (type: 'hour' | 'minute') => Number(parts.find((p) => p.type === type)?.value ?? 0)
  return part('hour') * 60 + part('minute')
}

export const isTimeZone = (timeZone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    // Intl throws a RangeError for an unknown name.
    return false
  }
}
