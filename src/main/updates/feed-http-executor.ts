// Downloads artifacts for electron-updater with the kiosk's fetch: through the network's proxy, from the feed's hosts only,
// and no more bytes than were signed. electron-updater's own executor follows any redirect and limits no size.
import { EventEmitter } from 'node:events'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js'
import type { UpdateProblemCode } from '../../shared/updates.ts'
import { type FeedAddress, isFeedUrlAllowed } from './feed-source.ts'

/** Carries the problem code through electron-updater. */
export class FeedHttpError extends Error {
  readonly problemCode: UpdateProblemCode
  constructor(problemCode: UpdateProblemCode, message: string) {
    super(message)
    this.problemCode = problemCode
  }
}

const REDIRECT_LIMIT = 3
/** The parts of a differential download have their own headers. */
const PART_HEADERS_LIMIT_BYTES = 1_000_000
/** A download that brings nothing for this long has ended. */
const SILENT_MS = 60_000

export class FeedHttpExecutor extends ElectronHttpExecutor {
  readonly #address: FeedAddress
  readonly #fetch: typeof fetch
  #sizeLimitBytes = 0
  #redirects = 0

  /** @param fetchFile follows no redirect when asked not to */
  constructor(address: FeedAddress, fetchFile: typeof fetch) {
    super()
    this.#address = address
    this.#fetch = fetchFile
  }

  /** Call before each artifact, with its signed size. */
  expect(sizeBytes: number): void {
    this.#sizeLimitBytes = sizeBytes + PART_HEADERS_LIMIT_BYTES
    this.#redirects = 0
  }

  override createRequest(
    options: RequestOptions,
    callback: (response: IncomingMessage) => void
  ): ReturnType<ElectronHttpExecutor['createRequest']> {
    const url = urlOf(options)
    const request = new FetchRequest(async (signal) => {
      if (!isFeedUrlAllowed(this.#address, url)) {
        throw new FeedHttpError('download_redirected', `${url.origin} is not the feed's.`)
      }
      const answer = await this.#fetch(url, {
        headers: headersOf(options),
        redirect: 'manual',
        signal
      })
      const response = messageOf(answer)
      response.on('error', (error) => request.destroy(error))
      const problem = this.#problemIn(url, response)
      if (problem !== null) throw problem
      this.#watchBytes(request, response)
      callback(response)
    })
    // Typed for Electron's request; electron-updater uses on, end and abort.
    return request as unknown as ReturnType<ElectronHttpExecutor['createRequest']>
  }

  /** fetch has no redirect event: `#problemIn` reads the response. */
  protected override addRedirectHandlers(): void {}

  #problemIn(url: URL, response: IncomingMessage): FeedHttpError | null {
    const { location } = response.headers
    if (location !== undefined) {
      this.#redirects += 1
      const next = URL.canParse(location, url.href) ? new URL(location, url) : null
      if (next === null || !isFeedUrlAllowed(this.#address, next)) {
        const to = next?.origin ?? 'an invalid address'
        return new FeedHttpError(
          'download_redirected',
          `The feed sent the download on to ${to}, which is not its own.`
        )
      }
      if (this.#redirects > REDIRECT_LIMIT) {
        return new FeedHttpError(
          'download_redirected',
          `The feed sent the download on more than ${REDIRECT_LIMIT} times.`
        )
      }
    }
    return Number(response.headers['content-length'] ?? 0) > this.#sizeLimitBytes
      ? this.#tooLarge()
      : null
  }

  #watchBytes(request: FetchRequest, response: IncomingMessage): void {
    let sizeBytes = 0
    const silence = setTimeout(
      () => request.destroy(new Error(`The feed sent nothing for ${SILENT_MS / 1_000} s.`)),
      SILENT_MS
    )
    response.on('data', (chunk: Buffer) => {
      silence.refresh()
      sizeBytes += chunk.byteLength
      if (sizeBytes > this.#sizeLimitBytes) request.destroy(this.#tooLarge())
    })
    response.on('close', () => clearTimeout(silence))
  }

  #tooLarge(): FeedHttpError {
    return new FeedHttpError(
      'download_too_large',
      'The feed sends more bytes than the artifact was signed with.'
    )
  }
}

const urlOf = ({ protocol, hostname, port, path }: RequestOptions): URL =>
  new URL(`${protocol}//${hostname}${port === undefined || port === null ? '' : `:${port}`}${path}`)

/** A request as electron-updater uses it. */
class FetchRequest extends EventEmitter {
  readonly #send: (signal: AbortSignal) => Promise<void>
  readonly #stop = new AbortController()

  constructor(send: (signal: AbortSignal) => Promise<void>) {
    super()
    this.#send = send
  }

  end(): void {
    this.#send(this.#stop.signal).catch((error: Error) => this.destroy(error))
  }

  abort(): void {
    this.#stop.abort()
  }

  /** Without effect after the first call, and after `abort`. */
  destroy(error: Error): void {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    this.emit('error', error)
  }
}

const headersOf = ({ headers }: RequestOptions): [string, string][] =>
  Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])

const messageOf = ({ status, statusText, headers, body }: Response): IncomingMessage => {
  const stream = body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream)
  const head = { statusCode: status, statusMessage: statusText }
  return Object.assign(stream, head, { headers: Object.fromEntries(headers) }) as never
}
