// Takes the pictures of every screen for the reports, and with HEARD_UPDATE_DOCS=1 those of docs/screenshots/.
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  chooseLanguage,
  kiosk,
  talkButton,
  turnNumber,
  typeQuestion,
  waitForAnswer,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { fromProject } from '../../dev/paths.ts'
import type { Language } from '../../src/shared/language.ts'
import { DEFAULT_SETTINGS } from '../../src/shared/settings.ts'
import { askTyped, CHICKEN_IN, takePicture } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { enterPin, makeGesture, PIN } from './support/pin.ts'
import { injectFaults } from './support/stand-in-control.ts'
import { openTcpProxy } from './support/tcp-proxy.ts'

test.use({ answers: 'whole' })
// One long test per worker.
test.describe.configure({ mode: 'parallel' })

const RESTORED: Record<Language, string> = {
  en: 'The last good settings are in use.',
  es: 'últimos ajustes buenos'
}
/** Not in the offline copy either. */
const UNANSWERABLE: Record<Language, string> = {
  en: 'What is the capital of Mongolia?',
  es: '¿Cuál es la capital de Mongolia?'
}

/** Leaves the file of a power cut during a write, and a backup that differs from the defaults. */
const leaveHalfWritten = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const text = JSON.stringify({ ...DEFAULT_SETTINGS, tailMs: 350 })
  await writeFile(join(folder, 'settings.last-good.json'), text)
  await writeFile(join(folder, 'settings.json'), text.slice(0, 40))
}

for (const language of ['en', 'es'] as const) {
  test(`draws every screen without scrolling in ${language}`, async ({ open, stack }, testInfo) => {
    const backend = await openTcpProxy(stack.supabaseUrl)
    const userDataDir = testInfo.outputPath('data')
    await leaveHalfWritten(userDataDir)
    const { page } = await open({ supabaseUrl: backend.url, userDataDir })
    const picture = (name: string) => take(page, `${name}-${language}`)
    await waitUntilReady(page)
    await chooseLanguage(page, language)
    // The unreadable file stays for diagnosis.
    await expect(page.locator('[data-code=settings_restored]')).toContainText(RESTORED[language])
    expect((await readdir(userDataDir)).join(' ')).toMatch(/settings\.20\S+\.json/)
    const kept = await page.evaluate(() => window.heard.call('kiosk.initialState', {}))
    expect(kept).toMatchObject({ ok: true, value: { settings: { tailMs: 350 } } })
    await picture('notice')
    await page.getByTestId('notices-dismiss').click()
    await picture('ready')

    await page.getByTestId('settings-open').click()
    for (const tab of ['sound', 'talking', 'call', 'kiosk']) {
      await page.locator(`[data-testid=settings-tab-${tab}]`).click()
      await picture(`settings-${tab}`)
    }
    await page.getByTestId('settings-close').click()

    await talkButton(page).press()
    await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
    await page.waitForTimeout(400)
    await picture('listening')
    await talkButton(page).release()
    await expect(kiosk(page)).not.toHaveAttribute('data-state', 'listening')

    const turn = (await turnNumber(page)) + 1
    await typeQuestion(page, CHICKEN_IN[language])
    expect((await waitForAnswer(page, turn)).found).toBe(true)
    await expect(page.getByTestId('answer')).toContainText('74 °C')
    await picture('speaking')
    expect((await waitForOutcome(page, turn)).outcome).toBe('answered')
    await picture('answer')
    await page.getByTestId('citation-open').first().click()
    await expect(page.getByTestId('reader-text').getByTestId('quoted').first()).toBeVisible()
    await picture('section')
    await page.getByTestId('reader-close').click()

    await page.getByTestId('settings-open').click()
    await page.getByTestId('latency-open').click()
    await expect(page.locator('[data-tally=answered]')).toContainText('1')
    await picture('latency')
    await page.getByTestId('latency-other').click()
    await expect(page.locator('[data-cost=text_out] td').first()).not.toHaveText('0')
    await picture('cost')
    await page.getByTestId('latency-close').click()
    await page.getByTestId('settings-close').click()

    // From here on the sound is not needed.
    await injectFaults(stack, { brief: true })
    await backend.off()
    await askTyped(page, CHICKEN_IN[language])
    await expect(page.getByTestId('offline-answer')).toBeVisible()
    await picture('offline')
    await askTyped(page, UNANSWERABLE[language])
    await expect(page.getByTestId('failure')).toBeVisible()
    await picture('error')

    await backend.on()
    await page.getByTestId('settings-open').click()
    await page.getByTestId('settings-tab-kiosk').click()
    await page.getByTestId('pin-set').click()
    await picture('pin-new')
    await enterPin(page, PIN)
    await enterPin(page, PIN)
    await expect(page.getByTestId('pin-state')).toHaveAttribute('data-set', 'true')
    await picture('settings-kiosk-pin')
    await page.getByTestId('settings-close').click()
    await expect(page.getByTestId('settings-open')).toBeHidden()
    await makeGesture(page)
    await enterPin(page, '0000')
    await expect(page.getByTestId('pin-problem')).not.toBeEmpty()
    await picture('pin-wrong')
    await enterPin(page, PIN)
    await page.getByTestId('settings-tab-kiosk').click()
    await page.getByTestId('sign-out').click()
    await expect(page.getByTestId('sign-out-confirm')).toBeVisible()
    await picture('sign-out')
    await page.getByTestId('sign-out-confirm').click()
    await expect(page.getByTestId('sign-in-submit')).toBeVisible()
    await picture('sign-in')
    await backend.close()
  })
}

/** The pictures that the README and docs/ show. */
const IN_DOCS = /^(ready|listening|answer|section|error)-(en|es)/

/** Pixels of the page beyond the screen. */
const overflow = (page: Page): Promise<{ x: number; y: number }> =>
  page.evaluate(() => ({
    x: document.documentElement.scrollWidth - window.innerWidth,
    y: document.documentElement.scrollHeight - window.innerHeight
  }))

/** Takes the picture once the whole screen is on screens of both sizes: wet hands do not scroll. */
const take = async (page: Page, name: string): Promise<void> => {
  // The text is fitted in the frame after a resize.
  const isWhole = () => expect.poll(() => overflow(page)).toEqual({ x: 0, y: 0 })
  const file = await takePicture(page, name, isWhole)
  if (process.env.HEARD_UPDATE_DOCS !== '1' || !IN_DOCS.test(name)) return
  await mkdir(fromProject('docs', 'screenshots'), { recursive: true })
  await copyFile(file, fromProject('docs', 'screenshots', basename(file)))
}
