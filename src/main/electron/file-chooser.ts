// Denies the file chooser. A script of the page could open the system's dialog after a tap, and with it the disk.
// Electron has no event for it, and Chromium's debugging protocol intercepts it without a port.
import type { WebContents } from 'electron'
import type { Log } from '../log.ts'

type Contents = Pick<WebContents, 'on' | 'debugger'>

export const denyFileChooser = (contents: Contents, log: Log): void => {
  const client = contents.debugger
  const intercept = async () => {
    if (!client.isAttached()) client.attach()
    await client.sendCommand('Page.enable')
    await client.sendCommand('Page.setInterceptFileChooserDialog', { enabled: true })
  }
  // For each page, before its first tap. Not earlier: Electron would cut off other clients, such as Playwright, when the page
  // replaces the empty one.
  contents.on('did-navigate', () => {
    intercept().catch((error: unknown) => log.error('fileChooser.interceptFailed', { error }))
  })
  client.on('message', (_event, method) => {
    if (method === 'Page.fileChooserOpened') log.warn('fileChooser.denied')
  })
}
