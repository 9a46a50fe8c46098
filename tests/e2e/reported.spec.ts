// What the answer says of itself: the one section that it was taken from, or that what is near it does not answer, which
// the screen shows and the manager finds among the gaps.
import type { Page } from '@playwright/test'
import {
  chooseLanguage,
  turnNumber,
  typeQuestion,
  waitForOutcome,
  waitUntilReady
} from '../../local/drive/screen.ts'
import { fromProject } from '../../local/paths.ts'
import type { Language } from '../../src/shared/language.ts'
import { lastLine, runNode } from './support/commands.ts'
import { expect, test } from './support/fixtures.ts'
import { modelState } from './support/model.ts'

/** Near a section, as the search says, and answered by none. */
const NEAR: Record<Language, string> = {
  en: 'what temp do we serve the pinot at?',
  es: '¿a cuánto va el sous vide de la costilla?'
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

    expect(seen).toMatchObject({ outcome: 'answered', found: true })
    expect(seen.citations.map(({ slug }) => slug)).toEqual(['cooking-temperatures'])
    await expect(page.locator('.worth')).toHaveText(LABELS[language].answer)
    await expect
      .poll(() => restaurant.lastAsked())
      .toMatchObject({ outcome: 'answered', answered_from: ['cooking-temperatures'] })
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
    await expect
      .poll(() => restaurant.lastAsked())
      .toMatchObject({ question: NEAR[language], decision: 'maybe', outcome: 'not_found' })
    const listed = await runNode('local/handbook/main.ts', ['gaps', '--json'])
    expect(listed.code, listed.stderr).toBe(0)
    const { gaps } = lastLine(listed.stdout) as { gaps: { examples: string[] }[] }
    expect(gaps.flatMap(({ examples }) => examples)).toContain(NEAR[language])
    await picture(page, `reported-none-${language}`)
  })
}
