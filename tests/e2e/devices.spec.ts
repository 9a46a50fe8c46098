// Microphones and speakers: chosen, tested, unplugged and plugged in again, on the same call.
import { writeFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import {
  closeSettings,
  holdWhileSpeaking,
  isGateOpen,
  openSettings,
  talkButton,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { speak } from '../../dev/drive/microphone-file.ts'
import { writeWav } from '../../dev/wav.ts'
import { CHICKEN } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { peakSpeakerSample } from './support/speaker-level.ts'
import { microphoneWithSpeech, skipWithoutSpeech } from './support/spoken-microphone.ts'
import { modelState } from './support/stand-in-control.ts'

/** Each microphone starts the loop anew, with the kiosk ready: the press needs little silence. */
const SILENCE = { leadMs: 1_500, trailMs: 500 }

/** Devices that can be unplugged; Chromium's fake ones cannot. */
type Plugs = {
  unplugged: Set<string>
  announce: () => void
}

declare global {
  var plugs: Plugs
}

/** Runs in the page: it uses nothing of this file. */
const installPlugs = (): void => {
  const { mediaDevices } = navigator
  const list = mediaDevices.enumerateDevices.bind(mediaDevices)
  const plugs: Plugs = {
    unplugged: new Set(),
    announce: () => mediaDevices.dispatchEvent(new Event('devicechange'))
  }
  mediaDevices.enumerateDevices = async () =>
    (await list()).filter(({ label }) => !plugs.unplugged.has(label))
  globalThis.plugs = plugs
}
const PLUGS = `(${installPlugs.toString()})()`

const part = (page: Page, name: string) => page.getByTestId(name)

const unplug = (page: Page, label: string) =>
  page.evaluate((name) => {
    plugs.unplugged.add(name)
    plugs.announce()
  }, label)
const plugIn = (page: Page, label: string) =>
  page.evaluate((name) => {
    plugs.unplugged.delete(name)
    plugs.announce()
  }, label)

/** The microphone track in use. */
const microphoneInUse = (page: Page) =>
  page.evaluate(() => {
    const track = window.__pageProbe.microphones.at(-1)
    return track?.readyState === 'live'
      ? { label: track.label, echoCancellation: track.getSettings().echoCancellation }
      : null
  })

const OTHER = 'Fake Audio Input 2'

test('changes the microphone and its processing on the same call', async ({ open, stack }) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN, { silence: SILENCE })
  const { page } = await open({ microphone: microphone.path, env: { HEARD_CALL_STANDBY: '0' } })
  await waitUntilReady(page)
  const before = await modelState(stack)
  const ask = async () => {
    await holdWhileSpeaking(page, microphone, talkButton(page))
    await expect(part(page, 'heard')).toHaveText(CHICKEN)
  }

  await openSettings(page, 'sound')
  await part(page, 'microphone-select').selectOption({ label: OTHER })
  await expect.poll(() => microphoneInUse(page)).toEqual({ label: OTHER, echoCancellation: false })
  await closeSettings(page)
  await ask()

  await openSettings(page, 'sound')
  await part(page, 'setting-echo-cancellation').click()
  await closeSettings(page)
  await expect.poll(() => microphoneInUse(page)).toEqual({ label: OTHER, echoCancellation: true })
  await ask()

  const after = await modelState(stack)
  expect(after.callsOpened).toBe(before.callsOpened)
  expect(after.calls.map(({ callId }) => callId)).toEqual(before.calls.map(({ callId }) => callId))
})

test('tests the microphone and the speaker, and sends nothing of it', async ({
  open,
  stack
}, testInfo) => {
  skipWithoutSpeech(stack)
  // Speech without a pause.
  const path = testInfo.outputPath('talker.wav')
  writeFileSync(path, writeWav(speak(CHICKEN, 'en')))
  const { page } = await open({ microphone: path })
  await waitUntilReady(page)
  const before = await modelState(stack)
  await openSettings(page, 'sound')

  await part(page, 'test-microphone').click()
  await expect(part(page, 'test-microphone')).toBeDisabled()
  expect(await isGateOpen(page)).toBe(false)
  await page.evaluate(() => window.__pageProbe.recorder.start())
  await part(page, 'test-speaker').click()
  await expect.poll(() => peakSpeakerSample(page)).toBeGreaterThan(0.05)
  await expect(part(page, 'test-speaker')).toBeEnabled()
  await expect(part(page, 'microphone-verdict')).toHaveAttribute('data-verdict', 'heard')

  const after = await modelState(stack)
  expect(after.committed).toBe(before.committed)
  expect(after.responses).toBe(before.responses)
})

test('falls back to the default when a chosen device is unplugged, and returns to it', async ({
  open,
  stack
}) => {
  const { page } = await open({ scripts: [PLUGS], env: { HEARD_CALL_STANDBY: '0' } })
  await waitUntilReady(page)
  const before = await modelState(stack)
  await openSettings(page, 'sound')
  const microphones = part(page, 'microphone-select')
  const speakers = part(page, 'speaker-select')
  await microphones.selectOption({ label: OTHER })
  await expect.poll(() => microphoneInUse(page)).toMatchObject({ label: OTHER })
  const SPEAKER = 'Fake Audio Output 2'
  await speakers.selectOption({ label: SPEAKER })

  await unplug(page, OTHER)
  await expect
    .poll(() => microphoneInUse(page))
    .toMatchObject({ label: expect.not.stringMatching(OTHER) })
  await expect(microphones.locator('option:checked')).toHaveText(`${OTHER} (not plugged in)`)
  await expect(part(page, 'failure')).toBeHidden()
  await unplug(page, SPEAKER)
  await expect(speakers.locator('option:checked')).toHaveText(`${SPEAKER} (not plugged in)`)

  await plugIn(page, OTHER)
  await expect.poll(() => microphoneInUse(page)).toMatchObject({ label: OTHER })
  await expect(microphones.locator('option:checked')).toHaveText(OTHER)
  await plugIn(page, SPEAKER)
  await expect(speakers.locator('option:checked')).toHaveText(SPEAKER)
  expect((await modelState(stack)).callsOpened).toBe(before.callsOpened)
})
