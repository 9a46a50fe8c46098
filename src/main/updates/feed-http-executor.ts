// Downloads artifacts for electron-updater over Node's HTTP: from the feed's hosts only, and no more bytes than were
// signed. electron-updater's own executor follows any redirect and limits no size.
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions
} from 'node:http'
import { request as httpsRequest } from 'node:https'
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

export class FeedHttpExecutor extends ElectronHttpExecutor {
  readonly #address: FeedAddress
  #sizeLimitBytes = 0
  #redirects = 0

  constructor(address: FeedAddress) {
    super()
    this.#address = address
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
    const send = options.protocol === 'http:' ? httpRequest : httpsRequest
    const request = send(options, (response) => {
      const problem = this.#problemIn(url, response)
      if (problem !== null) {
        request.destroy(problem)
        return
      }
      this.#countBytes(request, response)
      callback(response)
    })
    if (!isFeedUrlAllowed(this.#address, url)) {
      request.destroy(new FeedHttpError('download_redirected', `${url.origin} is not the feed's.`))
    }
    // Typed for Electron's request; electron-updater uses on, end and abort, which Node's has too.
    return request as unknown as ReturnType<ElectronHttpExecutor['createRequest']>
  }

  /** Node has no redirect event: `#problemIn` reads the response. */
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

  #countBytes(request: ClientRequest, response: IncomingMessage): void {
    let sizeBytes = 0
    response.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.byteLength
      if (sizeBytes > this.#sizeLimitBytes) request.destroy(this.#tooLarge())
    })
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
