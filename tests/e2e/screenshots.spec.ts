// The pictures in docs/, taken of the kiosk as it is. They are written to the reports; with
// HEARD_UPDATE_DOCS=1 to docs/screenshots/ too.
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
import { expect, test } from './support/fixtures.ts'
import { injectFaults } from './support/stand-in-control.ts'
import { openTcpProxy } from './support/tcp-proxy.ts'

test.use({ answers: 'whole' })
// Long ones, each with its own kiosk: both workers take their share.
test.describe.configure({ mode: 'parallel' })

/** Every picture is taken in both, of the same kiosk: the screen fits itself to whatever it is on. */
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 }
] as const
const QUESTIONS: Record<Language, string> = {
  en: 'How hot does chicken have to be?',
  es: '¿A qué temperatura debe llegar el pollo?'
}
const RESTORED: Record<Language, string> = {
  en: 'The last good settings are in use.',
  es: 'últimos ajustes buenos'
}
/** Nothing that the copy on the kiosk could answer instead. */
const UNANSWERABLE: Record<Language, string> = {
  en: 'What is the capital of Mongolia?',
  es: '¿Cuál es la capital de Mongolia?'
}

/** What a power cut in the middle of a write leaves, beside the backup that says something else than the defaults. */
const leaveHalfWritten = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const text = JSON.stringify({ ...DEFAULT_SETTINGS, tailMs: 350 })
  await writeFile(join(folder, 'settings.last-good.json'), text)
  await writeFile(join(folder, 'settings.json'), text.slice(0, 40))
}

const PIN = '40961'
const enter = async (page: Page, pin: string): Promise<void> => {
  for (const digit of pin) await page.getByTestId(`pin-${digit}`).click()
  await page.getByTestId('pin-confirm').click()
}

for (const language of ['en', 'es'] as const) {
  test(`ready, listening, answer, error, and behind the PIN in ${language}`, async ({
    open,
    stack
  }, testInfo) => {
    const backend = await openTcpProxy(stack.supabaseUrl)
    const userDataDir = testInfo.outputPath('data')
    await leaveHalfWritten(userDataDir)
    const { page } = await open({ supabaseUrl: backend.url, userDataDir })
    const picture = (name: string) => take(page, `${name}-${language}`)
    await waitUntilReady(page)
    await chooseLanguage(page, language)
    // Said on the screen; and the file is there for whoever wants to know what happened to it.
    await expect(page.locator('[data-code=settings_restored]')).toContainText(RESTORED[language])
    expect((await readdir(userDataDir)).join(' ')).toMatch(/settings\.20\S+\.json/)
    const kept = await page.evaluate(() => window.heard.call('kiosk.initialState', {}))
    expect(kept).toMatchObject({ ok: true, value: { settings: { tailMs: 350 } } })
    await picture('notice')
    await page.locator('[data-testid=notices-dismiss]').click()
    await picture('ready')

    await page.locator('[data-testid=settings-open]').click()
    await expect(page.locator('[data-testid=sign-out]')).toBeVisible()
    for (const tab of ['sound', 'talking', 'call', 'kiosk']) {
      await page.locator(`[data-testid=settings-tab-${tab}]`).click()
      await picture(`settings-${tab}`)
    }
    await page.locator('[data-testid=settings-close]').click()

    await talkButton(page).press()
    await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
    await page.waitForTimeout(400)
    await picture('listening')
    await talkButton(page).release()
    await expect(kiosk(page)).not.toHaveAttribute('data-state', 'listening')

    const turn = (await turnNumber(page)) + 1
    await typeQuestion(page, QUESTIONS[language])
    expect((await waitForAnswer(page, turn)).found).toBe(true)
    await expect(page.locator('[data-testid=answer]')).toContainText('74 °C')
    await picture('speaking')
    expect((await waitForOutcome(page, turn)).outcome).toBe('answered')
    await picture('answer')

    await page.locator('[data-testid=settings-open]').click()
    await page.locator('[data-testid=latency-open]').click()
    await expect(page.locator('[data-tally=answered]')).toContainText('1')
    await picture('latency')
    await page.locator('[data-testid=latency-close]').click()
    await page.locator('[data-testid=settings-close]').click()

    // From here on the words are looked at alone.
    await injectFaults(stack, { brief: true })
    await backend.off()
    await typeQuestion(page, QUESTIONS[language])
    await waitForOutcome(page, turn + 1)
    await expect(page.locator('[data-testid=offline-answer]')).toBeVisible()
    await picture('offline')
    await typeQuestion(page, UNANSWERABLE[language])
    await waitForOutcome(page, turn + 2)
    await expect(page.locator('[data-testid=failure]')).toBeVisible()
    await picture('error')

    await backend.on()
    await page.locator('[data-testid=settings-open]').click()
    await page.locator('[data-testid=settings-tab-kiosk]').click()
    await page.locator('[data-testid=pin-set]').click()
    await picture('pin-new')
    await enter(page, PIN)
    await enter(page, PIN)
    await expect(page.locator('[data-testid=pin-state]')).toHaveAttribute('data-set', 'true')
    await picture('settings-kiosk-pin')
    await page.locator('[data-testid=settings-close]').click()
    await expect(page.locator('[data-testid=settings-open]')).toBeHidden()
    const brand = page.locator('[data-testid=brand]')
    for (let taps = 0; taps < 4; taps += 1) await brand.click()
    await brand.hover()
    await page.mouse.down()
    await expect(page.locator('[data-testid=pin]')).toBeVisible()
    await page.mouse.up()
    await enter(page, '0000')
    await expect(page.locator('[data-testid=pin-problem]')).not.toBeEmpty()
    await picture('pin-wrong')
    await enter(page, PIN)
    await page.locator('[data-testid=sign-out]').click()
    await expect(page.locator('[data-testid=sign-in-submit]')).toBeVisible()
    await picture('sign-in')
    await backend.close()
  })
}

/** The pictures that the README and docs/ show. */
const IN_DOCS = /^(ready|listening|answer|error)-(en|es)-1280/

/** How much of the page is beyond the screen. */
const overflow = (page: Page): Promise<{ x: number; y: number }> =>
  page.evaluate(() => ({
    x: document.documentElement.scrollWidth - window.innerWidth,
    y: document.documentElement.scrollHeight - window.innerHeight
  }))

/** Takes one picture in each size, in which nobody scrolls with wet hands: the whole screen is on the screen. */
const take = async (page: Page, name: string): Promise<void> => {
  for (const size of SIZES) {
    await page.setViewportSize(size)
    // The text is fitted in the frame after.
    await expect.poll(() => overflow(page)).toEqual({ x: 0, y: 0 })
    const file = `${name}-${size.width}.png`
    const path = fromProject('reports', 'screenshots', file)
    await page.screenshot({ path })
    if (process.env.HEARD_UPDATE_DOCS !== '1' || !IN_DOCS.test(file)) continue
    await mkdir(fromProject('docs', 'screenshots'), { recursive: true })
    await copyFile(path, join(fromProject('docs', 'screenshots'), file))
  }
}
