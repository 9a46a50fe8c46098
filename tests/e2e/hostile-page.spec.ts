// A hostile script in Electron's page: it opens nothing of the system, leaves no window, and finds no password in memory.
import { writeFile } from 'node:fs/promises'
import { waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { eventsOf, expectLogged } from './support/ask.ts'
import { expect, firstAccount, test } from './support/fixtures.ts'
import { childProcesses, memoryContains } from './support/process-memory.ts'

/** Interfaces that open a window or reach a server without a permission. */
const ABSENT = [
  ...['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker'],
  ...['EyeDropper', 'webkitSpeechRecognition']
]

/** In the frame of the attempt before: a frame that is made after a tap has no tap. */
const chooserInFrame = `(() => {
  const field = frames[0].document.createElement('input')
  field.type = 'file'
  field.click()
})()`

/** A script that runs as after a tap, and what its answer, the page's console or main's log says of it. */
const ATTEMPTS: readonly [name: string, script: string, evidence: RegExp][] = [
  ['print', 'print()', /Ignored call to 'print\(\)'/],
  ['alert', 'alert(1)', /Ignored call to 'alert\(\)'/],
  ['confirm', 'confirm(1)', /Ignored call to 'confirm\(\)'/],
  ['prompt', 'prompt(1)', /prompt\(\) is not supported/],
  ['a window', 'open("https://example.com/")', /Blocked opening 'https:\/\/example.com\/'/],
  ['a link to a window', link({ target: '_blank' }), /Blocked opening 'https:\/\/example.com\/'/],
  ['a link to a program', link({ href: 'mailto:a@example.com' }), /navigation\.denied/],
  ['a window above others', 'documentPictureInPicture.requestWindow()', /Blocked opening ''/],
  ['the chooser of a file', input({ type: 'file' }, 'click'), /fileChooser\.denied/],
  ['the picker of a file', input({ type: 'file' }, 'showPicker'), /fileChooser\.denied/],
  [
    'the chooser of a folder',
    input({ type: 'file', webkitdirectory: true }, 'click'),
    /fileChooser\.denied/
  ],
  ['the share dialog', 'navigator.share?.({ title: "x" }) ?? "absent"', /absent|NotAllowedError/],
  ['the clipboard, reading', 'navigator.clipboard.readText()', /NotAllowedError/],
  ['the clipboard, writing', 'navigator.clipboard.writeText("x")', /NotAllowedError/],
  [
    'the clipboard of a window with the focus',
    `['clipboard-read', 'clipboard-write'].filter((name) => document.featurePolicy.allowsFeature(name)).length`,
    /done 0/
  ],
  [
    'the clipboard, pasting',
    `(() => {
      const field = document.createElement('textarea')
      document.body.append(field)
      field.focus()
      document.execCommand('paste')
      field.remove()
      return 'pasted ' + field.value.length
    })()`,
    /pasted 0/
  ],
  ['full screen', 'document.body.requestFullscreen()', /permissions policy/i],
  ['a payment', 'new PaymentRequest([{ supportedMethods: "x" }], {}).show()', /payment/],
  [
    'a passkey',
    'navigator.credentials.get({ publicKey: { challenge: new Uint8Array(16) } })',
    /not enabled in this document/
  ],
  ['a notification', 'Notification.requestPermission()', /denied/],
  ['the keys of the system', 'navigator.keyboard.lock()', /keyboardLock|InvalidStateError/],
  ['the pointer', 'document.body.requestPointerLock()', /Blocked pointer lock/],
  ['a download', link({ href: 'data:text/plain,x', download: 'x.txt' }), /done/],
  [
    'a policy for trusted types',
    'trustedTypes.createPolicy("any", { createHTML: (text) => text })',
    /TypeError/
  ],
  ['a smaller window', 'moveTo(300, 300), resizeTo(200, 200)', /done/],
  [
    'what no option denies, also of a new frame',
    `[window, document.body.appendChild(document.createElement('iframe')).contentWindow].flatMap((each) =>
      ${JSON.stringify(ABSENT)}.filter((name) => name in each)).length`,
    /done 0/
  ],
  ['the chooser of a file in a frame', chooserInFrame, /fileChooser\.denied/]
]

function link(attributes: Record<string, unknown>): string {
  const all = JSON.stringify({ href: 'https://example.com/', ...attributes })
  return `Object.assign(document.createElement('a'), ${all}).click()`
}

function input(attributes: Record<string, unknown>, how: 'click' | 'showPicker'): string {
  return `Object.assign(document.createElement('input'), ${JSON.stringify(attributes)}).${how}()`
}

test('opens nothing of the system for a script of the page', async ({ open }, testInfo) => {
  const opened = await open({ env: { HEARD_KIOSK: '1' } })
  const { page, context, electronApp } = opened
  if (electronApp === null) throw new Error('this is not Electron')
  await waitUntilReady(page)
  const messages: string[] = []
  page.on('console', (message) => messages.push(message.text()))
  const session = await context.newCDPSession(page)
  const stateOf = () =>
    electronApp.evaluate(({ BrowserWindow, clipboard, session: sessions }) => ({
      bounds: BrowserWindow.getAllWindows().map((window) => window.getBounds()),
      clipboard: clipboard.readText(),
      spellChecker: sessions.defaultSession.isSpellCheckerEnabled()
    }))
  await electronApp.evaluate(({ clipboard, session: sessions }) => {
    clipboard.writeText('of IT')
    sessions.defaultSession.on('will-download', (_event, item) =>
      item.once('done', (_done, state) => clipboard.writeText(`download ${state}`))
    )
  })
  const before = await stateOf()
  expect(before).toMatchObject({ clipboard: 'of IT', spellChecker: false })

  // Not Playwright's: a new frame ends its evaluations where main has Chromium's protocol in use, too.
  const run = (script: string) =>
    electronApp.evaluate(
      ({ BrowserWindow }, code): Promise<string> | undefined =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code, true),
      script
    )
  for (const [name, script, evidence] of ATTEMPTS) {
    const [firstMessage, firstEvent] = [messages.length, (await eventsOf(opened)).length]
    const answer = await run(
      `Promise.resolve().then(() => ${script}).then((value) => 'done ' + value, String)`
    )
    await expect
      .configure({ soft: true })
      .poll(
        async () =>
          [
            answer,
            ...messages.slice(firstMessage),
            ...(await eventsOf(opened)).slice(firstEvent)
          ].join('\n'),
        { message: name, timeout: 5_000 }
      )
      .toMatch(evidence)
  }

  const file = testInfo.outputPath('dropped.html')
  await writeFile(file, '<title>dropped</title>')
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [file], dragOperationsMask: 1 }
    await session.send('Input.dispatchDragEvent', { type, x: 9, y: 9, data })
  }
  expect(page.url()).toBe('app://kiosk/')
  expect(context.pages()).toHaveLength(1)
  expect(await stateOf()).toEqual(before)
  expect(await run(`document.querySelector('[data-testid=kiosk]').dataset.ready`)).toBe('true')
})

test('replaces a window that a script closed, and stops though a script objects', async ({
  open
}) => {
  const opened = await open({ env: { HEARD_KIOSK: '1' } })
  const { page, electronApp, stopMain } = opened
  const main = electronApp?.process()
  await waitUntilReady(page)
  const replaced = electronApp?.waitForEvent('window')
  await page.evaluate(() => window.close()).catch(() => null)
  const next = await replaced
  if (next === undefined) throw new Error('this is not Electron')
  await expectLogged(opened, 'window.closedByPage')
  await waitUntilReady(next)
  await next.evaluate(() =>
    window.addEventListener('beforeunload', (event) => event.preventDefault())
  )
  await stopMain()
  expect({ code: main?.exitCode, signal: main?.signalCode }).toEqual({ code: 0, signal: null })
})

test('keeps the password of the sign-in out of renderer, GPU process and zygote', async ({
  open,
  stack
}) => {
  test.skip(process.getuid?.() !== 0, 'Only root reads the memory of sandboxed processes.')
  const { page, electronApp } = await open()
  await waitUntilReady(page)
  const children = childProcesses(electronApp?.process().pid ?? 0)
  const holding = (text: string) =>
    children.filter(({ pid }) => memoryContains(pid, text)).map(({ type }) => type)
  // The search finds what stands in the environment of the processes.
  const found = holding('HEARD_SIGN_IN_PASSWORD_FILE')
  for (const type of ['renderer', 'zygote', 'gpu-process']) expect(found).toContain(type)
  // It sends the sign-in.
  const sender = 'network.mojom.NetworkService'
  const { password } = firstAccount(stack)
  expect(holding(password).filter((type) => type !== sender)).toEqual([])
})
