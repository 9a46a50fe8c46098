// What only a browser does: Electron's main grants the kiosk's own page and cannot lose its bridge.
import { kiosk, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { expect, test } from './support/fixtures.ts'

test('a microphone that the person may not use is explained', async ({ open }) => {
  const { page } = await open({ microphonePermission: 'denied' })
  await expect(kiosk(page)).toHaveAttribute('data-failure', 'microphone_denied')
  await expect(page.locator('[data-testid=failure-action]')).toBeVisible()
})

test('a kiosk whose main process is gone says so', async ({ open }) => {
  const { page, stopMain } = await open()
  await waitUntilReady(page)
  await stopMain()
  await expect(kiosk(page)).toHaveAttribute('data-failure', 'bridge_lost')
  await expect(page.locator('[data-testid=failure-action]')).toBeVisible()
})
