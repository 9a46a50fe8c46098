// Denies navigation, second windows, downloads and network requests: the window shows only the kiosk's page.
import type { Session, WebContents } from 'electron'
import type { Log } from '../log.ts'
import { isKioskUrl, PAGE_URL } from './origin.ts'

export const denyNavigation = (contents: WebContents, log: Log): void => {
  const deny = (how: string, url: string) => log.warn('navigation.denied', { how, url })

  contents.on('will-navigate', (event) => {
    // A reload.
    if (event.url === PAGE_URL) return
    event.preventDefault()
    deny('navigate', event.url)
  })
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame && event.url === PAGE_URL) return
    event.preventDefault()
    deny('frame', event.url)
  })
  contents.on('will-redirect', (event) => {
    event.preventDefault()
    deny('redirect', event.url)
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
    deny('webview', '')
  })
  contents.setWindowOpenHandler(({ url }) => {
    deny('window', url)
    return { action: 'deny' }
  })
}

/** @param devTools true in an unpacked build, where the developer tools load pages of their own */
export const denyNetwork = (session: Session, log: Log, devTools: boolean): void => {
  session.webRequest.onBeforeRequest((details, callback) => {
    const allowed =
      isKioskUrl(details.url) ||
      details.url.startsWith(`blob:${PAGE_URL}`) ||
      details.url.startsWith('data:') ||
      (devTools && details.url.startsWith('devtools://'))
    if (!allowed) log.warn('network.denied', { url: details.url, type: details.resourceType })
    callback({ cancel: !allowed })
  })
  session.on('will-download', (event, item) => {
    event.preventDefault()
    log.warn('download.denied', { url: item.getURL() })
  })
}
