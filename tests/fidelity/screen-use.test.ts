// The kiosk's screen by keyboard, by click alone and by screen reader, and the section behind an answer.
import { expect, test } from 'vitest'
import { kioskFailure } from '../../src/renderer/call/failures.ts'
import { hasTools } from './required-tools.ts'
import {
  answered,
  NOT_FOUND,
  type ScreenPatch,
  SECTION,
  SIZES,
  setUpScreen
} from './screen-page.ts'

const { page, show, called } = setUpScreen(hasTools('chromium'))
const part = (name: string) => page().getByTestId(name)
const focused = () =>
  page().evaluate(
    () => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.tagName
  )

const ANSWER = answered({ answer: 160, question: 40 })

test('takes a PIN by keyboard from the first focus, and keeps the focus after a wrong one', async () => {
  await show({ openDialog: 'pin' })
  await expect.poll(focused).toBe('pin-dots')
  await page().keyboard.type('4096')
  await page().keyboard.press('Enter')
  await expect.poll(() => part('settings').isVisible()).toBe(true)

  await show({ openDialog: 'pin' })
  for (const digit of ['9', '0', '2', '1']) await part(`pin-${digit}`).click()
  await part('pin-confirm').click()
  await expect.poll(() => part('pin-problem').textContent()).toBe('This is not the PIN.')
  expect(await focused()).toBe('pin-dots')
  await page().keyboard.type('40')
  // From a button of the pad, digits and Enter reach the field as well.
  await part('pin-9').focus()
  await page().keyboard.type('96')
  await page().keyboard.press('Enter')
  await expect.poll(() => part('settings').isVisible()).toBe(true)
})

test('sets a PIN by keyboard alone, and says what its second entry is', async () => {
  await show({ openDialog: 'settings' })
  await part('settings-tab-kiosk').click()
  await part('pin-set').click()
  await expect.poll(focused).toBe('pin-dots')
  const title = part('set-pin').getByRole('heading')
  expect(await title.textContent()).toBe('Choose a PIN of 4 to 12 digits')
  await page().keyboard.type('4096')
  await page().keyboard.press('Enter')
  await expect.poll(() => title.textContent()).toBe('Enter the same PIN again')
  expect(await part('pin-dots').inputValue()).toBe('')
  await page().keyboard.type('4096')
  await page().keyboard.press('Enter')
  await expect.poll(() => part('pin-state').getAttribute('data-set')).toBe('true')
  expect(await called()).toContainEqual(['setPin', '4096'])
})

test('asks before it signs out, apart from every other button', async () => {
  await show({ openDialog: 'settings' })
  await part('settings-tab-kiosk').click()
  await part('sign-out').click()
  await expect.poll(focused).toBe('sign-out-cancel')
  await page().keyboard.press('Enter')
  await expect.poll(focused).toBe('sign-out')
  expect(await called()).not.toContainEqual(['signOut'])
  await part('sign-out').click()
  await part('sign-out-confirm').click()
  await expect.poll(() => part('sign-in-submit').isVisible()).toBe(true)
})

type Patch = Parameters<typeof window.screenLab.change>[0]
const gone = (patch: Patch) => () =>
  page().evaluate((given) => window.screenLab.change(given), patch)

/** A control has the focus, and then it goes. */
const LOSSES: [string, ScreenPatch, string, () => Promise<unknown>][] = [
  [
    'a dismissed notice',
    { notices: ['no_pin'] },
    'notices-dismiss',
    () => page().keyboard.press('Enter')
  ],
  ['a rated answer', ANSWER, 'rate-up', () => show({ hint: 'recording' })],
  ['a cited section', ANSWER, 'citation-open', () => show({})],
  ['a nearest section', NOT_FOUND, 'nearest-open', () => show({})],
  [
    'a failure',
    { appFailure: kioskFailure('internal', '') },
    'failure-action',
    gone({ appFailure: null })
  ],
  [
    'the settings',
    {},
    'settings-open',
    gone({ maintenance: { hasPin: true, unlocked: false, canExit: true } })
  ],
  ['a closed dialog', { openDialog: 'settings' }, 'settings-close', gone({ openDialog: null })],
  ['a signed-in screen', {}, 'question-send', gone({ account: { status: 'signed_out' } })]
]
test.each(LOSSES)('keeps the focus after %s', async (_, patch, control, lose) => {
  await show(patch)
  await part(control).first().focus()
  expect(await focused()).toBe(control)
  await lose()
  await expect.poll(focused).toMatch(/^(talk|sign-in-\w+|volume|brand|language-\w+)$/)
})

test('stops an answer by a button that takes the place of no other', async () => {
  await show(ANSWER)
  expect(await part('stop').count()).toBe(0)
  const before = await part('talk').boundingBox()
  await page().evaluate(() => {
    const turn = { phase: 'offline', id: 1, asks: 1, question: { kind: 'typed', text: 'x' } }
    window.screenLab.show({
      turn: { ...window.screenLab.state().turn, turn: turn as never, playing: 'r' }
    })
  })
  await part('stop').focus()
  await page().keyboard.press('Enter')
  expect(await called()).toContainEqual(['stop'])
  expect(await part('talk').boundingBox()).toEqual(before)
})

test('says a finished answer once, with its verdict and its sources', async () => {
  await show({})
  await page().evaluate(() => {
    const changed: string[] = []
    Object.assign(window, { changed })
    new MutationObserver((records) => {
      for (const { target } of records) {
        const place = target instanceof Element ? target : target.parentElement
        const live = place?.closest('[aria-live]:not([aria-live=off]), [role=status], [role=alert]')
        if (live) changed.push(live.textContent ?? '')
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  const words = (ANSWER.view?.answer ?? '').split(' ')
  const { transcript = '' } = ANSWER.view ?? {}
  for (let at = 1; at <= words.length; at += 1) {
    await show({ view: { transcript, answer: words.slice(0, at).join(' '), verdict: 'awaited' } })
  }
  await show(ANSWER)
  // A transcript that is corrected later is not said again.
  await show({ view: { ...ANSWER.view, transcript: `${transcript}!` } })
  const said = await page().evaluate(() => (window as unknown as { changed: string[] }).changed)
  const finished = said.filter((text) => text.includes('165'))
  expect(finished).toEqual([
    expect.stringMatching(
      /^You asked: How hot[^.?]*[.?] From the handbook\. .*165.*[.?] Section: Cooking temperatures\./
    )
  ])
  // A sentence ends once.
  expect(finished[0]).not.toMatch(/[.?!]\./)
  expect(said.length).toBeLessThanOrEqual(2)
})

test('marks the quote in the passage, and opens the section there by tap and by key', async () => {
  await page().setViewportSize(SIZES[0])
  await page().evaluate((text) => {
    window.screenLab.sectionText = text
  }, SECTION)
  await show(ANSWER)
  const quote =
    /^Chicken, turkey and duck reach 165 °F \(74 °C\) in the thickest part for at least one second$/
  expect(await part('passage').first().getByTestId('quoted').textContent()).toMatch(quote)
  expect(await part('passage').nth(1).getAttribute('lang')).toBe('es')
  const open = part('citation-open').first()
  for (const way of [
    () => part('passage').first().click({ force: true }),
    () => open.press('Enter')
  ]) {
    await open.focus()
    await way()
    const quoted = part('reader-text').getByTestId('quoted')
    await expect.poll(() => quoted.textContent()).toMatch(quote)
    // At its heading, which is far below the top.
    const places = await part('reader-text').evaluate((text) => {
      const topOf = (one: Element | null) => one?.getBoundingClientRect().top ?? 0
      return {
        heading: topOf(text.querySelector('[data-anchor=poultry]')) - topOf(text),
        quote: topOf(text.querySelector('.quoted')) - topOf(text),
        height: text.clientHeight
      }
    })
    expect(Math.abs(places.heading)).toBeLessThan(60)
    expect(places.quote).toBeLessThan(places.height - 30)
    await part('reader-close').click()
    await expect.poll(() => part('reader').count()).toBe(0)
    expect(await focused()).toBe('citation-open')
  }
})

test('opens the nearest sections of a question without an answer', async () => {
  await show(NOT_FOUND)
  await part('nearest-open').nth(1).click()
  await expect.poll(() => part('reader-title').textContent()).toMatch(/^Recalentar/)
  expect(await part('reader-title').getAttribute('lang')).toBe('es')
  await page().keyboard.press('Escape')
  await expect.poll(() => part('reader').count()).toBe(0)
})
