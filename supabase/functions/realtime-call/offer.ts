// What an SDP offer must look like before it is sent anywhere.

/** An offer of Chromium's is about 2 kB; the service takes none that is longer than this. */
export const OFFER_LIMIT_BYTES = 64_000

/** Everything below a space but tab and line ends (RFC 8866 §5: lines of text, ended by CRLF). */
const CONTROL_CHARACTER = /[^\P{Cc}\t\r\n]/u

/** What is wrong with it, for whoever made it; null when it may be sent. Never repeats any of it. */
export const problemOfOffer = (sdp: string): string | null => {
  if (new TextEncoder().encode(sdp).byteLength > OFFER_LIMIT_BYTES) {
    return `sdp: larger than ${OFFER_LIMIT_BYTES} bytes`
  }
  if (!/^v=0\r?\n/.test(sdp)) return 'sdp: does not begin with v=0'
  if (CONTROL_CHARACTER.test(sdp)) return 'sdp: has control characters'
  return /^m=audio /m.test(sdp) ? null : 'sdp: has no m=audio'
}
