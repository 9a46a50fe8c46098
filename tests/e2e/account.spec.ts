// Sign-in, sign-out, and the limits of the page.
import type { Page } from '@playwright/test'
import { openSettings, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { secretsInRenderer } from '../../dev/drive/secret-scan.ts'
import type { LocalAccount } from '../../dev/local-stack.ts'
import { askTyped, CHICKEN } from './support/ask.ts'
import { expect, firstAccount, test } from './support/fixtures.ts'

const signIn = async (page: Page, account: LocalAccount): Promise<void> => {
  await page.getByTestId('sign-in-email').fill(account.email)
  await page.getByTestId('sign-in-password').fill(account.password)
  await page.getByTestId('sign-in-submit').click()
}

test('signs out and in again, and keeps keys and tokens out of the page, and the page off the network', async ({
  open,
  stack
}) => {
  const { page, requests } = await open()
  await waitUntilReady(page)

  await openSettings(page, 'kiosk')
  await page.getByTestId('sign-out').click()
  await page.getByTestId('sign-out-confirm').click()
  await expect(page.getByTestId('sign-in-submit')).toBeVisible()

  await signIn(page, { ...firstAccount(stack), password: 'not the password' })
  await expect(page.getByTestId('failure')).toBeVisible()

  await signIn(page, firstAccount(stack))
  await waitUntilReady(page)
  expect((await askTyped(page, CHICKEN)).found).toBe(true)

  expect(await secretsInRenderer(page)).toEqual([])
  expect(requests.urls).toEqual([])
  // The same search finds a planted key.
  await page.evaluate(() => {
    Object.assign(window, { planted: ['ek', 'planted0123456789'].join('_') })
  })
  expect(await secretsInRenderer(page)).toHaveLength(1)

  const reached = await page.evaluate(
    (url) =>
      fetch(url).then(
        () => true,
        () => false
      ),
    `${stack.supabaseUrl}/health`
  )
  expect(reached).toBe(false)
})
