// Microphones and speakers: chosen, tried out, unplugged and back, and never a new call for any of it.
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
import { speak, writeMicrophoneFile } from '../../dev/drive/microphone-file.ts'
import { writeWav } from '../../dev/wav.ts'
import { DEVICE_CHANGE_SETTLE_MS } from '../../src/renderer/audio/devices.ts'
import { expect, test } from './support/fixtures.ts'
import { peakSpeakerSample } from './support/speaker-level.ts'
import { microphoneWithSpeech, skipWithoutSpeech } from './support/spoken-microphone.ts'
import { modelState } from './support/stand-in-control.ts'

const CHICKEN = 'How hot does chicken have to be?'
/** With each microphone the loop begins anew, and the kiosk is ready by then: a press is soon made. */
const SILENCE = { leadMs: 1_500, trailMs: 500 }

/** Devices that can be unplugged; Chromium's fake ones cannot. */
type Plugs = {
  unplugged: Set<string>
  /** How often the list was read. */
  lists: number
  tell: () => void
}

declare global {
  var plugs: Plugs
}

/** Runs in the page: everything that it uses must be inside it. */
const installPlugs = (): void => {
  const { mediaDevices } = navigator
  const list = mediaDevices.enumerateDevices.bind(mediaDevices)
  const plugs: Plugs = {
    unplugged: new Set(),
    lists: 0,
    tell: () => mediaDevices.dispatchEvent(new Event('devicechange'))
  }
  mediaDevices.enumerateDevices = async () => {
    plugs.lists += 1
    return (await list()).filter(({ label }) => !plugs.unplugged.has(label))
  }
  globalThis.plugs = plugs
}
const PLUGS = `(${installPlugs.toString()})()`

const part = (page: Page, name: string) => page.locator(`[data-testid=${name}]`)

const unplug = (page: Page, label: string) =>
  page.evaluate((name) => {
    plugs.unplugged.add(name)
    plugs.tell()
  }, label)
const plugIn = (page: Page, label: string) =>
  page.evaluate((name) => {
    plugs.unplugged.delete(name)
    plugs.tell()
  }, label)

/** What the kiosk listens to now. */
const microphoneInUse = (page: Page) =>
  page.evaluate(() => {
    const track = window.__pageProbe.microphones.at(-1)
    return track?.readyState === 'live'
      ? { label: track.label, echoCancellation: track.getSettings().echoCancellation }
      : null
  })

const OTHER = 'Fake Audio Input 2'

test('another microphone and other processing are heard on the same call', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN, SILENCE)
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

test('"say something" hears a voice and the test tone sounds, and nothing of it is sent', async ({
  open,
  stack
}, testInfo) => {
  skipWithoutSpeech(stack)
  // Without the silence that a hold needs: somebody who talks all the time.
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

test('"say something" finds a microphone that hears nothing', async ({ open }, testInfo) => {
  const silent = writeMicrophoneFile(testInfo.outputPath('silent.wav'), null)
  const { page } = await open({ microphone: silent.path })
  await waitUntilReady(page)
  await openSettings(page, 'sound')

  await part(page, 'test-microphone').click()

  await expect(part(page, 'microphone-verdict')).toHaveAttribute('data-verdict', 'silent')
})

test('devices that go give way without being forgotten, and are back when they are back', async ({
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

test('a burst of device changes is read once', async ({ open }) => {
  const { page } = await open({ scripts: [PLUGS] })
  await waitUntilReady(page)
  /** How often the list is read for this many changes at once: in one task, so that no pause comes between them. */
  const listsAfter = (changes: number) =>
    page.evaluate(
      async ([count, settledMs]) => {
        plugs.lists = 0
        for (let i = 0; i < count; i += 1) plugs.tell()
        let before = -1
        while (plugs.lists !== before || before === 0) {
          before = plugs.lists
          await new Promise((resolve) => setTimeout(resolve, settledMs))
        }
        return plugs.lists
      },
      [changes, 3 * DEVICE_CHANGE_SETTLE_MS] as const
    )

  const once = await listsAfter(1)
  expect(once).toBeGreaterThan(0)
  expect(await listsAfter(6)).toBe(once)
})
