import { afterEach, beforeEach, expect, it } from 'vitest'
import { disabledUpdates } from '../../src/main/updates/disabled-updates.ts'
import { createTestMainApp, startTestMainApp, type TestMainApp } from './test-main-app.ts'

const trusted = { trusted: true } as const
const PIN = '86402'
const left: string[] = []

let test: TestMainApp
beforeEach(async () => {
  left.length = 0
  test = await startTestMainApp({ fullScreen: true, leave: (how) => left.push(how) })
})
afterEach(() => test.remove())

const code = async (name: string, input: object = {}): Promise<string> => {
  const answer = await test.kiosk.answer(name, input, trusted)
  return answer.ok ? 'ok' : answer.error.code
}
const load = async () => {
  const answer = await test.kiosk.answer('kiosk.initialState', {}, trusted)
  return answer.ok ? answer.value : null
}

it('shows the no_pin notice on a full screen until a PIN is set', async () => {
  expect(await load()).toMatchObject({
    notices: expect.arrayContaining(['no_pin']),
    maintenance: { hasPin: false, unlocked: true, canExit: true }
  })
  await code('maintenance.setPin', { pin: PIN })
  expect(await load()).toMatchObject({
    notices: expect.not.arrayContaining(['no_pin']),
    maintenance: { hasPin: true }
  })
})

it('tells the page when a restart is announced, also a page that loads later', async () => {
  let announce = (_isAnnounced: boolean) => {}
  const announcing = createTestMainApp({
    updates: {
      ...disabledUpdates('0.0.0', 'not_packaged'),
      isRestartAnnounced: () => true,
      onRestartAnnounced: (listener) => {
        announce = listener
      }
    }
  })
  const told: unknown[] = []
  announcing.kiosk.onNotification((notification) => told.push(notification))
  announce(true)
  expect(told).toEqual([{ name: 'updates.restartAnnounced', payload: { isAnnounced: true } }])
  expect(await announcing.kiosk.answer('kiosk.initialState', {}, trusted)).toMatchObject({
    value: { notices: expect.arrayContaining(['restart_announced']) }
  })
  await announcing.remove()
})

it('requires the PIN to change settings and to exit, except for volume and language', async () => {
  await code('maintenance.setPin', { pin: PIN })
  await code('maintenance.lock')
  expect(await code('settings.change', { bindings: [] })).toBe('locked')
  expect(await code('settings.change', { volume: 0.3, tailMs: 100 })).toBe('locked')
  expect(await code('settings.change', { volume: 0.3 })).toBe('ok')
  expect(await code('settings.change', { language: 'es' })).toBe('ok')
  expect(await code('maintenance.exit', { how: 'exit' })).toBe('locked')
  expect(await code('maintenance.setPin', { pin: '0000' })).toBe('locked')
  expect(await code('maintenance.unlock', { pin: '00000' })).toBe('wrong_pin')
  expect(left).toEqual([])

  expect(await code('maintenance.unlock', { pin: PIN })).toBe('ok')
  expect(await code('settings.change', { bindings: [] })).toBe('ok')
  expect(await code('maintenance.exit', { how: 'restart' })).toBe('ok')
  expect(left).toEqual(['restart'])
})

it('requires the PIN to sign in another account, also while the session is restored', async () => {
  const signIn = () => code('account.signIn', { email: 'a@example.com', password: 'wrong' })
  // Signed out, one has to sign in.
  expect(await signIn()).toBe('backend_unreachable')
  await test.remove()
  test = createTestMainApp()
  await code('maintenance.setPin', { pin: PIN })
  await code('maintenance.lock')
  expect(await signIn()).toBe('locked')
  expect(await code('account.signOut')).toBe('locked')
})

it.each(['123', '1234567890123', '12a4', '१२३४', ' 1234', ''])(
  'refuses %j as a PIN',
  async (pin) => {
    expect(await code('maintenance.setPin', { pin })).toBe('bad_request')
  }
)

it('logs no PIN', async () => {
  await code('maintenance.setPin', { pin: PIN })
  await code('maintenance.lock')
  await code('maintenance.unlock', { pin: '97513' })
  await code('maintenance.unlock', { pin: PIN })
  await code('maintenance.unlock', { pin: 97_513 as unknown as string })
  expect(JSON.stringify(test.log.lines)).not.toMatch(/86402|97513/)
})
