// The kiosk as it is installed: under its fuses, out of its archive, driven from outside like anybody's.
import {
  turnNumber,
  typeQuestion,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { expect, test } from './support/fixtures.ts'

test('the packed kiosk answers a question, asks no network for anything, and says what it is', async ({
  open
}) => {
  const { page, requests, log } = await open()
  await waitUntilReady(page)
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, 'How hot does chicken have to be?')
  const { outcome, answer } = await waitForOutcome(page, turn)
  expect(outcome).toBe('answered')
  expect(answer).toContain('165')
  expect(requests.urls).toEqual([])
  expect(await log()).toContainEqual(
    expect.objectContaining({ event: 'kiosk.started', shell: 'electron' })
  )
})

test('the page of the packed kiosk opens no window and no developer tools, and stays where it is', async ({
  open
}) => {
  const { page, context, log } = await open()
  await waitUntilReady(page)
  for (const key of ['F12', 'Control+Shift+I', 'Control+N', 'Control+R']) {
    await page.keyboard.press(key)
  }
  expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true)
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  await expect
    .poll(async () => (await log()).map((line) => line.event))
    .toContain('navigation.denied')
  expect(page.url()).toBe('app://kiosk/')
  expect(context.pages()).toHaveLength(1)
})
