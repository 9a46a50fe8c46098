// Serves a bundled script of `page/` on loopback to a real Chromium with a fake microphone.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { type BuildEnvironmentOptions, build } from 'vite'
import { findChromium } from '../../dev/external-tools.ts'

export const CHROMIUM_FLAGS = [
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

export const pageScript = (name: string): string =>
  fileURLToPath(new URL(`./page/${name}.ts`, import.meta.url))

/** Builds a script and its assets; returns them by URL path. */
export const bundle = async (
  options: BuildEnvironmentOptions,
  base = '/'
): Promise<Map<string, string>> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    base,
    // A library build leaves this to its user.
    define: { 'process.env.NODE_ENV': '"production"' },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: { write: false, minify: false, ...options }
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

export const launchChromium = (args: readonly string[] = []) => {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('Chromium is missing')
  return chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...args] })
}

export type Browser = { page: Page; close: () => Promise<void> }

/** Opens a page that loads `entry`. @param microphone file of the fake microphone, with Chromium's own options. */
export const openServedPage = async (
  files: ReadonlyMap<string, string>,
  entry: string,
  microphone?: string,
  headers: Readonly<Record<string, string>> = {}
): Promise<Browser> => {
  const server = createServer(({ url = '' }, response) => {
    const file = files.get(url)
    const type =
      file === undefined ? 'text/html' : url.endsWith('.css') ? 'text/css' : 'text/javascript'
    response.writeHead(200, { ...headers, 'Content-Type': type })
    const style = `${entry.slice(0, -'.js'.length)}.css`
    const link = files.has(style) ? `<link rel="stylesheet" href="${style}">` : ''
    response.end(
      file ??
        `<!doctype html><html lang="en"><title>Test</title>${link}<body><script type="module" src="${entry}"></script>`
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const browser = await launchChromium(
    microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]
  )
  const page = await browser.newPage()
  reportPageErrors(page)
  await page.goto(`http://127.0.0.1:${port}/`, { waitUntil: 'load' })
  return {
    page,
    close: async () => {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

export const reportPageErrors = (page: Page): void => {
  page.on('pageerror', (error) => console.error(`In the page: ${error.stack ?? error.message}`))
}
