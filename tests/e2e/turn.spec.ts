// One turn, from the press to the end of the answer's sound.
import {
  chooseLanguage,
  F19_KEY_CODE,
  heldKey,
  holdWhileSpeaking,
  kiosk,
  states,
  talkButton,
  turnNumber,
  typeQuestion,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { LANGUAGES } from '../../src/shared/language.ts'
import { askTyped, CHICKEN, CHICKEN_IN } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { peakSpeakerSample } from './support/speaker-level.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { modelState } from './support/stand-in-control.ts'

for (const language of LANGUAGES)
  test(`hears, searches, answers aloud and cites a question held with the key in ${language}, and hears none without`, {
    tag: '@media'
  }, async ({ open, restaurant, stack }) => {
    const question = CHICKEN_IN[language]
    const microphone = microphoneWithSpeech(stack, question, { language })
    const { page } = await open({ microphone: microphone.path })
    await waitUntilReady(page)
    await chooseLanguage(page, language)
    const turn = (await turnNumber(page)) + 1

    await holdWhileSpeaking(page, microphone, await heldKey(page, 'F19', F19_KEY_CODE))
    const seen = await waitForOutcome(page, turn)

    expect(seen.heard).toBe(question)
    expect(seen.outcome).toBe('answered')
    expect(seen.found).toBe(true)
    expect(seen.answer).toContain('165')
    expect(seen.citations[0]?.title).toMatch(/temperatur|poultry|chicken|pollo|aves/i)
    expect(seen.citations[0]?.language).toBe(language)
    const order = (await states(page)).map(({ state }) => state)
    expect(order.slice(order.indexOf('listening'))).toEqual([
      'listening',
      'processing',
      'speaking',
      'connected'
    ])
    await expect
      .poll(() => restaurant.lastCost())
      .toEqual({
        model: 'gpt-realtime-2.1',
        transcription_model: 'gpt-live-transcribe',
        ...Object.fromEntries(
          ['text_input', 'audio_input', 'audio_output', 'transcription_seconds', 'cost'].map(
            (kind) => [kind, expect.any(Number)]
          )
        )
      })
    const { audio_input: heard, audio_output: spoken, cost } = (await restaurant.lastCost()) ?? {}
    expect(Math.min(heard ?? 0, spoken ?? 0, cost ?? 0)).toBeGreaterThan(0)

    const before = await modelState(stack)
    // The file repeats its question.
    await page.waitForTimeout(microphone.loopMs)
    expect(await turnNumber(page)).toBe(turn)
    expect((await modelState(stack)).committed).toBe(before.committed)
  })

test('answers a question typed in Spanish in Spanish, from the Spanish section', {
  tag: '@page'
}, async ({ open }) => {
  const { page } = await open()
  await waitUntilReady(page)
  await chooseLanguage(page, 'es')

  const seen = await askTyped(page, CHICKEN_IN.es)

  expect(seen.found).toBe(true)
  expect(seen.answer).toContain('165')
  expect(seen.answer).toMatch(/\b(el|la|los|hasta|debe)\b/)
  expect(seen.citations[0]?.language).toBe('es')
})

test.describe('during a spoken answer', () => {
  test.use({ answers: 'whole' })

  test('silences the speaker and cancels the answer on a press', {
    tag: ['@media', '@page']
  }, async ({ open, stack }) => {
    const { page } = await open()
    await waitUntilReady(page)
    const first = (await turnNumber(page)) + 1
    await typeQuestion(page, CHICKEN)
    await page.waitForSelector('[data-testid=kiosk][data-state=speaking]')
    // The state changes with the model's event; the sound follows.
    await page.evaluate(() => window.__pageProbe.recorder.start())
    await expect.poll(() => peakSpeakerSample(page)).toBeGreaterThan(0.05)
    const before = await modelState(stack)

    await talkButton(page).press()
    await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
    // The first moments still hold the sound from before the press, and the cue. The answer lasts longer than this
    // waits.
    await expect
      .poll(
        async () => {
          await page.evaluate(() => window.__pageProbe.recorder.start())
          await page.waitForTimeout(300)
          return peakSpeakerSample(page)
        },
        { timeout: 5_000 }
      )
      .toBeLessThan(0.01)
    await talkButton(page).release()

    const seen = await waitForOutcome(page, first + 1)
    expect(seen.outcome).not.toBe('')
    const after = await modelState(stack)
    expect(after.responsesCancelled).toBe(before.responsesCancelled + 1)
  })

  test('stops by Escape and by the button, and asks by clicks without a pointer', {
    tag: '@page'
  }, async ({ open, stack }) => {
    const { page } = await open()
    await waitUntilReady(page)
    const ways = [() => page.keyboard.press('Escape'), () => page.getByTestId('stop').click()]
    for (const stop of ways) {
      const turn = (await turnNumber(page)) + 1
      await typeQuestion(page, CHICKEN)
      await page.waitForSelector('[data-testid=kiosk][data-state=speaking]')
      await stop()
      expect((await waitForOutcome(page, turn)).outcome).toBe('cancelled')
      await expect(page.getByTestId('stop')).toBeHidden()
    }
    const { committed } = await modelState(stack)
    const click = () => page.getByTestId('talk').evaluate((button: HTMLElement) => button.click())
    await click()
    await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
    // Longer than the shortest question.
    await page.waitForTimeout(400)
    await click()
    await expect.poll(async () => (await modelState(stack)).committed).toBe(committed + 1)
  })
})
