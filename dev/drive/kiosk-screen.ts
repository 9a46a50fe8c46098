// Reads and operates the kiosk's screen, for `npm run ask` and the end-to-end tests.
import type { Page } from '@playwright/test'
import type { Language } from '../../src/shared/language.ts'
import { CommandError } from '../run-command.ts'
import type { MicrophoneFile } from './microphone-file.ts'
import type { StateSeen } from './page-probe.ts'

export type Outcome = 'answered' | 'not_found' | 'failed' | 'cancelled'

export type CitationSeen = {
  slug: string
  title: string
  language: string
  /** The screen marks its quote: the section does not contain it. */
  hasUnverifiedQuote: boolean
}

export type TurnSeen = {
  heard: string
  answer: string
  found: boolean
  outcome: Outcome
  citations: CitationSeen[]
  /** Figures that the screen marks: no passage contains them. */
  unverifiedFigures: string[]
}

/** Sign-in, key, microphone and call together on a loaded machine. */
const READY_LIMIT_MS = 45_000
/** Search, two responses and three spoken sentences. */
const ANSWER_LIMIT_MS = 60_000
/**
 * Time from the press to the first sound, since a busy machine presses late. Less than half of the shortest silence
 * between two questions.
 */
const BEFORE_SPEECH_MS = 900
/** Time from the last sound to the release: on a busy machine the microphone's loop falls behind. */
export const AFTER_SPEECH_MS = 400

const part = (name: string): string => `[data-testid=${name}]`

export const kiosk = (page: Page) => page.locator(part('kiosk'))

/** @throws CommandError with the screen's text when the kiosk is not ready in time. */
export const waitUntilReady = async (page: Page): Promise<void> => {
  try {
    await page.waitForSelector('[data-testid=kiosk][data-ready=true]', { timeout: READY_LIMIT_MS })
  } catch {
    const says = await page
      .locator('body')
      .innerText()
      .catch(() => '(the page is gone)')
    throw new CommandError(
      `The kiosk was not ready after ${READY_LIMIT_MS / 1000} s. The screen says:\n${says}`
    )
  }
}

/** Waits until a press would be recorded, with or without a call. */
export const waitUntilPressRecorded = async (page: Page): Promise<void> => {
  await page.waitForSelector('[data-testid=kiosk][data-kept=true]', { timeout: READY_LIMIT_MS })
}

export const turnNumber = async (page: Page): Promise<number> =>
  Number(await kiosk(page).getAttribute('data-turn'))

export const states = (page: Page): Promise<StateSeen[]> =>
  page.evaluate(() => window.__pageProbe.states)

export const chooseLanguage = async (page: Page, language: Language): Promise<void> => {
  if ((await kiosk(page).getAttribute('data-language')) === language) return
  await page.locator(part(`language-${language}`)).click()
  await page.waitForSelector(`[data-testid=kiosk][data-language=${language}][data-ready=true]`, {
    timeout: READY_LIMIT_MS
  })
}

/** Types a question and sends it; returns the page's time at which it was sent. */
export const typeQuestion = async (page: Page, question: string): Promise<number> => {
  await page.locator(part('question-input')).fill(question)
  const sentAtMs = await page.evaluate(() => performance.now())
  await page.locator(part('question-send')).click()
  return sentAtMs
}

/** Waits until the microphone's loop reaches `atMs`. */
const waitForLoop = async (page: Page, file: MicrophoneFile, atMs: number): Promise<void> => {
  const positionMs = await page.evaluate((loopMs) => {
    const opened = window.__pageProbe.microphoneOpenedAtMs.at(-1)
    if (opened === undefined) throw new Error('the kiosk has not opened the microphone')
    return (performance.now() - opened) % loopMs
  }, file.loopMs)
  await page.waitForTimeout((atMs - positionMs + file.loopMs) % file.loopMs)
}

/** Waits until the microphone's loop has played its question. */
export const waitForSilence = (page: Page, file: MicrophoneFile): Promise<void> =>
  waitForLoop(page, file, file.speechEndMs + AFTER_SPEECH_MS)

/**
 * Holds a talk control while the microphone's loop plays its question once; returns the page's time of the release.
 */
export const holdWhileSpeaking = async (
  page: Page,
  file: MicrophoneFile,
  hold: { press(): Promise<void>; release(): Promise<void> }
): Promise<number> => {
  await waitForLoop(page, file, file.speechStartMs - BEFORE_SPEECH_MS)
  await hold.press()
  await page.waitForTimeout(
    BEFORE_SPEECH_MS + file.speechEndMs - file.speechStartMs + AFTER_SPEECH_MS
  )
  await hold.release()
  return page.evaluate(() => performance.now())
}

/** The on-screen button, held with the pointer. */
export const talkButton = (page: Page) => ({
  press: async () => {
    await page.locator(part('talk')).hover()
    await page.mouse.down()
  },
  release: () => page.mouse.up()
})

/**
 * A key that Playwright's keyboard lacks, such as F19, as raw key events. `atMs` is the wall clock of an event; default
 * now.
 */
export const heldKey = async (page: Page, code: string, windowsVirtualKeyCode: number) => {
  const session = await page.context().newCDPSession(page)
  const send = async (type: 'rawKeyDown' | 'keyUp', atMs?: number): Promise<void> => {
    const at = atMs === undefined ? {} : { timestamp: atMs / 1_000 }
    const key = { code, key: code, windowsVirtualKeyCode }
    await session.send('Input.dispatchKeyEvent', { type, ...key, ...at })
  }
  return {
    press: (atMs?: number) => send('rawKeyDown', atMs),
    release: (atMs?: number) => send('keyUp', atMs)
  }
}

export const isGateOpen = (page: Page): Promise<boolean> =>
  page.evaluate(() => window.__pageProbe.microphones.at(-1)?.enabled === true)

export type SettingsTab = 'sound' | 'talking' | 'call' | 'kiosk'

export const openSettings = async (page: Page, tab: SettingsTab): Promise<void> => {
  await page.locator(part('settings-open')).click()
  await page.locator(part(`settings-tab-${tab}`)).click()
}

export const closeSettings = (page: Page): Promise<void> =>
  page.locator(part('settings-close')).click()

/** Windows virtual-key code of F19, which CDP wants beside the code. */
export const F19_KEY_CODE = 0x82

/** Reads turn `turn` from the screen after its answer has played to the end. */
export const waitForOutcome = async (page: Page, turn: number): Promise<TurnSeen> => {
  try {
    await page.waitForFunction(
      (number) => {
        const root = document.querySelector<HTMLElement>('[data-testid=kiosk]')
        const answer = document.querySelector<HTMLElement>('[data-testid=answer]')
        return (
          Number(root?.dataset.turn) === number &&
          (answer?.dataset.outcome ?? '') !== '' &&
          root?.dataset.state !== 'speaking' &&
          root?.dataset.state !== 'processing'
        )
      },
      turn,
      { timeout: ANSWER_LIMIT_MS }
    )
  } catch {
    const says = await page.locator('body').innerText()
    throw new CommandError(
      `Turn ${turn} had no end after ${ANSWER_LIMIT_MS / 1000} s. The screen says:\n${says}`
    )
  }
  return readTurn(page)
}

/**
 * Reads turn `turn` from the screen once its answer plays, or the turn has ended in another way.
 */
export const waitForAnswer = async (page: Page, turn: number): Promise<TurnSeen> => {
  const root = `[data-testid=kiosk][data-turn="${turn}"]`
  await page.waitForSelector(
    `${root}[data-state=speaking] [data-testid=answer]:not(:empty), ${root} [data-testid=answer]:not([data-outcome=""])`,
    // A turn without words has an answer that is not visible.
    { timeout: ANSWER_LIMIT_MS, state: 'attached' }
  )
  return readTurn(page)
}

export const readTurn = (page: Page): Promise<TurnSeen> =>
  page.evaluate(() => {
    const find = (name: string) => document.querySelector<HTMLElement>(`[data-testid=${name}]`)
    const answer = find('answer')
    // A no-break space joins a figure and its unit on the screen.
    const wordsIn = (element: HTMLElement | null): string =>
      element?.textContent.replaceAll('\u00a0', ' ').trim() ?? ''
    return {
      heard: find('heard')?.textContent.trim() ?? '',
      answer: wordsIn(answer),
      found: answer?.dataset.found === 'true',
      outcome: (answer?.dataset.outcome ?? '') as Outcome,
      citations: [...document.querySelectorAll<HTMLElement>('[data-testid=citation]')].map((c) => ({
        slug: c.dataset.slug ?? '',
        title:
          c.querySelector<HTMLElement>('[data-testid=citation-title]')?.textContent.trim() ?? '',
        language: c.dataset.language ?? '',
        hasUnverifiedQuote: c.dataset.misquoted === 'true'
      })),
      unverifiedFigures: [
        ...document.querySelectorAll<HTMLElement>('[data-testid=unverified-figure]')
      ].map(wordsIn)
    }
  })
