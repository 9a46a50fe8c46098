// What only Electron shows: taking the page offline takes the preview's own bridge away as well.
import { waitUntilReady } from '../../local/drive/screen.ts'
import { expect, test } from './support/fixtures.ts'
import { misbehave } from './support/model.ts'
import { openSwitch } from './support/switch.ts'

test('a machine that is offline says that, and comes back by itself', async ({ open, stack }) => {
  const model = await openSwitch(stack.openaiUrl)
  const { page, context } = await open({ openaiUrl: model.url })
  await waitUntilReady(page)

  await context.setOffline(true)
  await model.off()
  await misbehave(stack, { dropCalls: { silently: false } })
  await page.waitForSelector('[data-testid=kiosk][data-failure=offline]')
  await expect(page.locator('[data-testid=failure-action]')).toBeVisible()

  await model.on()
  await context.setOffline(false)
  await waitUntilReady(page)
  await expect(page.locator('[data-testid=failure]')).toBeHidden()
  await model.close()
})
