// The networks of restaurants: weak ones, ones that stop for a while, and ones that let no UDP through. The same
// seed loses the same packets in every run.
import {
  holdWhileSpeaking,
  kiosk,
  talkButton,
  turnNumber,
  typeQuestion,
  waitForAnswer,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { blip, modelState, modelTurns, setNetwork } from './support/stand-in-control.ts'

const CHICKEN = 'How hot does chicken have to be?'
const SEED = 7
/** From the press, which comes almost a second before the first word, and then for several words. */
const INTO_SPEECH_MS = 1_200
const BLIP_MS = 800

test.afterEach(async ({ stack }) => {
  await setNetwork(stack, null, SEED)
})

for (const profile of ['wifi', 'busy_wifi', 'poor', 'very_bad'] as const) {
  test(`on a ${profile} network a spoken question is heard word for word and answered`, async ({
    open,
    stack
  }) => {
    const microphone = microphoneWithSpeech(stack, CHICKEN)
    await setNetwork(stack, profile, SEED)
    const { page, log } = await open({ microphone: microphone.path })
    await waitUntilReady(page)
    const turn = (await turnNumber(page)) + 1

    await holdWhileSpeaking(page, microphone, talkButton(page))
    const seen = await waitForAnswer(page, turn)

    expect(seen.heard).toBe(CHICKEN)
    expect(seen.found).toBe(true)
    // Packets that are lost here and there are no reason to send it all again.
    if (profile === 'wifi' || profile === 'busy_wifi') {
      expect((await log()).map(({ event }) => event)).not.toContain('turn.audioLost')
    }
  })
}

test('a network that is gone for a moment while somebody speaks costs no word: the recording is sent', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  await setNetwork(stack, 'clear', SEED)
  const opened = await open({ microphone: microphone.path })
  const { page } = opened
  await waitUntilReady(page)
  const before = await modelState(stack)
  const button = talkButton(page)

  await holdWhileSpeaking(page, microphone, {
    press: async () => {
      await button.press()
      await page.waitForTimeout(INTO_SPEECH_MS)
      await blip(stack, BLIP_MS)
    },
    release: async () => {
      // The far end says about once a second what it has missed.
      await expect
        .poll(async () => (await opened.log()).map(({ event }) => event))
        .toContain('turn.audioLost')
      await button.release()
    }
  })
  const seen = await waitForAnswer(page, 1)

  expect(seen.heard).toBe(CHICKEN)
  expect(seen.found).toBe(true)
  const after = await modelState(stack)
  expect(after.committed).toBe(before.committed + 1)
  expect(after.mixedTurns).toBe(before.mixedTurns)
  expect((await modelTurns(stack)).at(-1)).toMatchObject({ rtpMs: 0, mixed: false })
})

for (const seconds of [3, 8, 30]) {
  test(`a network that is dead for ${seconds} s leaves no question without an end`, async ({
    open,
    stack
  }) => {
    await setNetwork(stack, 'clear', SEED)
    const { page } = await open()
    await waitUntilReady(page)
    const turn = (await turnNumber(page)) + 1

    await blip(stack, seconds * 1_000)
    await typeQuestion(page, CHICKEN)
    const seen = await waitForOutcome(page, turn)

    // The backend is not behind the same network here: at the latest its copy answers.
    expect(seen.outcome).toBe('answered')
    expect(seen.answer).toContain('165')
    await waitUntilReady(page)
    await typeQuestion(page, CHICKEN)
    expect((await waitForAnswer(page, turn + 1)).found).toBe(true)
  })
}

test('on a network that lets no UDP through the kiosk finds the relay by itself and says so', async ({
  open,
  stack
}) => {
  await setNetwork(stack, 'blocked', SEED)
  const { page } = await open()
  await waitUntilReady(page)

  await expect(kiosk(page)).toHaveAttribute('data-path', 'websocket')
  await expect(page.locator('[data-testid=path]')).toHaveAttribute('data-path', 'websocket')
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, CHICKEN)
  expect((await waitForAnswer(page, turn)).found).toBe(true)
})
