// Checks an SDP offer before it is sent on.

/** Chromium's offers take about 2 kB; the service has this limit. */
export const OFFER_LIMIT_BYTES = 64_000

/** Control characters except tab and line ends (RFC 8866 §5: lines of text, ended by CRLF). */
const CONTROL_CHARACTER = /[^\P{Cc}\t\r\n]/u

/** The problem, for the developer of the caller, without a part of the offer; null without one. */
export const problemOfOffer = (sdp: string): string | null => {
  if (new TextEncoder().encode(sdp).byteLength > OFFER_LIMIT_BYTES) {
    return `sdp: larger than ${OFFER_LIMIT_BYTES} bytes`
  }
  if (!/^v=0\r?\n/.test(sdp)) return 'sdp: does not begin with v=0'
  if (CONTROL_CHARACTER.test(sdp)) return 'sdp: has control characters'
  return /^m=audio /m.test(sdp) ? null : 'sdp: has no m=audio'
}
