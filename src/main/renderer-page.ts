// The renderer's files and their HTTP headers, for both shells.
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

export type PageFile = { body: Uint8Array<ArrayBuffer>; contentType: string }
/** Files by URL path. A request never reaches the disk. */
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
 * Reads the built renderer. `/` is `index.html`. Files of another type, such as source maps, are left out.
 * @throws Error when the renderer has not been built
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
    // The caller reports the missing index.html.
    return []
  }
}

/**
 * Headers of every answer.
 * @param connectSource `'none'` in Electron: its bridge is no connection, and the policy does not restrict WebRTC
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
    "require-trusted-types-for 'script'",
    // No script makes a policy.
    "trusted-types 'none'",
    // Without allow-modals, -popups and -downloads: no print dialog and no message box.
    'sandbox allow-scripts allow-same-origin allow-forms'
  ].join('; '),
  'permissions-policy': [
    'microphone=(self)',
    'speaker-selection=(self)',
    'camera=()',
    'display-capture=()',
    'geolocation=()',
    // For pedals; main allows single devices.
    'hid=(self)',
    'serial=()',
    'usb=()',
    'midi=()',
    'payment=()',
    // Dialogs and windows of the system.
    'publickey-credentials-create=()',
    'publickey-credentials-get=()',
    'picture-in-picture=()',
    'fullscreen=()',
    'web-share=()',
    'clipboard-read=()',
    'clipboard-write=()'
  ].join(', '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store'
})
