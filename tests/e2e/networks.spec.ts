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
} from '../../local/drive/screen.ts'
import { expect, test } from './support/fixtures.ts'
import { blip, setNetwork } from './support/model.ts'
import { microphoneSaying } from './support/speech.ts'

const CHICKEN = 'How hot does chicken have to be?'
const SEED = 7

test.afterEach(async ({ stack }) => {
  await setNetwork(stack, null, SEED)
})

for (const profile of ['wifi', 'busy_wifi', 'poor', 'very_bad'] as const) {
  test(`on a ${profile} network a spoken question is heard word for word and answered`, async ({
    open,
    stack
  }) => {
    const microphone = microphoneSaying(stack, CHICKEN)
    await setNetwork(stack, profile, SEED)
    const { page } = await open({ microphone: microphone.path })
    await waitUntilReady(page)
    const turn = (await turnNumber(page)) + 1

    await holdWhileSpeaking(page, microphone, talkButton(page))
    const seen = await waitForAnswer(page, turn)

    expect(seen.heard).toBe(CHICKEN)
    expect(seen.found).toBe(true)
  })
}

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

  await expect(kiosk(page)).toHaveAttribute('data-path', 'relay')
  await expect(page.locator('[data-testid=path]')).toHaveAttribute('data-path', 'relay')
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, CHICKEN)
  expect((await waitForAnswer(page, turn)).found).toBe(true)
})
