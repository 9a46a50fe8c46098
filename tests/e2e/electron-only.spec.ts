// What only Electron shows: its locks, and a page that goes offline, which in the preview takes the bridge away.
import { kiosk, talkButton, waitUntilReady } from '../../local/drive/screen.ts'
import { expect, test } from './support/fixtures.ts'
import { misbehave, modelState } from './support/model.ts'
import { openSwitch } from './support/switch.ts'

test('a machine that is offline says that, and comes back by itself', async ({ open, stack }) => {
  const model = await openSwitch(stack.openaiUrl)
  const { page, context } = await open({ openaiUrl: model.url })
  await waitUntilReady(page)

  await context.setOffline(true)
  await model.off()
  await misbehave(stack, { dropCalls: { silently: false } })
  await page.waitForSelector('[data-testid=kiosk][data-failure=offline]')
  await expect(page.locator('[data-testid=failure-action]')).toBeVisible()

  await model.on()
  await context.setOffline(false)
  await waitUntilReady(page)
  await expect(page.locator('[data-testid=failure]')).toBeHidden()
  await model.close()
})

test('the page has two functions of main, and nothing of Node or Electron', async ({ open }) => {
  const { page, electronApp } = await open()
  await waitUntilReady(page)

  const seen = await page.evaluate(() => ({
    heard: Object.keys(window.heard).sort(),
    node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window)
  }))
  expect(seen).toEqual({ heard: ['call', 'on'], node: [] })
  // electron-store would answer any frame on a channel of its own; main serves nothing but the contract.
  // "error" is Electron's own.
  const channels = await electronApp?.evaluate(({ ipcMain }) => ipcMain.eventNames())
  expect(channels).toEqual(['error'])
})

test('the page gets the microphone, pedals on the list and nothing else, and cannot leave', async ({
  open,
  stack
}) => {
  const { page, context, log } = await open()
  await waitUntilReady(page)
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
  // Whatever else is plugged into this machine is on no list of pedals.
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
  await expect
    .poll(async () => (await log()).map((line) => line.event))
    .toContain('navigation.denied')
  expect(page.url()).toContain('app://kiosk')
  expect(context.pages()).toHaveLength(1)
})

test('a page that crashes in the middle of a hold comes back by itself, and hears the next press', async ({
  open,
  stack
}) => {
  const { electronApp, page, log } = await open()
  if (electronApp === null) throw new Error('this is not Electron')
  await waitUntilReady(page)
  const before = await modelState(stack)
  await talkButton(page).press()
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  await electronApp.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  )
  await expect
    .poll(async () => (await log()).map((line) => line.event))
    .toContain('window.recovering')

  // A page that crashed is closed to its driver for good: what follows is asked of Electron itself.
  const seen = (name: 'ready' | 'state') =>
    electronApp.evaluate(({ BrowserWindow }, field) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      // Until it is there again it would answer never.
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return null
      return contents.executeJavaScript(
        `document.querySelector('[data-testid=kiosk]')?.dataset.${field}`
      )
    }, name)
  await expect.poll(() => seen('ready'), { timeout: 30_000 }).toBe('true')
  await electronApp.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.sendInputEvent({
      type: 'keyDown',
      keyCode: 'F19'
    })
  )
  await expect.poll(() => seen('state')).toBe('listening')
  // The call of the page that is gone has been hung up, and nothing of its hold was asked.
  const { calls, committed } = await modelState(stack)
  expect(calls.length).toBeLessThanOrEqual(2)
  expect(committed).toBe(before.committed)
})
