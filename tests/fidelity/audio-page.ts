// The kiosk's audio folder in a real Chromium, built with its worklets as the kiosk is, served under the kiosk's
// own headers, with a file as its microphone.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { build } from 'vite'
import { findChromium } from '../../dev/external-tools.ts'
import { pageHeaders } from '../../src/main/renderer-page.ts'

export const AUDIO_FLAGS = [
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

/** A script of `page/`. */
export type AudioEntry = 'audio' | 'player' | 'websocket-transport'

/** Scripts by URL path; the entry is `/audio.js`, the worklets are files of their own. */
export const bundlePage = async (entry: AudioEntry): Promise<Map<string, string>> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    // As electron-vite builds the kiosk's page.
    base: './',
    build: {
      write: false,
      minify: false,
      target: 'chrome130',
      rolldownOptions: {
        input: { audio: fileURLToPath(new URL(`./page/${entry}.ts`, import.meta.url)) },
        output: { entryFileNames: '[name].js' }
      }
    }
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (output === undefined || !('output' in output)) throw new Error('vite built nothing.')
  return new Map(
    output.output.map((file) => [
      `/${file.fileName}`,
      file.type === 'chunk' ? file.code : Buffer.from(file.source).toString('utf8')
    ])
  )
}

export type AudioPage = { page: Page; scripts: readonly string[]; close: () => Promise<void> }

/** @param microphone a WAV that the fake device plays in a loop, from when it is opened */
export const openAudioPage = async (
  microphone: string,
  entry: AudioEntry = 'audio'
): Promise<AudioPage> => {
  const scripts = await bundlePage(entry)
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '')
    for (const [name, value] of Object.entries(pageHeaders("'none'"))) {
      response.setHeader(name, value)
    }
    response.setHeader('Content-Type', script === undefined ? 'text/html' : 'text/javascript')
    response.end(
      script ?? '<!doctype html><title>Audio</title><script type="module" src="/audio.js"></script>'
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('Chromium is missing')
  const browser = await chromium.launch({
    executablePath,
    args: [...AUDIO_FLAGS, `--use-file-for-fake-audio-capture=${microphone}`]
  })
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`In the page: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`In the page: ${message.text()}`)
  })
  await page.goto(`http://127.0.0.1:${port}/`, { waitUntil: 'load' })
  return {
    page,
    scripts: [...scripts.keys()],
    close: async () => {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
