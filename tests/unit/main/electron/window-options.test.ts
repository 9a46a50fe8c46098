// What the window is made with, item by item of Electron's checklist, and that a full-screen one is locked.
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
] as const)('makes the window with %s: %s', (name, expected) => {
  expect(windowOptions(choices).webPreferences?.[name]).toBe(expected)
})

it('has developer tools in a checkout only', () => {
  expect(windowOptions({ ...choices, devTools: true }).webPreferences?.devTools).toBe(true)
})

it('gives a full-screen window no frame, no menu and nothing to close it by', () => {
  const bounds = { x: 1920, y: 0, width: 1080, height: 1920 }
  expect(windowOptions({ ...choices, bounds })).toMatchObject({
    ...bounds,
    kiosk: true,
    frame: false,
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

it('shows no menu, keeps shortcuts from the page, and the keys that talk not', () => {
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

it('is closed by nobody until the app is on its way out', () => {
  const shut = locked(false)
  expect(shut.prevented(shut.window, 'close')).toBe(true)
  expect(shut.log.events()).toEqual(['window.closeDenied'])
  const leaving = locked(true)
  expect(leaving.prevented(leaving.window, 'close')).toBe(false)
})

it('takes back every zoom when a page has loaded', () => {
  const { webContents, limits } = locked(false)
  webContents.emit('did-finish-load')
  expect(limits).toEqual([0, [1, 1]])
})
