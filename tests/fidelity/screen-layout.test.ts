// What fits on the kiosk's screen, and what moves, at four sizes.
import { expect, test } from 'vitest'
import { kioskFailure } from '../../src/renderer/call/failures.ts'
import { DEFAULT_SETTINGS } from '../../src/shared/settings.ts'
import { hasTools } from './required-tools.ts'
import {
  answered,
  NOT_FOUND,
  OUT_OF_REACH,
  type ScreenPatch,
  SECTION,
  SIZES,
  setUpScreen,
  stepOf
} from './screen-page.ts'

const { page, show } = setUpScreen(hasTools('chromium'))
const part = (name: string) => page().getByTestId(name)
const boxOf = async (name: string) => {
  const box = await part(name).first().boundingBox()
  if (box === null) throw new Error(`${name} is not on the screen`)
  return box
}

const LENGTHS = [40, 300, 400, 600].flatMap((answer) =>
  [40, 300, 400].map((question) => ({ answer, question }))
)

test.each(SIZES)(
  'keeps half of the panel for the answer, and large type, at $width x $height',
  async (size) => {
    await page().setViewportSize(size)
    for (const language of ['en', 'es'] as const) {
      for (const lengths of LENGTHS) {
        await show({ settings: { ...DEFAULT_SETTINGS, language }, ...answered(lengths) })
        const seen = await page().evaluate(() => {
          const find = (selector: string) => document.querySelector(selector) as HTMLElement
          const answer = find('[data-testid=answer]')
          const question = getComputedStyle(find('[data-testid=heard]'))
          return {
            share: answer.clientHeight / find('.conversation').clientHeight,
            typePx: Number.parseFloat(getComputedStyle(answer).fontSize),
            questionLines:
              find('[data-testid=heard]').clientHeight / Number.parseFloat(question.lineHeight),
            citations: document.querySelectorAll('[data-testid=citation]').length,
            overflow: [
              document.documentElement.scrollWidth - innerWidth,
              document.documentElement.scrollHeight - innerHeight
            ]
          }
        })
        expect([lengths, seen]).toEqual([
          lengths,
          {
            share: expect.toSatisfy((share: number) => share >= 0.5),
            typePx: expect.toSatisfy((px: number) => px >= 27 * stepOf(size) - 0.01),
            questionLines: expect.toSatisfy((lines: number) => lines < 2.1),
            citations: 2,
            overflow: [0, 0]
          }
        ])
        for (const name of ['rate-up', 'rate-down', 'citation-open']) {
          const { x, y, width, height } = await boxOf(name)
          expect(x + width).toBeLessThanOrEqual(size.width)
          expect(y + height).toBeLessThanOrEqual(size.height)
        }
      }
    }
  }
)

test('opens a long question by a tap, without a change of the answer', async () => {
  await page().setViewportSize(SIZES[0])
  await show(answered({ answer: 160, question: 400 }))
  const before = await boxOf('answer')
  await part('heard-open').click()
  expect((await boxOf('heard-whole')).height).toBeGreaterThan(2 * (await boxOf('heard')).height)
  expect(await boxOf('answer')).toEqual(before)
  await part('heard-whole').click()
  await expect.poll(() => part('heard-whole').count()).toBe(0)
  await show(answered({ answer: 160, question: 40 }))
  await expect.poll(() => part('heard-open').count()).toBe(0)
})

/** Whatever comes and goes around it. */
const AROUND: Record<string, ScreenPatch> = {
  notice: { notices: ['no_pin', 'no_keyring'] },
  hint: { hint: 'too_short' },
  failure: OUT_OF_REACH,
  answer: answered({ answer: 600, question: 400 }),
  'not found': NOT_FOUND,
  connecting: { connection: { state: 'connecting', failure: null } as never },
  asleep: { connection: { state: 'asleep' } }
}

test.each(SIZES)('never moves the talk button at $width x $height', async (size) => {
  await page().setViewportSize(size)
  await show({})
  const ready = await boxOf('talk')
  expect(ready.width).toBeGreaterThanOrEqual(190)
  for (const [name, patch] of Object.entries(AROUND)) {
    await show(patch)
    expect([name, await boxOf('talk')]).toEqual([name, ready])
  }
})

const SCREENS: Record<string, ScreenPatch> = {
  ready: { notices: ['no_pin'] },
  ...AROUND,
  'signed out': { account: { status: 'signed_out' } },
  pin: { openDialog: 'pin' },
  settings: { openDialog: 'settings' },
  section: {
    openedSection: {
      citation: { slug: 'a', title: 'Cooking', language: 'en', anchor: '' },
      quotes: [],
      turnId: 0,
      failure: null,
      section: { slug: 'a', title: 'Cooking', language: 'en', text: SECTION }
    }
  }
}

test.each(SIZES)('has words of 20 px and targets of 56 px at $width x $height', async (size) => {
  await page().setViewportSize(size)
  for (const [name, patch] of Object.entries(SCREENS)) {
    await show(patch)
    await page().waitForLoadState('networkidle')
    const small = await page().evaluate(() => {
      const isShown = (one: Element) =>
        one.checkVisibility() && one.closest('.visually-hidden') === null
      const texts = [...document.querySelectorAll('body *')].filter(
        (one) =>
          isShown(one) &&
          [...one.childNodes].some(
            ({ nodeType, textContent }) => nodeType === 3 && textContent?.trim()
          )
      )
      const targets = [...document.querySelectorAll('button, input, select')].filter(isShown)
      const nameOf = (one: Element) =>
        `${one.className} ${one.getAttribute('data-testid')} ${one.textContent?.slice(0, 20)} ${one.clientWidth}x${one.clientHeight}`
      return {
        texts: texts
          .filter((one) => Number.parseFloat(getComputedStyle(one).fontSize) < 20)
          .map(nameOf),
        targets: targets
          // A card is the target of its title.
          .map((one) => (one.matches('.citation-open') ? (one.parentElement ?? one) : one))
          .filter((one) => Math.min(one.clientHeight, one.clientWidth) + 4 < 56)
          .map(nameOf)
      }
    })
    expect([name, small]).toEqual([name, { texts: [], targets: [] }])
  }
})

test('has one first heading on every screen', async () => {
  for (const [name, patch] of Object.entries(SCREENS)) {
    await show(patch)
    expect([name, await page().locator('h1').count()]).toEqual([name, 1])
  }
})

test('says that the handbook cannot be reached in the state and the banner only', async () => {
  await page().setViewportSize(SIZES[0])
  await show(OUT_OF_REACH)
  await expect.poll(() => page().locator('.status').textContent()).toBe('No handbook')
  expect(await page().getByText('Ready').count()).toBe(0)
  expect(await page().locator('.answer-status').count()).toBe(0)
  expect(await part('answer').isVisible()).toBe(false)
  // The model did not understand: that is no answer of its own knowledge.
  await show({
    view: {
      ...OUT_OF_REACH.view,
      answer: 'I did not catch that.',
      failure: kioskFailure('answer_failed', '')
    }
  })
  await expect
    .poll(() => page().locator('.answer-status').textContent())
    .toBe('No answer from the handbook')
})
