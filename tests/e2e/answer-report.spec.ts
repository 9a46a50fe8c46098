// The model's report of its answer, on the screen, in the record and among the gaps.
import { waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { FALSE_FIGURE } from '../../dev/openai/answer-fault.ts'
import { askTyped, CHICKEN, takePicture } from './support/ask.ts'
import { lastLine, runNode } from './support/commands.ts'
import { expect, test } from './support/fixtures.ts'
import { injectFaults, modelState } from './support/stand-in-control.ts'

/** There is a section about parking, and none about forklifts. */
const NEAR = 'Where do I park the forklift?'

test('cites the reported section, names no section where none answers, and marks a false figure', async ({
  open,
  restaurant,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  const before = await modelState(stack)

  const seen = await askTyped(page, CHICKEN)

  expect(seen).toMatchObject({ outcome: 'answered', found: true, unverifiedFigures: [] })
  expect(seen.citations).toMatchObject([
    { slug: 'cooking-temperatures', hasUnverifiedQuote: false }
  ])
  await expect(page.locator('.answer-status')).toHaveText('From the handbook')
  await expect
    .poll(() => restaurant.lastAsked())
    .toMatchObject({
      outcome: 'answered',
      answered_from: ['cooking-temperatures'],
      unverified_quotes: 0,
      unverified_figures: 0
    })
  // One response searches, one answers and reports: the model is asked for nothing more.
  const after = await modelState(stack)
  expect(after.responses).toBe(before.responses + 2)
  expect(after.toolCalls).toBe(before.toolCalls + 2)
  expect(after.refusedEvents).toBe(before.refusedEvents)

  const near = await askTyped(page, NEAR)
  expect(near).toMatchObject({ outcome: 'not_found', found: false, citations: [] })
  await expect(page.locator('.answer-status')).toHaveText('Not in the handbook')
  await expect(page.getByTestId('nearest').first()).toBeVisible()
  await expect
    .poll(() => restaurant.lastAsked())
    .toMatchObject({ question: NEAR, outcome: 'not_found' })
  const listed = await runNode('tools/handbook/main.ts', ['gaps', '--json'])
  expect(listed.code, listed.stderr).toBe(0)
  const { gaps } = lastLine(listed.stdout) as { gaps: { examples: { question: string }[] }[] }
  const asked = gaps.flatMap(({ examples }) => examples.map(({ question }) => question))
  expect(asked).toContain(NEAR)
  await takePicture(page, 'reported-none')

  await injectFaults(stack, { answer: 'false_figure' })
  const marked = await askTyped(page, CHICKEN)
  expect(marked.answer).toContain('165 °F')
  expect(marked.unverifiedFigures).toEqual([FALSE_FIGURE])
  await expect(page.getByTestId('figures-note')).toBeVisible()
  await expect
    .poll(() => restaurant.lastAsked())
    .toMatchObject({ outcome: 'answered', unverified_figures: 1, unverified_quotes: 0 })
  await takePicture(page, 'unverified-figure')
})
