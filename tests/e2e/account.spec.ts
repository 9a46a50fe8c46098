// Who is signed in, and what that account can and cannot ask.
import { readdir } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import {
  turnNumber,
  typeQuestion,
  waitForAnswer,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { secretsInRenderer } from '../../dev/drive/secret-scan.ts'
import type { LocalAccount } from '../../dev/local-stack.ts'
import { fromProject } from '../../dev/paths.ts'
import { expect, firstAccount, secondAccount, test } from './support/fixtures.ts'

const signIn = async (page: Page, account: LocalAccount): Promise<void> => {
  await page.locator('[data-testid=sign-in-email]').fill(account.email)
  await page.locator('[data-testid=sign-in-password]').fill(account.password)
  await page.locator('[data-testid=sign-in-submit]').click()
}

const ask = async (page: Page, question: string) => {
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, question)
  return waitForAnswer(page, turn)
}

test('signing out ends the call and shows the sign-in screen, and signing in opens it again', async ({
  open,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)

  await page.locator('[data-testid=settings-open]').click()
  await page.locator('[data-testid=sign-out]').click()
  await expect(page.locator('[data-testid=sign-in-submit]')).toBeVisible()

  await signIn(page, { ...firstAccount(stack), password: 'not the password' })
  await expect(page.locator('[data-testid=failure]')).toBeVisible()

  await signIn(page, firstAccount(stack))
  await waitUntilReady(page)
  expect((await ask(page, 'How hot does chicken have to be?')).found).toBe(true)
})

test("a second restaurant's kiosk cannot see the first one's handbook", async ({ open, stack }) => {
  const { page } = await open({ account: secondAccount(stack) })
  await waitUntilReady(page)

  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, 'How do I calibrate the thermometer in ice water?')
  const theirs = await waitForOutcome(page, turn)
  // What is near it in their own may be shown, and nothing else.
  const own = new Set(
    (await readdir(fromProject('supabase/handbook/sol-y-sal/es'))).map((name) =>
      name.replace(/\.md$/, '')
    )
  )
  expect(theirs.citations.filter(({ slug }) => !own.has(slug))).toEqual([])

  expect((await ask(page, 'How do I cook the nixtamal?')).found).toBe(true)
})

test('nothing that opens a door is in the page, and the search for it works', async ({ open }) => {
  const { page, requests } = await open()
  await waitUntilReady(page)
  await ask(page, 'How hot does chicken have to be?')

  expect(await secretsInRenderer(page)).toEqual([])
  expect(requests.urls).toEqual([])

  // The same search finds a key that is there.
  await page.evaluate(() => {
    Object.assign(window, { planted: ['ek', 'planted0123456789'].join('_') })
  })
  expect(await secretsInRenderer(page)).toHaveLength(1)
})

test('the page cannot reach the network even when it tries', async ({ open, stack }) => {
  const { page } = await open()
  await waitUntilReady(page)
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
