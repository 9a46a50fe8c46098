// The thumbs under a finished answer.
import type { Locator, Page } from '@playwright/test'
import {
  chooseLanguage,
  kiosk,
  talkButton,
  typeQuestion,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import type { Thumb } from '../../src/shared/rating.ts'
import { askTyped, CHICKEN_IN, takePicture } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { injectFaults } from './support/stand-in-control.ts'

/** Its answer is spoken in a few seconds. */
const SINKS = 'What order are the three sinks in?'

const row = (page: Page): Locator => page.getByTestId('rating')
const words = (page: Page): Locator => page.getByTestId('rating-words')
const thumb = (page: Page, which: Thumb): Locator => page.getByTestId(`rate-${which}`)

test.use({ answers: 'whole' })

test('reserves the place of the thumbs, sends and changes a rating, and removes it with the next press', async ({
  open,
  restaurant,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  await expect(row(page)).toHaveCount(0)
  await typeQuestion(page, SINKS)
  await expect(kiosk(page)).toHaveAttribute('data-state', 'speaking')
  await expect(row(page)).toHaveAttribute('data-place', 'reserved')
  await expect(thumb(page, 'up')).toBeHidden()
  const answer = page.getByTestId('answer')
  await expect(answer).toContainText('wash, rinse, sanitize')
  const before = await answer.boundingBox()
  await waitForOutcome(page, 1)
  await expect(thumb(page, 'up')).toBeVisible()
  expect(await answer.boundingBox()).toEqual(before)

  await expect(words(page)).toHaveText('Did this help?')
  await thumb(page, 'down').click()
  await expect(words(page)).toHaveText('Thank you.')
  await expect(thumb(page, 'down')).toHaveAttribute('aria-pressed', 'true')
  expect(await restaurant.lastAsked()).toMatchObject({ question: SINKS, rating: 'down' })
  await thumb(page, 'up').click()
  await expect(thumb(page, 'up')).toHaveAttribute('aria-pressed', 'true')
  await expect(thumb(page, 'down')).toHaveAttribute('aria-pressed', 'false')
  await expect(words(page)).toHaveAttribute('data-state', 'sent')
  expect(await restaurant.lastAsked()).toMatchObject({ rating: 'up' })

  await talkButton(page).press()
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  await expect(row(page)).toHaveCount(0)
  await talkButton(page).release()

  // Thumbs for wet hands, away from the talk button. Spanish words leave the field less room.
  await injectFaults(stack, { brief: true })
  await chooseLanguage(page, 'es')
  await askTyped(page, CHICKEN_IN.es)
  await takePicture(page, 'rating-es', async ({ width, height }) => {
    const talk = await page.getByTestId('talk').boundingBox()
    for (const which of ['up', 'down'] as const) {
      const box = await thumb(page, which).boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(72)
      expect(box?.width).toBeGreaterThanOrEqual(72)
      expect((box?.x ?? 0) - ((talk?.x ?? 0) + (talk?.width ?? 0))).toBeGreaterThan(width / 4)
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height)
    }
    const isCut = await page.getByTestId('question-input').evaluate((input: HTMLInputElement) => {
      input.value = input.placeholder
      const isWider = input.scrollWidth > input.clientWidth
      input.value = ''
      return isWider
    })
    expect(isCut).toBe(false)
  })
})
