// Drives the official clients in a page of a real Chromium.
import type { Page } from '@playwright/test'
import { afterAll, beforeAll } from 'vitest'
import type { ReceivedEvent } from './page/clients.ts'
import { type Browser, bundle, openServedPage, pageScript } from './served-page.ts'
import { SEARCH_FIRST, TYPED_QUESTION } from './stand-in.ts'

export type { Browser }

let bundled: Promise<Map<string, string>> | null = null

/** @param microphone a WAV that the fake device plays once, from its opening. */
export const openBrowser = async (microphone?: string): Promise<Browser> => {
  bundled ??= bundle({
    target: 'esnext',
    lib: { entry: pageScript('clients'), formats: ['es'], fileName: 'clients' }
  })
  const file = microphone === undefined ? undefined : `${microphone}%noloop`
  const browser = await openServedPage(await bundled, '/clients.js', file)
  await browser.page.waitForFunction(() => window.fidelity !== undefined)
  return browser
}

/** The browser of a test file. @param isComplete false: no test can run. @param microphone writes the WAV */
export const setUpBrowser = (
  isComplete: boolean,
  microphone: () => Promise<string | undefined> = async () => undefined
): Browser => {
  const browser: Partial<Browser> = {}
  beforeAll(async () => {
    if (isComplete) Object.assign(browser, await openBrowser(await microphone()))
  })
  afterAll(() => browser.close?.())
  return browser as Browser
}

/** Opens a call with `openai`'s own helper; the page stores its events. */
export const connectHelper = async (page: Page, url: string, key: string): Promise<void> => {
  await page.evaluate(
    async ([address, secret]) => {
      window.helper = window.fidelity.driveHelper()
      await window.helper.connect(address, secret)
      // The last event of the opening: later ones belong to a turn.
      await window.helper.watch.until(({ event }) => event.type === 'conversation.created')
    },
    [url, key] as const
  )
}

export const sendEvents = (page: Page, events: readonly object[]): Promise<void> =>
  page.evaluate((all) => {
    for (const event of all) window.helper.sendRaw(JSON.stringify(event))
  }, events)

/** Returns the events from `from` up to and including the first one of this type. */
export const waitForEvent = (page: Page, type: string, from = 0): Promise<ReceivedEvent[]> =>
  page.evaluate(
    ([wanted, start]) => window.helper.watch.until(({ event }) => event.type === wanted, start),
    [type, from] as const
  )

export const countEvents = (page: Page): Promise<number> =>
  page.evaluate(() => window.helper.watch.seen.length)

/** Types in order, each run of the same type once. */
export const eventTypes = (seen: readonly ReceivedEvent[]): string[] =>
  seen.map(({ event }) => event.type).filter((type, index, all) => type !== all[index - 1])

/** Asks by text and returns the id of the tool call that follows. */
export const askByText = async (page: Page): Promise<string> => {
  const from = await countEvents(page)
  await sendEvents(page, [TYPED_QUESTION, SEARCH_FIRST])
  const done = (await waitForEvent(page, 'response.done', from)).at(-1)?.event
  const call = done?.type === 'response.done' ? done.response.output?.[0] : undefined
  if (call?.type !== 'function_call') throw new Error('The model did not call the tool.')
  return call.call_id ?? ''
}
