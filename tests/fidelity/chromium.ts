// A real Chromium with the official clients in its page, served from loopback, and a file as its microphone.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { build } from 'vite'
import { findChromium } from '../../dev/external-tools.ts'
import type { ReceivedEvent } from './page/clients.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required'
]

/** Scripts by file name; the entry is `clients.js`. */
const bundle = async (): Promise<Map<string, string>> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    // A library build leaves this to whoever uses it: here that is the page.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: {
        entry: fileURLToPath(new URL('./page/clients.ts', import.meta.url)),
        formats: ['es'],
        fileName: 'clients'
      }
    }
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (output === undefined || !('output' in output)) throw new Error('vite built nothing.')
  return new Map(
    output.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code]] : []))
  )
}

let bundled: Promise<Map<string, string>> | null = null

export type Browser = { page: Page; close: () => Promise<void> }

/** @param microphone a WAV that the fake device plays once, from when it is opened. */
export const openBrowser = async (microphone?: string): Promise<Browser> => {
  bundled ??= bundle()
  const scripts = await bundled
  const server = createServer((request, response) => {
    const script = scripts.get((request.url ?? '').slice(1))
    response.setHeader('Content-Type', script === undefined ? 'text/html' : 'text/javascript')
    response.end(
      script ??
        '<!doctype html><title>Fidelity</title><script type="module" src="/clients.js"></script>'
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('Chromium is missing')
  const browser = await chromium.launch({
    executablePath,
    args:
      microphone === undefined
        ? FLAGS
        : [...FLAGS, `--use-file-for-fake-audio-capture=${microphone}%noloop`]
  })
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`In the page: ${error.stack ?? error.message}`))
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.waitForFunction(() => window.fidelity !== undefined)
  return {
    page,
    close: async () => {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

/** Opens a call with `openai`'s own helper; its events are kept in the page. */
export const connectHelper = async (page: Page, url: string, key: string): Promise<void> => {
  await page.evaluate(
    async ([address, secret]) => {
      window.helper = window.fidelity.driveHelper()
      await window.helper.connect(address, secret)
      await window.fidelity.waitFor(window.helper.watch, 'session.created', 0)
    },
    [url, key] as const
  )
}

export const sendEvents = (page: Page, events: readonly object[]): Promise<void> =>
  page.evaluate((all) => {
    for (const event of all) window.helper.sendRaw(JSON.stringify(event))
  }, events)

/** Waits for an event and returns everything seen up to and including it, from `from` on. */
export const waitForEvent = (page: Page, type: string, from = 0): Promise<ReceivedEvent[]> =>
  page.evaluate(
    async ([wanted, start]) => {
      const at = await window.fidelity.waitFor(window.helper.watch, wanted, start)
      return window.helper.watch.seen.slice(start, at + 1)
    },
    [type, from] as const
  )

export const countEvents = (page: Page): Promise<number> =>
  page.evaluate(() => window.helper.watch.seen.length)

/** Types in order, each run of the same type once. */
export const eventTypes = (seen: readonly ReceivedEvent[]): string[] =>
  seen.map(({ event }) => event.type).filter((type, index, all) => type !== all[index - 1])
