// The pictures in docs/, taken of the kiosk as it is. They are written to the reports; with
// HEARD_UPDATE_DOCS=1 to docs/screenshots/ too.
import { copyFile, mkdir } from 'node:fs/promises'
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
} from '../../local/drive/screen.ts'
import { fromProject } from '../../local/paths.ts'
import type { Language } from '../../src/shared/language.ts'
import { expect, test } from './support/fixtures.ts'
import { openSwitch } from './support/switch.ts'

test.use({ answers: 'whole' })

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 }
]
const QUESTIONS: Record<Language, string> = {
  en: 'How hot does chicken have to be?',
  es: '¿A qué temperatura debe llegar el pollo?'
}
/** Nothing that the copy on the kiosk could answer instead. */
const UNANSWERABLE: Record<Language, string> = {
  en: 'What is the capital of Mongolia?',
  es: '¿Cuál es la capital de Mongolia?'
}

for (const viewport of SIZES) {
  for (const language of ['en', 'es'] as const) {
    test(`ready, listening, answer and error at ${viewport.width} in ${language}`, async ({
      open,
      stack
    }) => {
      const backend = await openSwitch(stack.supabaseUrl)
      const { page } = await open({ viewport, supabaseUrl: backend.url })
      const picture = (name: string) => take(page, `${name}-${language}-${viewport.width}.png`)
      await waitUntilReady(page)
      await chooseLanguage(page, language)
      await expectFits(page)
      await picture('notice')
      await page.locator('[data-testid=notices-dismiss]').click()
      await expectFits(page)
      await picture('ready')

      await page.locator('[data-testid=settings-open]').click()
      await expect(page.locator('[data-testid=sign-out]')).toBeVisible()
      for (const tab of ['sound', 'talking', 'call', 'kiosk']) {
        await page.locator(`[data-testid=settings-tab-${tab}]`).click()
        await expectFits(page)
        await picture(`settings-${tab}`)
      }
      await page.locator('[data-testid=settings-close]').click()

      await talkButton(page).press()
      await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
      await page.waitForTimeout(400)
      await picture('listening')
      await talkButton(page).release()

      const turn = (await turnNumber(page)) + 1
      await typeQuestion(page, QUESTIONS[language])
      expect((await waitForAnswer(page, turn)).found).toBe(true)
      await expect(page.locator('[data-testid=answer]')).toContainText('74 °C')
      await expectFits(page)
      await picture('speaking')
      expect((await waitForOutcome(page, turn)).outcome).toBe('answered')
      await expectFits(page)
      await picture('answer')

      await page.locator('[data-testid=settings-open]').click()
      await page.locator('[data-testid=latency-open]').click()
      await expect(page.locator('[data-tally=answered]')).toContainText('1')
      await picture('latency')
      await page.locator('[data-testid=latency-close]').click()
      await page.locator('[data-testid=settings-close]').click()

      await backend.off()
      await typeQuestion(page, QUESTIONS[language])
      await waitForOutcome(page, turn + 1)
      await expect(page.locator('[data-testid=offline-answer]')).toBeVisible()
      await expectFits(page)
      await picture('offline')
      await typeQuestion(page, UNANSWERABLE[language])
      await waitForOutcome(page, turn + 2)
      await expect(page.locator('[data-testid=failure]')).toBeVisible()
      await expectFits(page)
      await picture('error')

      await backend.on()
      await page.locator('[data-testid=settings-open]').click()
      await page.locator('[data-testid=sign-out]').click()
      await expect(page.locator('[data-testid=sign-in-submit]')).toBeVisible()
      await expectFits(page)
      await picture('sign-in')
      await backend.close()
    })
  }
}

/** Nobody scrolls with wet hands: the whole screen is on the screen. */
const expectFits = async (page: Page): Promise<void> => {
  const overflow = await page.evaluate(() => ({
    x: document.documentElement.scrollWidth - window.innerWidth,
    y: document.documentElement.scrollHeight - window.innerHeight
  }))
  expect(overflow).toEqual({ x: 0, y: 0 })
}

/** The pictures that the README and docs/ show. */
const IN_DOCS = /^(ready|listening|answer|error)-(en|es)-1280/

const take = async (page: Page, name: string): Promise<void> => {
  const path = fromProject('reports', 'screenshots', name)
  await page.screenshot({ path })
  if (process.env.HEARD_UPDATE_DOCS !== '1' || !IN_DOCS.test(name)) return
  await mkdir(fromProject('docs', 'screenshots'), { recursive: true })
  await copyFile(path, join(fromProject('docs', 'screenshots'), name))
}
