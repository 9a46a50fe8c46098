// What goes wrong in a kitchen, and what the screen says and offers then.
import type { Page } from '@playwright/test'
import {
  kiosk,
  turnNumber,
  typeQuestion,
  waitForAnswer,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { expect, test } from './support/fixtures.ts'
import { injectFaults } from './support/stand-in-control.ts'
import { openTcpProxy } from './support/tcp-proxy.ts'

const failure = (page: Page) => page.locator('[data-testid=failure]')
const action = (page: Page) => page.locator('[data-testid=failure-action]')
const failureCode = (code: string) => `[data-testid=kiosk][data-failure=${code}]`

test('with the backend down the copy answers, what it does not have is said, and all is well after', async ({
  open,
  stack
}) => {
  const backend = await openTcpProxy(stack.supabaseUrl)
  const { page, log } = await open({ supabaseUrl: backend.url })
  await waitUntilReady(page)
  await expect
    .poll(async () => (await log()).map(({ event }) => event))
    .toContain('handbook.copyRefreshed')
  const offline = page.locator('[data-testid=offline-answer]')

  await backend.off()
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, 'How hot does chicken have to be?')
  expect((await waitForAnswer(page, turn)).found).toBe(true)
  await expect(page.locator('[data-testid=answer]')).toContainText('165')
  await expect(offline).toBeVisible()
  await expect(failure(page)).toBeHidden()

  // A copy that has nothing proves nothing: the handbook itself may have it.
  await typeQuestion(page, 'What is the capital of Mongolia?')
  expect((await waitForOutcome(page, turn + 1)).outcome).toBe('failed')
  await expect(failure(page)).toBeVisible()
  await expect(action(page)).toBeVisible()

  await backend.on()
  // On a busy machine a search may be too late, and then the copy answers once more.
  await expect(async () => {
    const next = (await turnNumber(page)) + 1
    await typeQuestion(page, 'How hot does chicken have to be?')
    expect((await waitForAnswer(page, next)).found).toBe(true)
    expect(await offline.count()).toBe(0)
  }).toPass()
  await expect(failure(page)).toBeHidden()
  await backend.close()
})

test('a search that the handbook does not answer in time is answered by the copy', async ({
  open,
  stack
}) => {
  const backend = await openTcpProxy(stack.supabaseUrl)
  const { page, log } = await open({ supabaseUrl: backend.url })
  await waitUntilReady(page)
  await expect
    .poll(async () => (await log()).map(({ event }) => event))
    .toContain('handbook.copyRefreshed')
  backend.refuse(504, { error: 'search_timeout', message: 'The handbook did not answer in time.' })

  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, 'How hot does chicken have to be?')
  expect((await waitForAnswer(page, turn)).found).toBe(true)
  await expect(page.locator('[data-testid=answer]')).toContainText('165')
  await expect(page.locator('[data-testid=offline-answer]')).toBeVisible()
  await expect(failure(page)).toBeHidden()

  // What the copy does not have is said under its own name, with something to do.
  await typeQuestion(page, 'What is the capital of Mongolia?')
  expect((await waitForOutcome(page, turn + 1)).outcome).toBe('failed')
  await page.waitForSelector(failureCode('search_timeout'))
  await expect(action(page)).toBeVisible()
  await backend.close()
})

test('with the model down the kiosk says so and connects when it is back', {
  tag: '@page'
}, async ({ open, stack }) => {
  const model = await openTcpProxy(stack.openaiUrl)
  await model.off()
  const { page } = await open({ openaiUrl: model.url })
  await page.waitForSelector(failureCode('model_unreachable'))
  await expect(action(page)).toBeVisible()

  await model.on()
  // Pressed if it is still there: the kiosk tries by itself as well, and may be the first.
  await action(page).evaluateAll((buttons) => {
    for (const button of buttons) if (button instanceof HTMLElement) button.click()
  })
  await waitUntilReady(page)
  await expect(failure(page)).toBeHidden()
  await model.close()
})

test('an ephemeral key that expires between mint and use is replaced without a word', {
  tag: '@page'
}, async ({ open, stack }) => {
  const opened = await open()
  await waitUntilReady(opened.page)
  // What the model answers to a key that expired between mint and use.
  await injectFaults(stack, { calls: { status: 401, times: 1 }, dropCalls: { silently: false } })
  await expect
    .poll(async () => (await opened.log()).map((line) => line.event))
    .toContain('calls.keyRefused')
  await waitUntilReady(opened.page)
  await expect(failure(opened.page)).toBeHidden()
})

test('a session that the backend no longer accepts leads back to the sign-in screen', async ({
  open,
  stack
}) => {
  const backend = await openTcpProxy(stack.supabaseUrl)
  const { page } = await open({ supabaseUrl: backend.url })
  await waitUntilReady(page)

  backend.refuse(401, { error: 'unauthorized', error_code: 'session_not_found', msg: 'gone' })
  // Whatever asks the backend next finds out: this question, or before it the fetching of the handbook's copy, after
  // which there is nowhere to type it.
  const signIn = page.locator('[data-testid=sign-in-submit]')
  await Promise.race([
    typeQuestion(page, 'How hot does chicken have to be?').catch(() => {}),
    signIn.waitFor()
  ])

  await expect(signIn).toBeVisible()
  await expect(failure(page)).toBeVisible()
  await backend.close()
})

test('a role without voice is told so', { tag: '@page' }, async ({ open, restaurant }) => {
  await restaurant.changePolicy({ voice_enabled: false })
  const { page } = await open()
  await page.waitForSelector(failureCode('voice_disabled'))
  await expect(action(page)).toBeVisible()
})

test("when the day's questions are used up the kiosk says so", { tag: '@page' }, async ({
  open,
  restaurant
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  await restaurant.changePolicy({ daily_limit: 0 })

  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, 'How hot does chicken have to be?')

  expect((await waitForOutcome(page, turn)).outcome).toBe('failed')
  await page.waitForSelector(failureCode('limit_exceeded'))
})

test('a model that is rate limited is said to be busy', { tag: '@page' }, async ({
  open,
  stack
}) => {
  // One mint goes ahead of the call and one comes with it; both, and the tries after them, are refused.
  await injectFaults(stack, { clientSecrets: { status: 429, times: 1_000 } })
  const { page } = await open()
  await page.waitForSelector(failureCode('model_busy'))
  await expect(action(page)).toBeVisible()
  await injectFaults(stack, { clientSecrets: { status: 429, times: 1 } })
  await waitUntilReady(page)
  await expect(failure(page)).toBeHidden()
})

test('without a microphone the kiosk says so and typed questions are still answered', async ({
  open
}) => {
  const { page } = await open({ microphone: 'none' })
  await page.waitForSelector(failureCode('microphone_missing'))
  await expect(kiosk(page)).toHaveAttribute('data-state', 'connected')

  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, 'How hot does chicken have to be?')
  expect((await waitForAnswer(page, turn)).found).toBe(true)
})

test('a malformed event from the model is ignored and the turn goes on', { tag: '@page' }, async ({
  open,
  stack
}) => {
  const opened = await open()
  await waitUntilReady(opened.page)
  await injectFaults(stack, { malformedEvent: '{"type": 42' })
  const turn = (await turnNumber(opened.page)) + 1
  await typeQuestion(opened.page, 'How hot does chicken have to be?')

  expect((await waitForAnswer(opened.page, turn)).found).toBe(true)
  expect((await opened.log()).map((line) => line.event)).toContain('call.malformedEvent')
})

test('a call that drops is opened again', { tag: '@page' }, async ({ open, stack }) => {
  const opened = await open({ env: { HEARD_CALL_STANDBY: '0' } })
  /** How often a call became the one in use: a kiosk without one may be gone by before anybody looks at it. */
  const callsInUse = async () =>
    (await opened.log()).filter(({ event }) => event === 'call.inUse').length
  await waitUntilReady(opened.page)
  await expect.poll(callsInUse).toBe(1)
  await injectFaults(stack, { dropCalls: { silently: false } })
  await expect.poll(callsInUse).toBe(2)
  await waitUntilReady(opened.page)
})

test('a malformed call over the bridge is a typed error, and the window lives', async ({
  open
}) => {
  const opened = await open()
  await waitUntilReady(opened.page)
  const answers = await opened.page.evaluate(async () => {
    const call = window.heard.call as (name: string, input: unknown) => Promise<{ ok: boolean }>
    return [
      await call('handbook.search', { query: 42 }),
      await call('settings.change', { volume: 'loud' }),
      await call('calls.open', null)
    ]
  })
  expect(answers).toEqual(
    Array.from({ length: 3 }, () => ({
      ok: false,
      error: expect.objectContaining({ code: 'bad_request' })
    }))
  )
  expect((await opened.log()).filter((line) => line.event === 'contract.rejected')).toHaveLength(3)
  const turn = (await turnNumber(opened.page)) + 1
  await typeQuestion(opened.page, 'How hot does chicken have to be?')
  expect((await waitForAnswer(opened.page, turn)).found).toBe(true)
})
