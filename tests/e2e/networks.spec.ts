// Weak, interrupted and UDP-less networks. The network emulator loses the same packets for the same seed.
import {
  holdWhileSpeaking,
  kiosk,
  talkButton,
  waitForAnswer,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { askTyped, CHICKEN, eventsOf, expectLogged } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { blip, modelState, modelTurns, setNetwork } from './support/stand-in-control.ts'

const SEED = 7
/** From the press, which comes almost a second before the first word. */
const INTO_SPEECH_MS = 1_200
const BLIP_MS = 800

test.afterEach(async ({ stack }) => {
  await setNetwork(stack, null, SEED)
})

for (const profile of ['busy_wifi', 'very_bad'] as const) {
  test(`hears a spoken question word for word on a ${profile} network`, async ({ open, stack }) => {
    const microphone = microphoneWithSpeech(stack, CHICKEN)
    await setNetwork(stack, profile, SEED)
    const opened = await open({ microphone: microphone.path })
    const { page } = opened
    await waitUntilReady(page)

    await holdWhileSpeaking(page, microphone, talkButton(page))
    const seen = await waitForAnswer(page, 1)

    expect(seen.heard).toBe(CHICKEN)
    expect(seen.found).toBe(true)
    // A few lost packets are no reason to send the recording.
    if (profile === 'busy_wifi') expect(await eventsOf(opened)).not.toContain('turn.audioLost')
  })
}

test('sends the recording when the network is gone for a moment during speech', async ({
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
      // The receiver reports its losses about once a second.
      await expectLogged(opened, 'turn.audioLost')
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

test('answers a question that is asked on a network that is dead for 8 s', async ({
  open,
  stack
}) => {
  await setNetwork(stack, 'clear', SEED)
  const { page } = await open()
  await waitUntilReady(page)

  await blip(stack, 8_000)
  const seen = await askTyped(page, CHICKEN)

  // The backend is not behind the same network here: at the latest the offline copy answers.
  expect(seen.outcome).toBe('answered')
  expect(seen.answer).toContain('165')
  await waitUntilReady(page)
  expect((await askTyped(page, CHICKEN)).found).toBe(true)
})

test('finds the WebSocket transport by itself where UDP is blocked, and shows it', async ({
  open,
  stack
}) => {
  await setNetwork(stack, 'blocked', SEED)
  const { page } = await open()
  await waitUntilReady(page)

  await expect(kiosk(page)).toHaveAttribute('data-path', 'websocket')
  await expect(page.getByTestId('path')).toHaveAttribute('data-path', 'websocket')
  expect((await askTyped(page, CHICKEN)).found).toBe(true)
})
