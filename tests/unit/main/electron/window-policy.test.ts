// Calls the handlers that restrict the window, as Electron does.
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { denyFileChooser } from '../../../../src/main/electron/file-chooser.ts'
import { senderOf } from '../../../../src/main/electron/ipc.ts'
import { denyNavigation, denyNetwork } from '../../../../src/main/electron/navigation.ts'
import { isKioskUrl } from '../../../../src/main/electron/origin.ts'
import { restrictPermissions } from '../../../../src/main/electron/permissions.ts'
import { answerPageRequest, pageScheme } from '../../../../src/main/electron/protocol.ts'
import { createRecordingLog } from '../recording-log.ts'

type Handler = (...given: unknown[]) => unknown
type Session = Parameters<typeof restrictPermissions>[0]
type WebContents = Parameters<typeof denyNavigation>[0]
type BrowserWindow = NonNullable<Parameters<typeof senderOf>[1]>

/** An Electron object that records its handlers, so that a test can call them. */
const recorder = <T>() => {
  const handlers = new Map<string, Handler>()
  const events = new EventEmitter()
  const proxy = new Proxy(
    {},
    {
      get: (_target, name) => {
        if (name === 'webRequest') return proxy
        if (name === 'on') return (event: string, run: Handler) => events.on(event, run)
        return (handler: Handler) => handlers.set(String(name), handler)
      }
    }
  )
  const ask = (name: string, ...given: unknown[]): unknown => {
    const handler = handlers.get(name)
    if (handler === undefined) throw new Error(`${name} is not set`)
    return handler(...given)
  }
  /** The value that a handler passes to its callback. */
  const answerOf = (name: string, before: unknown[], after: unknown[] = []): unknown => {
    let answer: unknown
    const take = (given: unknown) => {
      answer = given
    }
    ask(name, ...before, take, ...after)
    return answer
  }
  /** True when the default of an event was prevented. */
  const prevents = (name: string, event: object, ...given: unknown[]): boolean => {
    let prevented = false
    events.emit(name, { ...event, preventDefault: () => (prevented = true) }, ...given)
    return prevented
  }
  return { as: proxy as T, ask, answerOf, prevents }
}

const HOME = 'app://kiosk/'

it.each([
  [HOME, true],
  ['app://kiosk', true],
  ['app://kiosk/assets/a.js?x#y', true],
  ['app://kiosk.evil.com/', false],
  ['app://evil/', false],
  ['app://kiosk@evil/', false],
  ['app://user@kiosk/', false],
  ['https://kiosk/', false],
  ['file:///kiosk', false],
  ['about:blank', false],
  ['', false]
])('recognises %s as the kiosk’s page: %s', (url, expected) => {
  expect(isKioskUrl(url)).toBe(expected)
})

const restricted = () => {
  const session = recorder<Session>()
  restrictPermissions(session.as, createRecordingLog())
  return session
}

it.each([
  ['media', { mediaTypes: ['audio'] }, true],
  ['speaker-selection', {}, true],
  ['hid', {}, true],
  ['media', { mediaTypes: ['video'] }, false],
  ['media', { mediaTypes: ['audio', 'video'] }, false],
  ['media', { mediaTypes: [] }, false],
  ['media', {}, false],
  ['media', { mediaTypes: ['audio'], isMainFrame: false }, false],
  ['media', { mediaTypes: ['audio'], requestingUrl: 'https://example.com/' }, false],
  ['speaker-selection', { isMainFrame: false }, false],
  ['geolocation', {}, false],
  ['notifications', {}, false],
  ['clipboard-read', {}, false],
  ['display-capture', {}, false],
  ['hid', { isMainFrame: false }, false],
  ['hid', { requestingUrl: 'https://example.com/' }, false],
  ['usb', {}, false],
  ['serial', {}, false],
  ['openExternal', {}, false],
  ['fullscreen', {}, false]
])('answers a request of %s with %j: %s', (permission, details, expected) => {
  const request = { isMainFrame: true, requestingUrl: HOME, ...details }
  const answer = restricted().answerOf('setPermissionRequestHandler', [null, permission], [request])
  expect(answer).toBe(expected)
})

it.each([
  ['media', HOME, { mediaType: 'audio' }, true],
  ['speaker-selection', HOME, {}, true],
  ['hid', HOME, {}, true],
  // Electron reports this for every page.
  ['hid', HOME, { isMainFrame: false }, true],
  ['hid', 'https://example.com', {}, false],
  ['usb', HOME, {}, false],
  ['media', HOME, { mediaType: 'video' }, false],
  ['media', HOME, { mediaType: 'unknown' }, false],
  ['media', HOME, { mediaType: 'audio', isMainFrame: false }, false],
  ['media', 'https://example.com', { mediaType: 'audio' }, false],
  ['clipboard-sanitized-write', HOME, {}, false]
])('answers a check of %s from %s with %j: %s', (permission, origin, details, expected) => {
  const given = { isMainFrame: true, ...details }
  const answer = restricted().ask('setPermissionCheckHandler', null, permission, origin, given)
  expect(answer).toBe(expected)
})

it('chooses no usb device, no serial port, no screen and no bluetooth pairing', () => {
  const session = restricted()
  const answers: unknown[] = []
  const remember = (answer?: unknown) => answers.push(answer)
  session.ask('setDisplayMediaRequestHandler', { securityOrigin: HOME }, remember)
  session.ask('setBluetoothPairingHandler', { deviceId: 'x' }, remember)
  expect(session.prevents('select-usb-device', {}, {}, remember)).toBe(true)
  expect(session.prevents('select-serial-port', {}, [], {}, remember)).toBe(true)
  expect(answers).toEqual([{}, { confirmed: false }, undefined, ''])
})

const INFINITY = { deviceId: 'infinity', vendorId: 0x05f3, productId: 0x00ff }
const FOOT_CONTROL = { deviceId: 'acc2310', vendorId: 0x0911, productId: 0x1844 }
const KEYBOARD = { deviceId: 'keyboard', vendorId: 0x0c45, productId: 0x7403 }

it.each([
  ['a pedal on the list', 'hid', INFINITY, HOME, true],
  ['a keyboard', 'hid', KEYBOARD, HOME, false],
  ['a pedal on the list for another page', 'hid', INFINITY, 'https://example.com/', false],
  ['a pedal on the list as a bare usb device', 'usb', INFINITY, HOME, false],
  ['a serial port', 'serial', { portId: 'a', vendorId: '05f3', productId: '00ff' }, HOME, false]
])('answers a request to open %s (%s)', (_what, deviceType, device, origin, expected) => {
  expect(restricted().ask('setDevicePermissionHandler', { deviceType, device, origin })).toBe(
    expected
  )
})

it.each([
  ['the only pedal there is', [KEYBOARD, INFINITY], { url: HOME, parent: null }, 'infinity'],
  ['the first of several', [FOOT_CONTROL, INFINITY], { url: HOME, parent: null }, 'acc2310'],
  ['none among keyboards', [KEYBOARD], { url: HOME, parent: null }, ''],
  ['none for a frame inside', [INFINITY], { url: HOME, parent: {} }, ''],
  ['none for another page', [INFINITY], { url: 'https://example.com/', parent: null }, ''],
  ['none for a frame that is gone', [INFINITY], null, '']
])('chooses %s', (_what, deviceList, frame, expected) => {
  const chosen: unknown[] = []
  const choose = (id: unknown) => chosen.push(id)
  expect(restricted().prevents('select-hid-device', {}, { deviceList, frame }, choose)).toBe(true)
  expect(chosen).toEqual([expected])
})

it('allows a reload and no other navigation', () => {
  const contents = recorder<WebContents>()
  const log = createRecordingLog()
  denyNavigation(contents.as, log)
  const { prevents } = contents
  expect(prevents('will-navigate', { url: HOME })).toBe(false)
  expect(prevents('will-frame-navigate', { url: HOME, isMainFrame: true })).toBe(false)
  expect(prevents('will-frame-navigate', { url: HOME, isMainFrame: false })).toBe(true)
  expect(prevents('will-navigate', { url: 'app://kiosk/other.html' })).toBe(true)
  expect(prevents('will-navigate', { url: 'https://example.com/' })).toBe(true)
  expect(prevents('will-redirect', { url: HOME })).toBe(true)
  expect(prevents('will-attach-webview', {})).toBe(true)
  expect(contents.ask('setWindowOpenHandler', { url: HOME })).toEqual({ action: 'deny' })
  expect(log.events().every((event) => event === 'navigation.denied')).toBe(true)
})

it.each([
  [HOME, false, true],
  ['app://kiosk/assets/a.js', false, true],
  ['blob:app://kiosk/1234', false, true],
  ['data:image/png;base64,AA', false, true],
  ['devtools://devtools/bundled/x.js', true, true],
  ['devtools://devtools/bundled/x.js', false, false],
  ['https://example.com/', true, false],
  ['http://127.0.0.1:4000/', true, false],
  ['ws://127.0.0.1:4000/', true, false],
  ['file:///etc/passwd', true, false],
  ['blob:https://example.com/1', true, false]
])('requests %s with developer tools %s: allowed %s', (url, devTools, allowed) => {
  const session = recorder<Session>()
  denyNetwork(session.as, createRecordingLog(), devTools)
  const answer = session.answerOf('onBeforeRequest', [{ url, resourceType: 'xhr' }])
  expect(answer).toEqual({ cancel: !allowed })
})

it('cancels a download', () => {
  const session = recorder<Session>()
  denyNetwork(session.as, createRecordingLog(), false)
  expect(session.prevents('will-download', {}, { getURL: () => HOME })).toBe(true)
})

it('registers a secure scheme without bypasses', () => {
  expect(pageScheme).toEqual({
    scheme: 'app',
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
  })
})

it('serves known files with the policy, and 404 otherwise', async () => {
  const files = new Map([
    ['/', { body: new TextEncoder().encode('<html>'), contentType: 'text/html; charset=utf-8' }]
  ])
  const log = createRecordingLog()
  const page = answerPageRequest({ method: 'GET', url: HOME }, files, log)
  expect(page.status).toBe(200)
  expect(await page.text()).toBe('<html>')
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'none'")
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  for (const [method, url] of [
    ['GET', 'app://kiosk/../../etc/passwd'],
    ['GET', 'app://kiosk/%2e%2e/package.json'],
    ['GET', 'app://other/'],
    ['POST', HOME]
  ] as const) {
    const missing = answerPageRequest({ method, url }, files, log)
    expect([url, missing.status]).toEqual([url, 404])
    expect(missing.headers.get('content-security-policy')).toContain("default-src 'none'")
  }
})

it('trusts only the main frame of the window on the kiosk’s page', () => {
  const mainFrame = { url: HOME }
  const window = (destroyed: boolean, frame: object = mainFrame) =>
    ({
      isDestroyed: () => destroyed,
      webContents: { mainFrame: frame }
    }) as unknown as BrowserWindow
  const from = (frame: object | null, to: BrowserWindow | null) =>
    senderOf({ senderFrame: frame as never }, to).trusted
  expect(from(mainFrame, window(false))).toBe(true)
  const elsewhere = { url: 'https://example.com/' }
  for (const [frame, to] of [
    [{ url: HOME }, window(false)],
    [null, window(false)],
    [mainFrame, null],
    [mainFrame, window(true)],
    [elsewhere, window(false, elsewhere)]
  ] as const)
    expect(from(frame, to)).toBe(false)
})

it('intercepts the file chooser of each page, and logs a page where it cannot', async () => {
  const commands: string[] = []
  let isAttached = false
  const client = Object.assign(new EventEmitter(), {
    isAttached: () => isAttached,
    attach: () => {
      isAttached = true
    },
    sendCommand: async (name: string) => {
      if (!isAttached) throw new Error('No target available')
      commands.push(name)
    }
  })
  const contents = Object.assign(new EventEmitter(), { debugger: client })
  const log = createRecordingLog()
  denyFileChooser(contents as unknown as Parameters<typeof denyFileChooser>[0], log)
  for (let page = 1; page <= 2; page += 1) {
    contents.emit('did-navigate')
    await expect.poll(() => commands.length).toBe(2 * page)
  }
  expect(commands).toContain('Page.setInterceptFileChooserDialog')
  client.attach = () => {}
  isAttached = false
  contents.emit('did-navigate')
  await expect.poll(() => log.events()).toEqual(['fileChooser.interceptFailed'])
})
