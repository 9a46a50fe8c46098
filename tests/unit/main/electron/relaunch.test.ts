// What the next process is started with: the secrets that this one took out of its environment, its switches, and
// the AppImage rather than what is mounted out of it.
import { afterEach, expect, it } from 'vitest'
import { relaunch } from '../../../../src/main/electron/relaunch.ts'

const asked: unknown[] = []
const app = {
  relaunch: (options?: object) => void asked.push(options ?? null)
} as unknown as Parameters<typeof relaunch>[0]

afterEach(() => {
  asked.length = 0
  delete process.env.HEARD_TEST_SECRET
  delete process.env.APPIMAGE
})

it('gives the next process back what was taken out of this one’s environment', () => {
  relaunch(app, null, { HEARD_TEST_SECRET: 'x' })
  expect(process.env.HEARD_TEST_SECRET).toBe('x')
  expect(asked).toEqual([null])
})

it('starts another program with the same switches', () => {
  relaunch(app, '/opt/heard/current/heard', {})
  expect(asked).toEqual([{ execPath: '/opt/heard/current/heard', args: process.argv.slice(1) }])
})

it('starts the AppImage, not the binary that it was mounted for', () => {
  relaunch(app, null, { APPIMAGE: '/home/kiosk/Heard.AppImage' })
  expect(asked).toEqual([{ execPath: '/home/kiosk/Heard.AppImage', args: process.argv.slice(1) }])
})
