// Electron's own locks, and an offline page, which in the preview would lose its bridge.
import { kiosk, talkButton, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import type { KioskDriver, KioskLaunchOptions } from '../../dev/drive/launch-kiosk.ts'
import { fromProject } from '../../dev/paths.ts'
import { CALL_NAMES } from '../../src/shared/contract-names.ts'
import { askTyped, CHICKEN, eventsOf, expectLogged } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { childProcesses } from './support/process-memory.ts'
import { injectFaults, modelState } from './support/stand-in-control.ts'
import { openTcpProxy } from './support/tcp-proxy.ts'

type Opened = KioskDriver & { electronApp: NonNullable<KioskDriver['electronApp']> }

/** Opens a kiosk and waits until it is ready. */
const openElectron = async (
  open: (plan: Pick<KioskLaunchOptions, 'env'>) => Promise<KioskDriver>,
  env: KioskLaunchOptions['env'] = {}
): Promise<Opened> => {
  const opened = await open({ env })
  const { electronApp } = opened
  if (electronApp === null) throw new Error('this is not Electron')
  await waitUntilReady(opened.page)
  return { ...opened, electronApp }
}

test('reports an offline machine, and reconnects by itself', async ({ open, stack }) => {
  const model = await openTcpProxy(stack.openaiUrl)
  const { page, context } = await open({ openaiUrl: model.url })
  await waitUntilReady(page)

  await context.setOffline(true)
  await model.off()
  await injectFaults(stack, { dropCalls: { silently: false } })
  await page.waitForSelector('[data-testid=kiosk][data-failure=offline]')
  await expect(page.getByTestId('failure-action')).toBeVisible()

  await model.on()
  await context.setOffline(false)
  await waitUntilReady(page)
  await expect(page.getByTestId('failure')).toBeHidden()
  await model.close()
})

test('gives the page two functions of main, and nothing of Node or Electron', async ({ open }) => {
  const { page, electronApp } = await openElectron(open)

  const seen = await page.evaluate(() => ({
    heard: Object.keys(window.heard).sort(),
    node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window)
  }))
  expect(seen).toEqual({ heard: ['call', 'on'], node: [] })
  // electron-store would answer any frame on a channel of its own; main serves nothing but the contract.
  // "error" is Electron's own.
  const channels = await electronApp.evaluate(({ ipcMain }) => ipcMain.eventNames())
  expect(channels).toEqual(['error'])
})

test('grants the page the microphone and known pedals, and does not let it navigate', async ({
  open,
  stack
}) => {
  const opened = await openElectron(open)
  const { page, context, log } = opened
  const outside = `${stack.supabaseUrl}/health`

  const granted = await page.evaluate(async (url) => {
    const devices = navigator.mediaDevices
    const allows = (ask: Promise<unknown>) =>
      ask.then(
        () => true,
        () => false
      )
    return {
      microphone: await allows(devices.getUserMedia({ audio: true })),
      camera: await allows(devices.getUserMedia({ video: true })),
      both: await allows(devices.getUserMedia({ audio: true, video: true })),
      screen: await allows(devices.getDisplayMedia({ video: true })),
      place: await allows(
        new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))
      ),
      window: window.open(url) !== null
    }
  }, outside)
  expect(granted).toEqual({
    microphone: true,
    camera: false,
    both: false,
    screen: false,
    place: false,
    window: false
  })
  // No other device of this machine is on the list of pedals.
  const pedals = await page.evaluate(async () => ({
    known: (await navigator.hid.getDevices()).length,
    chosen: (await navigator.hid.requestDevice({ filters: [] })).length
  }))
  expect(pedals).toEqual({ known: 0, chosen: 0 })
  expect(await log()).toContainEqual(
    expect.objectContaining({ event: 'permission.denied', permission: 'hid', from: 'no pedal' })
  )

  await page.evaluate((url) => {
    location.href = url
  }, outside)
  await expectLogged(opened, 'navigation.denied')
  expect(page.url()).toContain('app://kiosk')
  expect(context.pages()).toHaveLength(1)
})

test('reloads a page that crashes during a hold, and hears the next press', async ({
  open,
  stack
}) => {
  const opened = await openElectron(open)
  const { electronApp, page } = opened
  const before = await modelState(stack)
  await talkButton(page).press()
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  await electronApp.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  )
  await expectLogged(opened, 'window.recovering')

  // Playwright cannot reach a page that crashed: Electron itself answers from here on.
  const seen = (name: 'ready' | 'state') =>
    electronApp.evaluate(({ BrowserWindow }, field) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      // A page that is not loaded would never answer.
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return null
      return contents.executeJavaScript(
        `document.querySelector('[data-testid=kiosk]')?.dataset.${field}`
      )
    }, name)
  await expect.poll(() => seen('ready'), { timeout: 30_000 }).toBe('true')
  // The page opens no file chooser, also after a crash.
  await electronApp.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
      `Object.assign(document.createElement('input'), { type: 'file' }).click()`,
      true
    )
  )
  await expectLogged(opened, 'fileChooser.denied')
  await electronApp.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.sendInputEvent({
      type: 'keyDown',
      keyCode: 'F19'
    })
  )
  await expect.poll(() => seen('state')).toBe('listening')
  // The crashed page's call is hung up, and its hold is not committed.
  const { calls, committed } = await modelState(stack)
  expect(calls.length).toBeLessThanOrEqual(2)
  expect(committed).toBe(before.committed)
})

test('logs each process that dies, and shows the loss of the network service within three seconds', async ({
  open
}) => {
  const opened = await openElectron(open)
  const { electronApp, page, log } = opened
  await page.evaluate(() => {
    const screen = document.querySelector<HTMLElement>('[data-testid=kiosk]')
    const watch = new MutationObserver(() => {
      if (screen?.dataset.ready !== 'true')
        document.documentElement.dataset.lostAt ??= String(Date.now())
    })
    if (screen !== null) watch.observe(screen, { attributeFilter: ['data-ready'] })
  })
  const kill = async (type: string) => {
    const children = childProcesses(electronApp.process().pid ?? 0)
    const pid = children.find((child) => child.type === type)?.pid
    if (pid === undefined) throw new Error(`there is no ${type}`)
    process.kill(pid, 'SIGKILL')
    const gone = { event: 'process.gone', reason: 'killed' }
    const named = type.includes('.') ? { service: type } : { type: 'GPU' }
    await expect.poll(log).toContainEqual(expect.objectContaining({ ...gone, ...named }))
  }
  for (const type of ['gpu-process', 'audio.mojom.AudioService']) await kill(type)
  const killedAtMs = Date.now()
  await kill('network.mojom.NetworkService')
  const lostAt = () => page.locator('html').getAttribute('data-lost-at')
  await expect.poll(lostAt).not.toBeNull()
  expect(Number(await lostAt()) - killedAtMs).toBeLessThan(3_000)
  await waitUntilReady(page)
  expect((await askTyped(page, CHICKEN)).outcome).toBe('answered')
})

test('sets every window option, whatever Electron’s defaults become', async ({ open }) => {
  const { electronApp } = await openElectron(open)
  const made = await electronApp.evaluate(({ app, BrowserWindow, Menu }) => {
    const [window] = BrowserWindow.getAllWindows()
    // Electron's own record of what a window was made with; not in its types.
    const contents = window?.webContents as unknown as { getLastWebPreferences(): object }
    return {
      windows: BrowserWindow.getAllWindows().length,
      menu: Menu.getApplicationMenu(),
      preferences: contents.getLastWebPreferences(),
      isPackaged: app.isPackaged
    }
  })
  expect(made).toMatchObject({
    windows: 1,
    menu: null,
    preferences: {
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false
    }
  })
  expect(made.preferences).toHaveProperty('enableBlinkFeatures', '')
})

test('blocks shortcuts, and hears the talk key with any modifier', async ({ open }) => {
  const { electronApp, page } = await openElectron(open)
  await page.evaluate(() => {
    document.documentElement.dataset.loaded = 'once'
    for (const type of ['keydown', 'keyup']) {
      window.addEventListener(type, (event) => {
        const { dataset } = document.documentElement
        if (event instanceof KeyboardEvent)
          dataset.keys = `${dataset.keys ?? ''} ${type}:${event.code}`
      })
    }
  })
  const send = (type: 'keyDown' | 'keyUp', keyCode: string, modifiers: 'control'[] = []) =>
    electronApp.evaluate(
      ({ BrowserWindow }, input) =>
        BrowserWindow.getAllWindows()[0]?.webContents.sendInputEvent(input),
      { type, keyCode, modifiers }
    )
  for (const keyCode of ['r', 'w', 'p', '-', '+', 'Tab'])
    await send('keyDown', keyCode, ['control'])
  // Plain keys may be a pedal's: they reach the page and do nothing.
  for (const keyCode of ['F5', 'F11', 'F12']) {
    await send('keyDown', keyCode)
    await send('keyUp', keyCode)
  }
  await expect(page.locator('html')).toHaveAttribute(
    'data-keys',
    ' keydown:F5 keyup:F5 keydown:F11 keyup:F11 keydown:F12 keyup:F12'
  )
  await send('keyDown', 'F19', ['control'])
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  await send('keyUp', 'F19', ['control'])
  await expect(kiosk(page)).not.toHaveAttribute('data-state', 'listening')

  await expect(page.locator('html')).toHaveAttribute('data-loaded', 'once')
  const after = await electronApp.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    return {
      zoom: window?.webContents.getZoomFactor(),
      devTools: window?.webContents.isDevToolsOpened(),
      fullScreen: window?.isFullScreen()
    }
  })
  expect(after).toEqual({ zoom: 1, devTools: false, fullScreen: false })
})

test('fills the display in kiosk mode, refuses to close or zoom, and stops with main', async ({
  open
}) => {
  const opened = await openElectron(open, { HEARD_KIOSK: '1' })
  const { electronApp, page, context, stopMain } = opened
  const seen = await electronApp.evaluate(({ BrowserWindow, screen }) => {
    const [window] = BrowserWindow.getAllWindows()
    window?.close()
    return {
      kiosk: window?.isKiosk(),
      bounds: window?.getBounds(),
      display: screen.getPrimaryDisplay().bounds,
      windows: BrowserWindow.getAllWindows().length
    }
  })
  expect(seen).toMatchObject({ kiosk: true, bounds: seen.display, windows: 1 })
  await expectLogged(opened, 'window.closeDenied')

  const session = await context.newCDPSession(page)
  await session.send('Input.synthesizePinchGesture', { x: 400, y: 400, scaleFactor: 2 })
  expect(await page.evaluate(() => window.visualViewport?.scale)).toBe(1)
  await stopMain()
  expect(await eventsOf(opened)).toContain('kiosk.stopped')
})

test('closes a full-screen kiosk from its settings', async ({ open }) => {
  const opened = await openElectron(open, { HEARD_KIOSK: '1' })
  const { electronApp, page } = opened
  await expect(page.locator('[data-testid=notice][data-code=no_pin]')).toBeVisible()
  const closed = electronApp.waitForEvent('close')
  await page.getByTestId('settings-open').click()
  await page.getByTestId('exit').click()
  await closed
  expect(await eventsOf(opened)).toEqual(
    expect.arrayContaining(['maintenance.exiting', 'kiosk.stopped'])
  )
})

test('refuses and counts hostile messages from inside Electron, and goes on', async ({ open }) => {
  const { electronApp, page, log } = await openElectron(open)
  const names = [...CALL_NAMES]
  const fromPage = await page.evaluate(async (calls) => {
    const bad: unknown[] = [null, 7, 'x', [], { surprise: 1 }, { __proto__: null, a: 1 }, true]
    // As an injected script would: over the bridge, without the types.
    const bridge = window.heard as unknown as {
      call: (name: unknown, input: unknown) => Promise<{ ok: boolean }>
    }
    const answers: boolean[] = []
    for (const name of [...calls, 'nope', '__proto__', 7, null, {}]) {
      for (const input of bad) answers.push((await bridge.call(name, input)).ok)
    }
    return { sent: answers.length, answered: answers.filter((ok) => ok).length }
  }, names)
  expect(fromPage).toEqual({ sent: (names.length + 5) * 7, answered: 0 })

  // A second window on the same address is not the kiosk's window.
  const fromElsewhere = await electronApp.evaluate(
    async ({ BrowserWindow }, { calls, preload }) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await other.loadURL('app://kiosk/')
      const answers: { ok: boolean; error?: { code: string } }[] =
        await other.webContents.executeJavaScript(
          `Promise.all(${JSON.stringify(calls)}.map((name) => window.heard.call(name, {})))`
        )
      other.destroy()
      return answers.map(({ ok, error }) => (ok ? 'answered' : error?.code))
    },
    { calls: names, preload: fromProject('out/preload/index.cjs') }
  )
  expect(fromElsewhere).toEqual(names.map(() => 'forbidden_sender'))

  const refused = (await log()).filter(({ event }) => event === 'contract.rejected')
  const count = (code: string) => refused.filter((line) => line.code === code).length
  // A name without a channel never leaves the preload.
  expect(count('bad_request')).toBe(names.length * 7)
  expect(count('forbidden_sender')).toBeGreaterThanOrEqual(names.length)
  await waitUntilReady(page)
})
