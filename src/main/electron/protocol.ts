// Serves the renderer at app://kiosk from a fixed map of files, with the content security policy on every response.
import type { CustomScheme, Protocol } from 'electron'
import type { Log } from '../log.ts'
import { type PageFiles, pageHeaders } from '../renderer-page.ts'
import { isKioskUrl, PAGE_SCHEME } from './origin.ts'
import scheme from './page-scheme.json' with { type: 'json' }

/** Register before the app is ready. A standard and secure scheme has an origin and may use the microphone. */
export const pageScheme: CustomScheme = scheme

/** `connect-src 'none'`: calls go over IPC, audio over WebRTC. */
const headers = pageHeaders("'none'")

export const servePage = (protocol: Protocol, files: PageFiles, log: Log): void => {
  protocol.handle(PAGE_SCHEME, (request) => answerPageRequest(request, files, log))
}

export const answerPageRequest = (
  request: Pick<Request, 'method' | 'url'>,
  files: PageFiles,
  log: Log
): Response => {
  const file =
    request.method === 'GET' && isKioskUrl(request.url)
      ? files.get(new URL(request.url).pathname)
      : undefined
  if (file === undefined) {
    log.warn('page.notFound', { url: request.url })
    return new Response('Not found', {
      status: 404,
      headers: { ...headers, 'content-type': 'text/plain' }
    })
  }
  return new Response(file.body, { headers: { ...headers, 'content-type': file.contentType } })
}
