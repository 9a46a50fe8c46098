// One turn, by every way of asking, as the person sees and hears it.
import { join } from 'node:path'
import {
  chooseLanguage,
  F19_KEY_CODE,
  heldKey,
  holdWhileSpeaking,
  kiosk,
  readTurn,
  states,
  talkButton,
  turnNumber,
  typeQuestion,
  waitForAnswer,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { speak, writeMicrophoneFile } from '../../dev/drive/microphone-file.ts'
import { expect, test } from './support/fixtures.ts'
import { keyboardOf } from './support/keyboard.ts'
import { peakSpeakerSample } from './support/speaker-level.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { injectFaults, modelState } from './support/stand-in-control.ts'

const CHICKEN = 'How hot does chicken have to be?'

test('a question held with the key is heard, searched, answered aloud and cited', {
  tag: '@media'
}, async ({ open, stack }) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({ microphone: microphone.path })
  await waitUntilReady(page)
  const turn = (await turnNumber(page)) + 1

  await holdWhileSpeaking(page, microphone, await heldKey(page, 'F19', F19_KEY_CODE))
  const seen = await waitForOutcome(page, turn)

  expect(seen.heard).toBe(CHICKEN)
  expect(seen.outcome).toBe('answered')
  expect(seen.found).toBe(true)
  expect(seen.answer).toContain('165')
  expect(seen.citations[0]?.title).toMatch(/temperature|poultry|chicken/i)
  const order = (await states(page)).map(({ state }) => state)
  expect(order.slice(order.indexOf('listening'))).toEqual([
    'listening',
    'processing',
    'speaking',
    'connected'
  ])
})

test('a question held with the button on the screen is heard word for word', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({ microphone: microphone.path })
  await waitUntilReady(page)
  const turn = (await turnNumber(page)) + 1

  await holdWhileSpeaking(page, microphone, talkButton(page))

  expect((await waitForAnswer(page, turn)).heard).toBe(CHICKEN)
})

test('a question typed in Spanish is answered in Spanish from the Spanish section', async ({
  open
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  await chooseLanguage(page, 'es')
  const turn = (await turnNumber(page)) + 1

  await typeQuestion(page, '¿A qué temperatura debe llegar el pollo?')
  const seen = await waitForOutcome(page, turn)

  expect(seen.found).toBe(true)
  expect(seen.answer).toContain('165')
  expect(seen.answer).toMatch(/\b(el|la|los|hasta|debe)\b/)
  expect(seen.citations[0]?.language).toBe('es')
})

test('a question that the handbook does not answer is refused and cites nothing', async ({
  open
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  const turn = (await turnNumber(page)) + 1

  await typeQuestion(page, 'What is the wifi password?')
  const seen = await waitForOutcome(page, turn)

  expect(seen.outcome).toBe('not_found')
  expect(seen.found).toBe(false)
  expect(seen.citations).toEqual([])
  expect(seen.answer).toMatch(/handbook/i)
})

test.describe('while an answer is read out', () => {
  test.use({ answers: 'whole' })

  test('a press while the answer plays silences the speaker and cancels the answer', {
    tag: '@media'
  }, async ({ open, stack }) => {
    const { page } = await open()
    await waitUntilReady(page)
    const first = (await turnNumber(page)) + 1
    await typeQuestion(page, CHICKEN)
    await page.waitForSelector('[data-testid=kiosk][data-state=speaking]')
    // The state changes with the model's word that it speaks; wait until it is really heard.
    await page.evaluate(() => window.__pageProbe.recorder.start())
    await expect.poll(() => peakSpeakerSample(page)).toBeGreaterThan(0.05)
    const before = await modelState(stack)

    await talkButton(page).press()
    await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
    // What sounded before the press is still in the first moments, and the cue that the microphone is open; the answer
    // would go on for longer than this is waited for.
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
})

test('a press too short to be a question is a hint on the screen and nothing at the model', async ({
  open,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  const before = await modelState(stack)

  await (await keyboardOf(page)).tap('F19')

  await expect(page.locator('[data-testid=hint]')).toBeVisible()
  await expect(kiosk(page)).toHaveAttribute('data-state', 'connected')
  const after = await modelState(stack)
  expect(after.committed).toBe(before.committed)
  expect(after.responses).toBe(before.responses)

  // It is no news to who presses next.
  await talkButton(page).press()
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  expect(await page.locator('[data-testid=hint]').isVisible()).toBe(false)
  await talkButton(page).release()
})

test('a question asked while another is being answered ends the first and is answered itself', async ({
  open,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  const first = (await turnNumber(page)) + 1
  const before = await modelState(stack)
  // However late anybody looks at it, the first question is still under way.
  await injectFaults(stack, { stallResponseMs: 60_000 })
  await typeQuestion(page, CHICKEN)
  await expect(kiosk(page)).toHaveAttribute('data-turn', String(first))
  await expect(kiosk(page)).toHaveAttribute('data-state', 'processing')

  await typeQuestion(page, 'How long do I wash my hands?')
  const seen = await waitForOutcome(page, first + 1)

  expect(seen.heard).toBe('How long do I wash my hands?')
  expect(seen.outcome).toBe('answered')
  expect(seen.answer).toContain('20')
  const after = await modelState(stack)
  expect(after.refusedEvents).toBe(before.refusedEvents)
})

test(
  'the microphone reaches the model only while the button is held',
  { tag: '@media' },
  async ({ open }, testInfo) => {
    const microphone = writeMicrophoneFile(testInfo.outputPath('mic.wav'), speak(CHICKEN, 'en'))
    const { page } = await open({ microphone: microphone.path })
    await waitUntilReady(page)
    // A whole round of the loop passes with nobody pressing.
    await page.waitForTimeout(microphone.loopMs)
    const turn = await readTurn(page)
    expect(turn.heard).toBe('')
    expect(await turnNumber(page)).toBe(0)
    await page.screenshot({ path: join(testInfo.outputDir, 'idle.png') })
  }
)
