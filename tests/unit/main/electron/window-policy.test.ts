// What the window may do, asked of the handlers that Electron would ask.
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
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

/** Electron's objects as far as they are handed a handler: what was set can be called. */
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
    if (handler === undefined) throw new Error(`${name} was never set`)
    return handler(...given)
  }
  return { as: proxy as T, ask, events }
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
])('knows whether %s is a page of the kiosk', (url, expected) => {
  expect(isKioskUrl(url)).toBe(expected)
})

const granted = (permission: string, details: object): boolean => {
  const session = recorder<Session>()
  restrictPermissions(session.as, createRecordingLog())
  let answer: unknown
  session.ask(
    'setPermissionRequestHandler',
    null,
    permission,
    (given: unknown) => {
      answer = given
    },
    { isMainFrame: true, requestingUrl: HOME, ...details }
  )
  return answer === true
}

it('grants the page its microphone, its choice of speaker and its pedals', () => {
  expect(granted('media', { mediaTypes: ['audio'] })).toBe(true)
  expect(granted('speaker-selection', {})).toBe(true)
  expect(granted('hid', {})).toBe(true)
})

it.each([
  ['media', { mediaTypes: ['video'] }],
  ['media', { mediaTypes: ['audio', 'video'] }],
  ['media', { mediaTypes: [] }],
  ['media', {}],
  ['media', { mediaTypes: ['audio'], isMainFrame: false }],
  ['media', { mediaTypes: ['audio'], requestingUrl: 'https://example.com/' }],
  ['speaker-selection', { isMainFrame: false }],
  ['geolocation', {}],
  ['notifications', {}],
  ['clipboard-read', {}],
  ['display-capture', {}],
  ['hid', { isMainFrame: false }],
  ['hid', { requestingUrl: 'https://example.com/' }],
  ['usb', {}],
  ['serial', {}],
  ['openExternal', {}],
  ['fullscreen', {}]
])('denies %s with %j', (permission, details) => {
  expect(granted(permission, details)).toBe(false)
})

it('answers checks as it answers requests', () => {
  const session = recorder<Session>()
  restrictPermissions(session.as, createRecordingLog())
  const check = (permission: string, origin: string, details: object) =>
    session.ask('setPermissionCheckHandler', null, permission, origin, {
      isMainFrame: true,
      ...details
    })
  expect(check('media', HOME, { mediaType: 'audio' })).toBe(true)
  expect(check('speaker-selection', HOME, {})).toBe(true)
  expect(check('hid', HOME, {})).toBe(true)
  // What Electron says of every page: it does not know the frame here.
  expect(check('hid', HOME, { isMainFrame: false })).toBe(true)
  expect(check('hid', 'https://example.com', {})).toBe(false)
  expect(check('usb', HOME, {})).toBe(false)
  expect(check('media', HOME, { mediaType: 'video' })).toBe(false)
  expect(check('media', HOME, { mediaType: 'unknown' })).toBe(false)
  expect(check('media', HOME, { mediaType: 'audio', isMainFrame: false })).toBe(false)
  expect(check('media', 'https://example.com', { mediaType: 'audio' })).toBe(false)
  expect(check('clipboard-sanitized-write', HOME, {})).toBe(false)
})

it('chooses no usb device, no serial port, no screen and no bluetooth pairing for anyone', () => {
  const session = recorder<Session>()
  restrictPermissions(session.as, createRecordingLog())
  const answers: unknown[] = []
  const remember = (answer?: unknown) => answers.push(answer)
  session.ask('setDisplayMediaRequestHandler', { securityOrigin: HOME }, remember)
  session.ask('setBluetoothPairingHandler', { deviceId: 'x' }, remember)
  let prevented = 0
  const event = { preventDefault: () => (prevented += 1) }
  session.events.emit('select-usb-device', event, {}, remember)
  session.events.emit('select-serial-port', event, [], {}, remember)
  expect(answers).toEqual([{}, { confirmed: false }, undefined, ''])
  expect(prevented).toBe(2)
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
])('may the page open %s (%s)?', (_what, deviceType, device, origin, expected) => {
  const session = recorder<Session>()
  restrictPermissions(session.as, createRecordingLog())
  expect(session.ask('setDevicePermissionHandler', { deviceType, device, origin })).toBe(expected)
})

it.each([
  ['the only pedal there is', [KEYBOARD, INFINITY], { url: HOME, parent: null }, 'infinity'],
  ['the first of several', [FOOT_CONTROL, INFINITY], { url: HOME, parent: null }, 'acc2310'],
  ['none among keyboards', [KEYBOARD], { url: HOME, parent: null }, ''],
  ['none for a frame inside', [INFINITY], { url: HOME, parent: {} }, ''],
  ['none for another page', [INFINITY], { url: 'https://example.com/', parent: null }, ''],
  ['none for a frame that is gone', [INFINITY], null, '']
])('chooses %s', (_what, deviceList, frame, expected) => {
  const session = recorder<Session>()
  restrictPermissions(session.as, createRecordingLog())
  let prevented = false
  let chosen: unknown = null
  const event = { preventDefault: () => (prevented = true) }
  session.events.emit('select-hid-device', event, { deviceList, frame }, (id: unknown) => {
    chosen = id
  })
  expect([chosen, prevented]).toEqual([expected, true])
})

it('lets the page reload and go nowhere else', () => {
  const contents = recorder<WebContents>()
  const log = createRecordingLog()
  denyNavigation(contents.as, log)
  const prevented = (event: string, details: object): boolean => {
    let was = false
    contents.events.emit(event, { ...details, preventDefault: () => (was = true) })
    return was
  }
  expect(prevented('will-navigate', { url: HOME })).toBe(false)
  expect(prevented('will-frame-navigate', { url: HOME, isMainFrame: true })).toBe(false)
  expect(prevented('will-frame-navigate', { url: HOME, isMainFrame: false })).toBe(true)
  expect(prevented('will-navigate', { url: 'app://kiosk/other.html' })).toBe(true)
  expect(prevented('will-navigate', { url: 'https://example.com/' })).toBe(true)
  expect(prevented('will-redirect', { url: HOME })).toBe(true)
  expect(prevented('will-attach-webview', {})).toBe(true)
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
])('requests %s with developer tools %s: %s', (url, devTools, allowed) => {
  const session = recorder<Session>()
  denyNetwork(session.as, createRecordingLog(), devTools)
  let answer: unknown
  session.ask('onBeforeRequest', { url, resourceType: 'xhr' }, (given: unknown) => {
    answer = given
  })
  expect(answer).toEqual({ cancel: !allowed })
})

it('cancels a download', () => {
  const session = recorder<Session>()
  denyNetwork(session.as, createRecordingLog(), false)
  let prevented = false
  const event = { preventDefault: () => (prevented = true) }
  session.events.emit('will-download', event, { getURL: () => HOME })
  expect(prevented).toBe(true)
})

it('registers a secure scheme that bypasses nothing', () => {
  expect(pageScheme).toEqual({
    scheme: 'app',
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
  })
})

it('serves the files that it knows with the policy, and 404 for the rest', async () => {
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

it('trusts the main frame of the window on the kiosk’s page, and no other frame', () => {
  const mainFrame = { url: HOME }
  const window = (destroyed: boolean, frame: object = mainFrame) =>
    ({
      isDestroyed: () => destroyed,
      webContents: { mainFrame: frame }
    }) as unknown as BrowserWindow
  const from = (frame: object | null, to: BrowserWindow | null) =>
    senderOf({ senderFrame: frame as never }, to).trusted
  expect(from(mainFrame, window(false))).toBe(true)
  expect(from({ url: HOME }, window(false))).toBe(false)
  expect(from(null, window(false))).toBe(false)
  expect(from(mainFrame, null)).toBe(false)
  expect(from(mainFrame, window(true))).toBe(false)
  const elsewhere = { url: 'https://example.com/' }
  expect(from(elsewhere, window(false, elsewhere))).toBe(false)
})
