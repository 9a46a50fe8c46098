// Relaunches with the original environment and arguments.
import { afterEach, expect, it } from 'vitest'
import { relaunch } from '../../../../src/main/electron/relaunch.ts'

const relaunches: unknown[] = []
const app = {
  relaunch: (options?: object) => void relaunches.push(options ?? null)
} as unknown as Parameters<typeof relaunch>[0]

afterEach(() => {
  relaunches.length = 0
  delete process.env.HEARD_TEST_SECRET
  delete process.env.APPIMAGE
})

it('restores the secrets that were removed from the environment', () => {
  relaunch(app, null, { HEARD_TEST_SECRET: 'x' })
  expect(process.env.HEARD_TEST_SECRET).toBe('x')
  expect(relaunches).toEqual([null])
})

it('starts another program with the same arguments', () => {
  relaunch(app, '/opt/heard/current/heard', {})
  expect(relaunches).toEqual([
    { execPath: '/opt/heard/current/heard', args: process.argv.slice(1) }
  ])
})

it('starts the AppImage, not its mounted binary', () => {
  relaunch(app, null, { APPIMAGE: '/home/kiosk/Heard.AppImage' })
  expect(relaunches).toEqual([
    { execPath: '/home/kiosk/Heard.AppImage', args: process.argv.slice(1) }
  ])
})
