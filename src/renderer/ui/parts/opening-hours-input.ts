// Times of day as the settings keep them, and their steps by touch.

/** Kitchens open on the hour or the half. */
export const STEP_MINUTES = 30

/** Offered when opening hours are switched on. */
export const DEFAULT_OPENING_HOURS = { from: '08:00', to: '23:00' } as const

const DAY_MINUTES = 24 * 60

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** The next whole step after or before a time, around the clock. @param time `HH:MM` */
export const stepTime = (time: string, direction: 'earlier' | 'later'): string => {
  const steps = minutesOf(time) / STEP_MINUTES
  const next = direction === 'later' ? Math.floor(steps) + 1 : Math.ceil(steps) - 1
  const minutes = (next * STEP_MINUTES + DAY_MINUTES) % DAY_MINUTES
  return [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

/** Equal times are the whole day. */
export const spanOf = ({
  from,
  to
}: {
  from: string
  to: string
}): 'same_day' | 'overnight' | 'whole_day' => {
  const minutes = minutesOf(to) - minutesOf(from)
  if (minutes === 0) return 'whole_day'
  return minutes < 0 ? 'overnight' : 'same_day'
}
