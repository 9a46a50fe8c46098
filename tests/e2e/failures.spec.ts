// Failures of the backend, the model and the machine, and the way out that the screen offers.
import type { Page } from '@playwright/test'
import { kiosk, typeQuestion, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { askTyped, CHICKEN, expectLogged } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { openTcpProxy } from './support/tcp-proxy.ts'

const failure = (page: Page) => page.getByTestId('failure')
const action = (page: Page) => page.getByTestId('failure-action')
const failureCode = (code: string) => `[data-testid=kiosk][data-failure=${code}]`

test('answers from the offline copy while the backend is down, and from the handbook afterwards', async ({
  open,
  stack
}) => {
  const backend = await openTcpProxy(stack.supabaseUrl)
  const opened = await open({ supabaseUrl: backend.url })
  const { page } = opened
  await waitUntilReady(page)
  await expectLogged(opened, 'handbook.copyRefreshed')
  const offline = page.getByTestId('offline-answer')

  await backend.off()
  expect((await askTyped(page, CHICKEN)).found).toBe(true)
  await expect(page.getByTestId('answer')).toContainText('165')
  await expect(offline).toBeVisible()
  await expect(failure(page)).toBeHidden()

  // A copy without a match proves nothing: the handbook itself may have one.
  expect((await askTyped(page, 'What is the capital of Mongolia?')).outcome).toBe('failed')
  await expect(failure(page)).toBeVisible()
  await expect(action(page)).toBeVisible()

  await backend.on()
  // On a busy machine a search may be too late, and then the copy answers once more.
  await expect(async () => {
    expect((await askTyped(page, CHICKEN)).found).toBe(true)
    expect(await offline.count()).toBe(0)
  }).toPass()
  await expect(failure(page)).toBeHidden()
  await backend.close()
})

test('reports an unreachable model, and connects when it is back', async ({ open, stack }) => {
  const model = await openTcpProxy(stack.openaiUrl)
  await model.off()
  const { page } = await open({ openaiUrl: model.url })
  await page.waitForSelector(failureCode('model_unreachable'))
  await expect(action(page)).toBeVisible()

  await model.on()
  // The kiosk also tries by itself: the button may be gone by now.
  await action(page).evaluateAll((buttons) => {
    for (const button of buttons) if (button instanceof HTMLElement) button.click()
  })
  await waitUntilReady(page)
  await expect(failure(page)).toBeHidden()
  await model.close()
})

test('says that the voice is used up at the limit of keys, and connects when it is lifted', {
  tag: '@page'
}, async ({ open, restaurant }) => {
  await restaurant.limitKeys(0)
  const { page } = await open()
  await page.waitForSelector(failureCode('voice_limit_exceeded'))
  await expect(failure(page)).toHaveText('The voice is used up for now. Ask your manager.')

  await restaurant.restore()
  await action(page).click()
  await waitUntilReady(page)
  await expect(failure(page)).toBeHidden()
})

test('returns to the sign-in screen when the backend no longer accepts the session', async ({
  open,
  stack
}) => {
  const backend = await openTcpProxy(stack.supabaseUrl)
  const { page } = await open({ supabaseUrl: backend.url })
  await waitUntilReady(page)

  backend.refuse(401, { error: 'unauthorized', error_code: 'session_not_found', msg: 'gone' })
  // The next request finds out. Where that is a refresh of the offline copy, the question's field is gone already.
  const signIn = page.getByTestId('sign-in-submit')
  await Promise.race([typeQuestion(page, CHICKEN).catch(() => {}), signIn.waitFor()])

  await expect(signIn).toBeVisible()
  await expect(failure(page)).toBeVisible()
  await backend.close()
})

test('tells a role without voice that voice is off', async ({ open, restaurant }) => {
  await restaurant.turnVoiceOff()
  const { page } = await open()
  await page.waitForSelector(failureCode('voice_disabled'))
  await expect(action(page)).toBeVisible()
})

test('reports a missing microphone and still answers typed questions', async ({ open }) => {
  const { page } = await open({ microphone: 'none' })
  await page.waitForSelector(failureCode('microphone_missing'))
  await expect(kiosk(page)).toHaveAttribute('data-state', 'connected')

  expect((await askTyped(page, CHICKEN)).found).toBe(true)
})
