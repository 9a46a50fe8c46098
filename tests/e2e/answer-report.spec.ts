// What the model reports of its answer: the section that it was taken from, or that nothing answers, which the screen shows
// and the manager finds among the gaps; and what the kiosk marks when the answer or the report does not check.
import type { Page } from '@playwright/test'
import {
  chooseLanguage,
  turnNumber,
  typeQuestion,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { FALSE_FIGURE } from '../../dev/openai/answer-fault.ts'
import { fromProject } from '../../dev/paths.ts'
import type { Language } from '../../src/shared/language.ts'
import { lastLine, runNode } from './support/commands.ts'
import { expect, test } from './support/fixtures.ts'
import { injectFaults, modelState } from './support/stand-in-control.ts'

/** There is a section about parking, and none about forklifts. */
const NEAR: Record<Language, string> = {
  en: 'Where do I park the forklift?',
  es: '¿Dónde estaciono el montacargas?'
}
const CHICKEN: Record<Language, string> = {
  en: 'How hot does chicken have to be?',
  es: '¿A qué temperatura debe llegar el pollo?'
}
const LABELS: Record<Language, { answer: string; none: string }> = {
  en: { answer: 'From the handbook', none: 'Not in the handbook' },
  es: { answer: 'Del manual', none: 'No está en el manual' }
}

const ask = async (page: Page, question: string) => {
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, question)
  return waitForOutcome(page, turn)
}
const picture = async (page: Page, name: string) => {
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080]
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: fromProject('reports', 'screenshots', `${name}-${width}.png`) })
  }
}

for (const language of ['en', 'es'] as const) {
  test(`an answer is from the section that it was taken from, and from no other (${language})`, {
    tag: '@media'
  }, async ({ open, restaurant, stack }) => {
    const { page } = await open()
    await waitUntilReady(page)
    await chooseLanguage(page, language)
    const before = await modelState(stack)

    const seen = await ask(page, CHICKEN[language])

    expect(seen).toMatchObject({ outcome: 'answered', found: true, unverifiedFigures: [] })
    expect(seen.citations).toMatchObject([
      { slug: 'cooking-temperatures', hasUnverifiedQuote: false }
    ])
    await expect(page.locator('.worth')).toHaveText(LABELS[language].answer)
    await expect
      .poll(() => restaurant.lastAsked())
      .toMatchObject({
        outcome: 'answered',
        answered_from: ['cooking-temperatures'],
        unverified_quotes: 0,
        unverified_figures: 0
      })
    // Searched and answered, the report with the answer: nothing more was asked of the model.
    const after = await modelState(stack)
    expect(after.responses).toBe(before.responses + 2)
    expect(after.toolCalls).toBe(before.toolCalls + 2)
    expect(after.refusedEvents).toBe(before.refusedEvents)
    await picture(page, `reported-answer-${language}`)
  })

  test(`a question that what is near does not answer is not in the handbook, and a gap (${language})`, async ({
    open,
    restaurant
  }) => {
    const { page } = await open()
    await waitUntilReady(page)
    await chooseLanguage(page, language)

    const seen = await ask(page, NEAR[language])

    expect(seen).toMatchObject({ outcome: 'not_found', found: false, citations: [] })
    await expect(page.locator('.worth')).toHaveText(LABELS[language].none)
    await expect(page.locator('[data-testid=nearest]').first()).toBeVisible()
    await expect
      .poll(() => restaurant.lastAsked())
      .toMatchObject({ question: NEAR[language], outcome: 'not_found' })
    const listed = await runNode('tools/handbook/main.ts', ['gaps', '--json'])
    expect(listed.code, listed.stderr).toBe(0)
    const { gaps } = lastLine(listed.stdout) as { gaps: { examples: { question: string }[] }[] }
    const asked = gaps.flatMap(({ examples }) => examples.map(({ question }) => question))
    expect(asked).toContain(NEAR[language])
    await picture(page, `reported-none-${language}`)
  })
}

test('a figure that stands in no passage is marked, and recorded', async ({
  open,
  restaurant,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  await injectFaults(stack, { answer: 'false_figure' })

  const seen = await ask(page, CHICKEN.en)

  expect(seen.answer).toContain('165 °F')
  expect(seen.unverifiedFigures).toEqual([FALSE_FIGURE])
  await expect(page.locator('[data-testid=figures-note]')).toBeVisible()
  await expect
    .poll(() => restaurant.lastAsked())
    .toMatchObject({ outcome: 'answered', unverified_figures: 1, unverified_quotes: 0 })
  await picture(page, 'unverified-figure-en')
})

test('a quote that stands in no passage marks its section, and is recorded', async ({
  open,
  restaurant,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  await injectFaults(stack, { answer: 'false_quote' })

  const seen = await ask(page, CHICKEN.en)

  expect(seen.citations).toMatchObject([{ slug: 'cooking-temperatures', hasUnverifiedQuote: true }])
  await expect
    .poll(() => restaurant.lastAsked())
    .toMatchObject({ outcome: 'answered', unverified_figures: 0, unverified_quotes: 1 })
  await picture(page, 'misquoted-en')
})

test('an answer without its report is recorded as one', async ({ open, restaurant, stack }) => {
  const { page } = await open()
  await waitUntilReady(page)
  await injectFaults(stack, { answer: 'no_report' })

  const seen = await ask(page, CHICKEN.en)

  expect(seen.answer).toContain('165 °F')
  await expect.poll(() => restaurant.lastAsked()).toMatchObject({ outcome: 'missing' })
})
