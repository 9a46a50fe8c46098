// Checks the window's options against Electron's security checklist, and locks a full-screen window.
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { lockWindow } from '../../../../src/main/electron/window-lock.ts'
import { windowOptions } from '../../../../src/main/electron/window-options.ts'
import { createRecordingLog } from '../recording-log.ts'

const choices = { fullScreen: true, bounds: null, outFolder: '/out', devTools: false }

it.each([
  ['sandbox', true],
  ['contextIsolation', true],
  ['nodeIntegration', false],
  ['nodeIntegrationInWorker', false],
  ['nodeIntegrationInSubFrames', false],
  ['webSecurity', true],
  ['allowRunningInsecureContent', false],
  ['experimentalFeatures', false],
  ['enableBlinkFeatures', undefined],
  ['webviewTag', false],
  ['navigateOnDragDrop', false],
  ['disableDialogs', true],
  ['devTools', false]
] as const)('sets %s to %s', (name, expected) => {
  expect(windowOptions(choices).webPreferences?.[name]).toBe(expected)
})

it('has developer tools on request', () => {
  expect(windowOptions({ ...choices, devTools: true }).webPreferences?.devTools).toBe(true)
})

it('gives a full-screen window no frame, no menu and no way to close it', () => {
  const bounds = { x: 1920, y: 0, width: 1080, height: 1920 }
  expect(windowOptions({ ...choices, bounds })).toMatchObject({
    ...bounds,
    kiosk: true,
    frame: false,
    hasShadow: false,
    roundedCorners: false,
    closable: false,
    minimizable: false,
    autoHideMenuBar: true
  })
  expect(windowOptions({ ...choices, fullScreen: false, bounds })).toMatchObject({
    kiosk: false,
    frame: true,
    closable: true,
    width: 1280
  })
})

const locked = (mayClose: boolean) => {
  const limits: unknown[] = []
  const webContents = Object.assign(new EventEmitter(), {
    setZoomLevel: (level: number) => limits.push(level),
    setVisualZoomLevelLimits: async (min: number, max: number) => void limits.push([min, max])
  })
  const window = Object.assign(new EventEmitter(), { webContents })
  const log = createRecordingLog()
  lockWindow(window as unknown as Parameters<typeof lockWindow>[0], {
    boundKeyCodes: () => ['KeyR'],
    mayClose: () => mayClose,
    platform: 'linux',
    log
  })
  const prevented = (from: EventEmitter, event: string, ...rest: unknown[]): boolean => {
    let was = false
    from.emit(event, { preventDefault: () => (was = true) }, ...rest)
    return was
  }
  return { window, webContents, log, limits, prevented }
}

it('blocks menus and shortcuts, but no talk key', () => {
  const { window, webContents, prevented } = locked(false)
  const press = (code: string) => ({
    type: 'keyDown',
    code,
    key: code.slice(3).toLowerCase(),
    control: true,
    alt: false,
    shift: false,
    meta: false
  })
  expect(prevented(webContents, 'context-menu')).toBe(true)
  expect(prevented(window, 'system-context-menu')).toBe(true)
  expect(prevented(webContents, 'before-input-event', press('KeyW'))).toBe(true)
  expect(prevented(webContents, 'before-input-event', press('KeyR'))).toBe(false)
})

it('prevents closing until the app quits', () => {
  const running = locked(false)
  expect(running.prevented(running.window, 'close')).toBe(true)
  expect(running.log.events()).toEqual(['window.closeDenied'])
  const quitting = locked(true)
  expect(quitting.prevented(quitting.window, 'close')).toBe(false)
})

it('resets every zoom when a page has loaded', () => {
  const { webContents, limits } = locked(false)
  webContents.emit('did-finish-load')
  expect(limits).toEqual([0, [1, 1]])
})
