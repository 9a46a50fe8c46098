// Only a browser can deny the microphone or lose the bridge to main.
import { kiosk, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { expect, test } from './support/fixtures.ts'

test('explains a denied microphone', async ({ open }) => {
  const { page } = await open({ microphonePermission: 'denied' })
  await expect(kiosk(page)).toHaveAttribute('data-failure', 'microphone_denied')
  await expect(page.getByTestId('failure-action')).toBeVisible()
})

test('reports a main process that is gone', async ({ open }) => {
  const { page, stopMain } = await open()
  await waitUntilReady(page)
  await stopMain()
  await expect(kiosk(page)).toHaveAttribute('data-failure', 'bridge_lost')
  await expect(page.getByTestId('failure-action')).toBeVisible()
})
