// The renderer's files and the headers they travel with, for whichever shell serves them.
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

export type PageFile = { body: Uint8Array<ArrayBuffer>; contentType: string }
/** Files by URL path. What is not in the map does not exist: no path of a request ever reaches the disk. */
export type PageFiles = ReadonlyMap<string, PageFile>

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.wasm': 'application/wasm'
}

/**
 * Reads every file of the built renderer. `/` is `index.html`. Files of a type that no page needs (source
 * maps, stray notes) are left out.
 * @throws an Error whose message is a sentence when the renderer has not been built
 */
export const readPageFiles = (folder: string): PageFiles => {
  const files = new Map<string, PageFile>()
  for (const entry of listFiles(folder)) {
    const contentType = CONTENT_TYPES[extname(entry).toLowerCase()]
    if (contentType === undefined) continue
    const body = new Uint8Array(readFileSync(join(folder, entry)))
    files.set(`/${entry.split(sep).join('/')}`, { body, contentType })
  }
  const index = files.get('/index.html')
  if (index === undefined) {
    throw new Error(`There is no index.html in ${folder}: build the kiosk first (npm run build).`)
  }
  files.set('/', index)
  return files
}

const listFiles = (folder: string): string[] => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch {
    // A folder that is not there is an index.html that is not there: the caller's sentence covers both.
    return []
  }
}

/**
 * Headers of every answer.
 * @param connectSource what the page may connect to: `'none'` in Electron, where the bridge is not a
 *   connection. WebRTC is not subject to it, so the page needs no network of its own.
 */
export const pageHeaders = (connectSource: string): Record<string, string> => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "worker-src 'self'",
    `connect-src ${connectSource}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'"
  ].join('; '),
  'permissions-policy': [
    'microphone=(self)',
    'speaker-selection=(self)',
    'camera=()',
    'display-capture=()',
    'geolocation=()',
    // Pedals that are no keyboards; main says which ones.
    'hid=(self)',
    'serial=()',
    'usb=()',
    'midi=()',
    'payment=()'
  ].join(', '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store'
})
