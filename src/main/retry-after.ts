// The Retry-After header (RFC 9110 §10.2.3), in seconds.

/** The screen shows no number for a longer pause. */
const LONGEST_SECONDS = 3_600

/** @returns undefined for a missing header, a date, or a number out of range */
export const retryAfterSeconds = (headers: Headers): number | undefined => {
  const text = headers.get('retry-after')
  if (text === null || !/^\d{1,9}$/.test(text.trim())) return undefined
  const seconds = Number(text)
  return seconds <= LONGEST_SECONDS ? seconds : undefined
}
