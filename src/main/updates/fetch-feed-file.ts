// Fetches one small file of the feed, limited in size, in time and to the feed's hosts.
import { type FeedAddress, isFeedUrlAllowed } from './feed-source.ts'
import { messageOf, refused, type UpdateResult, updateOk } from './update-problem.ts'

/** A feed is 2 kB; the next check tries again. */
export const FEED_FILE_DEADLINE_MS = 30_000
/** GitHub redirects once. */
const REDIRECT_LIMIT = 3

export type FeedFilePorts = {
  fetch: typeof fetch
  address: FeedAddress
  timeout: (ms: number) => AbortSignal
}

/** @param sizeLimitBytes a larger file is refused before its end */
export const fetchFeedFile = async (
  ports: FeedFilePorts,
  fileName: string,
  sizeLimitBytes: number
): Promise<UpdateResult<Uint8Array>> => {
  const signal = ports.timeout(FEED_FILE_DEADLINE_MS)
  try {
    const first = new URL(fileName, ports.address.baseUrl)
    const response = await follow(ports, first, signal)
    if (!response.ok) return response
    return await readLimited(response.value, fileName, sizeLimitBytes)
  } catch (error) {
    if (signal.aborted) {
      return refused(
        'feed_slow',
        `${fileName} did not arrive in ${FEED_FILE_DEADLINE_MS / 1_000} s.`
      )
    }
    return refused('feed_unreachable', `${fileName} could not be fetched: ${causeOf(error)}`)
  }
}

const follow = async (
  ports: FeedFilePorts,
  first: URL,
  signal: AbortSignal
): Promise<UpdateResult<Response>> => {
  let url = first
  for (let hop = 0; hop <= REDIRECT_LIMIT; hop += 1) {
    if (!isFeedUrlAllowed(ports.address, url)) {
      return refused(
        'feed_redirected',
        `The feed sent the kiosk on to ${url.origin}, which is not its own.`
      )
    }
    const response = await ports.fetch(url, {
      signal,
      redirect: 'manual',
      cache: 'no-store',
      headers: { 'cache-control': 'no-cache' }
    })
    const location = response.headers.get('location')
    const isRedirect = response.status >= 300 && response.status < 400 && location !== null
    if (!isRedirect) return checked(response, url)
    await response.body?.cancel()
    if (!URL.canParse(location, url.href)) {
      return refused('feed_redirected', 'The feed sent the kiosk on to what is no address.')
    }
    url = new URL(location, url)
  }
  return refused('feed_redirected', `The feed sent the kiosk on more than ${REDIRECT_LIMIT} times.`)
}

const checked = async (response: Response, url: URL): Promise<UpdateResult<Response>> => {
  if (response.ok) return updateOk(response)
  await response.body?.cancel()
  const code =
    response.status >= 500 || response.status === 429 ? 'feed_unreachable' : 'feed_missing'
  return refused(code, `${url.pathname} answered ${response.status}.`)
}

const readLimited = async (
  response: Response,
  fileName: string,
  limitBytes: number
): Promise<UpdateResult<Uint8Array>> => {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  // Returning from the loop ends the transfer.
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > limitBytes) {
      return refused('feed_too_large', `${fileName} is larger than ${limitBytes} bytes.`)
    }
    chunks.push(chunk)
  }
  return updateOk(Buffer.concat(chunks))
}

/** fetch reports "fetch failed" and puts the reason in the cause. */
const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error)
