// The hours in which a kiosk may be taken away for a minute: a maintenance window in the restaurant's own time.

/** `03:00` to `05:00`, on the restaurant's clock. One that ends before it begins goes past midnight. */
export type MaintenanceWindow = { from: string; to: string }

/** An installation takes a minute or two: one that would begin in the last minutes would end in the morning shift. */
export const LAST_MINUTES = 10
/** Kiosks of one time zone do not ask the feed for 120 MB in the same minute: they spread over this much. */
export const SPREAD_LIMIT_MINUTES = 60

const MINUTES_PER_DAY = 24 * 60

export type WindowPosition = {
  isInside: boolean
  /** Minutes since the window began and until it ends; meaningless outside. */
  sinceStartMinutes: number
  untilEndMinutes: number
  lengthMinutes: number
}

/**
 * Where a moment lies. A window that the clock jumps over in spring is not there that night; one that autumn's
 * clock shows twice is there twice.
 * @param timeZone IANA name, such as `America/New_York`; null: the machine's own
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

/**
 * Whether this kiosk may begin now.
 * @param share 0 to 1, this kiosk's own, always the same: where in the window its turn comes
 */
export const isInstallTurn = (place: WindowPosition, share: number): boolean => {
  if (!place.isInside) return false
  // Round the clock there is no beginning for everybody to rush to.
  if (place.lengthMinutes === MINUTES_PER_DAY) return true
  const reserve = Math.min(LAST_MINUTES, place.lengthMinutes / 2)
  const spread = Math.min(SPREAD_LIMIT_MINUTES, (place.lengthMinutes - reserve) / 2)
  return place.sinceStartMinutes >= Math.floor(spread * share) && place.untilEndMinutes > reserve
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

/** Whether the system knows a time zone by this name. */
export const isTimeZone = (timeZone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    // RangeError is how Intl says no.
    return false
  }
}
