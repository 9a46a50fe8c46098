// The thumbs under a finished answer: when they are there, who can press them, and what becomes of a press.
import type { Locator, Page } from '@playwright/test'
import {
  chooseLanguage,
  F19_KEY_CODE,
  heldKey,
  holdWhileSpeaking,
  kiosk,
  talkButton,
  turnNumber,
  typeQuestion,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { fromProject } from '../../dev/paths.ts'
import type { Thumb } from '../../src/shared/rating.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { openTcpProxy } from './support/tcp-proxy.ts'

const CHICKEN = 'How hot does chicken have to be?'
const HANDS = 'How long do I wash my hands?'
/** Read out whole in a few seconds. */
const SINKS = 'What order are the three sinks in?'
const WIFI = 'What is the wifi password?'

const row = (page: Page): Locator => page.locator('[data-testid=rating]')
const words = (page: Page): Locator => page.locator('[data-testid=rating-words]')
const thumb = (page: Page, which: Thumb): Locator => page.locator(`[data-testid=rate-${which}]`)

const askAndWait = async (page: Page, question: string) => {
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, question)
  return waitForOutcome(page, turn)
}

test('a thumb down is with the manager, changes to a thumb up, and goes with the next press', async ({
  open,
  restaurant
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  await expect(row(page)).toHaveCount(0)
  await askAndWait(page, CHICKEN)
  await expect(words(page)).toHaveText('Did this help?')

  await thumb(page, 'down').click()
  await expect(words(page)).toHaveText('Thank you.')
  await expect(thumb(page, 'down')).toHaveAttribute('aria-pressed', 'true')
  expect(await restaurant.lastAsked()).toMatchObject({ question: CHICKEN, rating: 'down' })

  await thumb(page, 'up').click()
  await expect(thumb(page, 'up')).toHaveAttribute('aria-pressed', 'true')
  await expect(thumb(page, 'down')).toHaveAttribute('aria-pressed', 'false')
  await expect(words(page)).toHaveAttribute('data-state', 'sent')
  expect(await restaurant.lastAsked()).toMatchObject({ rating: 'up' })

  await talkButton(page).press()
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  await expect(row(page)).toHaveCount(0)
  await talkButton(page).release()
})

test.describe('while the answer is read out', () => {
  test.use({ answers: 'whole' })

  test('nobody can press them yet, and nothing moves when they come', async ({ open }) => {
    const { page } = await open()
    await waitUntilReady(page)
    const turn = (await turnNumber(page)) + 1
    await typeQuestion(page, SINKS)
    await expect(kiosk(page)).toHaveAttribute('data-state', 'speaking')
    await expect(row(page)).toHaveAttribute('data-place', 'reserved')
    await expect(thumb(page, 'up')).toBeHidden()
    const box = () => page.locator('[data-testid=answer]').boundingBox()
    await expect(page.locator('[data-testid=answer]')).toContainText('wash, rinse, sanitize')
    const before = await box()
    await waitForOutcome(page, turn)
    await expect(thumb(page, 'up')).toBeVisible()
    expect(await box()).toEqual(before)
  })
})

test('an honest no can be rated, in Spanish, with the keyboard alone', async ({
  open,
  restaurant
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  await chooseLanguage(page, 'es')
  const seen = await askAndWait(page, '¿Cuál es la contraseña del wifi?')
  expect(seen.outcome).toBe('not_found')
  await expect(words(page)).toHaveText('¿Te sirvió?')

  await page.locator('[data-testid=question-send]').focus()
  await page.keyboard.press('Tab')
  await expect(thumb(page, 'up')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(thumb(page, 'down')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(words(page)).toHaveText('Gracias.')
  const asked = await restaurant.lastAsked()
  expect(asked).toMatchObject({ outcome: 'not_found', rating: 'down' })
})

test('a spoken question is rated with the time from its release to the first sound', async ({
  open,
  restaurant,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({ microphone: microphone.path })
  await waitUntilReady(page)
  const turn = (await turnNumber(page)) + 1
  await holdWhileSpeaking(page, microphone, await heldKey(page, 'F19', F19_KEY_CODE))
  await waitForOutcome(page, turn)

  await thumb(page, 'up').click()
  await expect(words(page)).toHaveText('Thank you.')
  const asked = await restaurant.lastAsked()
  expect(asked).toMatchObject({ rating: 'up', time_to_first_audio_ms: expect.any(Number) })
  expect(asked?.time_to_first_audio_ms).toBeGreaterThan(0)
})

test('a thumb that cannot be sent says so, and is sent when the handbook answers again', async ({
  open,
  restaurant,
  stack
}) => {
  const backend = await openTcpProxy(stack.supabaseUrl)
  const { page } = await open({ supabaseUrl: backend.url })
  await waitUntilReady(page)
  await askAndWait(page, WIFI)

  await backend.off()
  await thumb(page, 'down').click()
  await expect(words(page)).toHaveText('Thank you. It goes out when the network is back.')
  expect(await restaurant.lastAsked()).toMatchObject({ rating: null })

  await backend.on()
  await askAndWait(page, HANDS)
  // The thumb is the earlier question's; the later one has none.
  await expect.poll(() => restaurant.ratingOf(WIFI)).toBe('down')
  expect(await restaurant.lastAsked()).toMatchObject({ rating: null })
  await backend.close()
})

test('an answer from the copy on the kiosk, which the backend knows nothing of, has no thumbs', async ({
  open,
  stack
}) => {
  const backend = await openTcpProxy(stack.supabaseUrl)
  const opened = await open({ supabaseUrl: backend.url })
  const { page } = opened
  await waitUntilReady(page)
  await expect
    .poll(async () => (await opened.log()).map(({ event }) => event))
    .toContain('handbook.copyRefreshed')
  await backend.off()
  await askAndWait(page, CHICKEN)
  await expect(page.locator('[data-testid=offline-answer]')).toBeVisible()
  await expect(row(page)).toHaveCount(0)
  await backend.close()
})

for (const language of ['en', 'es'] as const) {
  test(`they are large enough for wet hands and away from the talk button, in ${language}`, async ({
    open
  }) => {
    const { page } = await open()
    await waitUntilReady(page)
    await chooseLanguage(page, language)
    await askAndWait(page, language === 'en' ? CHICKEN : '¿A qué temperatura debe llegar el pollo?')
    for (const { width, height } of [
      { width: 1280, height: 800 },
      { width: 1920, height: 1080 }
    ]) {
      await page.setViewportSize({ width, height })
      const talk = await page.locator('[data-testid=talk]').boundingBox()
      for (const which of ['up', 'down'] as const) {
        const box = await thumb(page, which).boundingBox()
        expect(box?.height).toBeGreaterThanOrEqual(72)
        expect(box?.width).toBeGreaterThanOrEqual(72)
        // Across the screen.
        expect((box?.x ?? 0) - ((talk?.x ?? 0) + (talk?.width ?? 0))).toBeGreaterThan(width / 3)
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height)
      }
      // What is written in the field is not cut off by them.
      const field = page.locator('[data-testid=question-input]')
      expect(
        await field.evaluate((input: HTMLInputElement) => {
          input.value = input.placeholder
          const isCut = input.scrollWidth > input.clientWidth
          input.value = ''
          return isCut
        })
      ).toBe(false)
      await page.screenshot({
        path: fromProject('reports', 'screenshots', `rating-${language}-${width}.png`)
      })
    }
    await thumb(page, 'down').click()
    await expect(words(page)).toHaveAttribute('data-state', 'sent')
    await page.screenshot({
      path: fromProject('reports', 'screenshots', `rated-${language}-1920.png`)
    })
  })
}
