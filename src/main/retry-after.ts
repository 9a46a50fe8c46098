// The Retry-After header (RFC 9110 §10.2.3), in seconds.

/** An hour: a longer pause is a closed door, and the screen says so without a number. */
const LONGEST_SECONDS = 3_600

/** @returns undefined when the header is missing, a date, or not a sensible number of seconds */
export const retryAfterSeconds = (headers: Headers): number | undefined => {
  const text = headers.get('retry-after')
  if (text === null || !/^\d{1,9}$/.test(text.trim())) return undefined
  const seconds = Number(text)
  return seconds <= LONGEST_SECONDS ? seconds : undefined
}
