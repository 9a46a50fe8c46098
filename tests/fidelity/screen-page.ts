// Opens the kiosk's screen in a real Chromium on a state that tests set; `page/screen.ts` runs there.
import type { Page } from '@playwright/test'
import { afterAll, beforeAll } from 'vitest'
import { kioskFailure } from '../../src/renderer/call/failures.ts'
import type { ScreenPatch } from './page/screen.ts'
import { type Browser, bundle, openServedPage, pageScript } from './served-page.ts'

export type { ScreenPatch }

export const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 1024, height: 600 }
] as const

/** CSS pixels of one design pixel, as in `tokens.css`. */
export const stepOf = ({ width, height }: (typeof SIZES)[number]): number =>
  width > height ? Math.min(width / 1280, height / 800) : Math.min(width / 800, height / 1280)

const openScreen = async (): Promise<Browser> =>
  openServedPage(
    await bundle(
      {
        target: 'chrome130',
        rolldownOptions: {
          input: { screen: pageScript('screen') },
          output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' }
        }
      },
      './'
    ),
    '/screen.js'
  )

export type Screen = {
  page: () => Page
  show: (patch: ScreenPatch) => Promise<void>
  /** Names and arguments of the actions since the last call. */
  called: () => Promise<unknown[][]>
}

/** @param isComplete false: no test can run */
export const setUpScreen = (isComplete: boolean): Screen => {
  let browser: Browser | null = null
  beforeAll(async () => {
    if (isComplete) browser = await openScreen()
  })
  afterAll(() => browser?.close())
  const page = () => {
    if (browser === null) throw new Error('The screen is not open.')
    return browser.page
  }
  return {
    page,
    show: (patch) => page().evaluate((given) => window.screenLab.show(given), patch),
    called: () => page().evaluate(() => window.screenLab.called.splice(0))
  }
}

const QUOTE =
  'Chicken, turkey and duck reach 165 °F (74 °C) in the thickest part for at least one second.'
const PASSAGE = `Check every batch with a clean probe thermometer, in the thickest part, away from the bone.

${QUOTE} Ground meat reaches 155 °F (68 °C) for 17 seconds.`

const CITED = {
  slug: 'cooking-temperatures',
  title: 'Cooking temperatures',
  language: 'en',
  anchor: 'poultry',
  needsManager: true,
  hasUnverifiedQuote: false,
  text: PASSAGE,
  quotes: [QUOTE]
} as const
const LONG_TITLE = {
  ...CITED,
  slug: 'recalentar',
  title: 'Recalentar, enfriar y guardar la comida del servicio anterior',
  language: 'es',
  quotes: []
} as const

export const SECTION = `## Beef\n\n${'A roast rests before it is cut. '.repeat(60)}\n\n## Poultry\n\n${PASSAGE}\n\n${'Hold hot food hot. '.repeat(90)}`

const QUESTION = 'How hot does chicken have to be before it leaves the pass? '
const SENTENCE = 'Chicken has to reach 165 °F in the thickest part, for at least one second. '

/** An answered question. @param length of the answer and of the question, in characters */
export const answered = (length: { answer: number; question: number }): ScreenPatch => ({
  view: {
    transcript: QUESTION.repeat(20).slice(0, length.question),
    answer: SENTENCE.repeat(20).slice(0, length.answer),
    found: true,
    citations: [CITED, LONG_TITLE, { ...LONG_TITLE, slug: 'third' }],
    verdict: 'reported',
    outcome: 'answered',
    questionId: '00000000-0000-4000-8000-000000000002'
  }
})

export const NOT_FOUND: ScreenPatch = {
  view: {
    ...answered({ answer: 80, question: 40 }).view,
    found: false,
    citations: [],
    nearest: [CITED, LONG_TITLE, { ...LONG_TITLE, slug: 'third' }],
    outcome: 'not_found'
  }
}

export const OUT_OF_REACH: ScreenPatch = {
  view: {
    transcript: QUESTION,
    answer: 'I could not reach the handbook.',
    outcome: 'failed',
    failure: kioskFailure('backend_unreachable', '')
  }
}
