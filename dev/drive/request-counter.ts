// Counts the renderer's network requests, apart from loading its own page.
import type { BrowserContext, Page } from '@playwright/test'

/** Request types of a page load. All others (fetch, XHR, beacons, sockets, pings) are network requests. */
const PAGE_LOAD_TYPES = new Set([
  'document',
  'script',
  'stylesheet',
  'font',
  'image',
  'media',
  'manifest'
])

export type RequestCounter = { urls: string[] }

/** @param bridgeUrl the preview shell's socket in place of Electron's IPC; null in Electron. */
export const countRequests = (
  context: BrowserContext,
  page: Page,
  pageOrigin: string,
  bridgeUrl: string | null
): RequestCounter => {
  const urls: string[] = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol === 'data:' || url.protocol === 'blob:' || url.protocol === 'about:') return
    const own = `${url.protocol}//${url.host}` === pageOrigin
    if (!own || !PAGE_LOAD_TYPES.has(request.resourceType())) urls.push(request.url())
  })
  page.on('websocket', (socket) => {
    if (bridgeUrl === null || !socket.url().startsWith(bridgeUrl)) urls.push(socket.url())
  })
  return { urls }
}
