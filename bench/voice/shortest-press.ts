// Measures presses just below and just above the shortest question.
import { setTimeout as delay } from 'node:timers/promises'
import { waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { wallClockMs } from '../../dev/openai/turn-timeline.ts'
import { type Measurement, waitForKioskState, withKiosk } from '../kiosk-page.ts'
import { counted, NONE } from '../report-rows.ts'
import { modelState } from '../stand-in-control.ts'
import { type TalkKey, talkKey } from '../talk-key.ts'

const TOO_SHORT_MS = 249
const LONG_ENOUGH_MS = 260
/** The kiosk waits for a bounce or a second tap. */
const AFTER_TAP_MS = 500

/** The time stamps of the events are exactly `holdMs` apart, even on a busy machine. */
const holdExactly = async (key: TalkKey, holdMs: number): Promise<void> => {
  const downAtMs = wallClockMs()
  await key.press(downAtMs)
  await delay(holdMs)
  await key.release(downAtMs + holdMs)
}

export const measureShortestPress: Measurement = (stack, microphone, presses, progress) =>
  withKiosk(stack, microphone, async ({ page }) => {
    await waitUntilReady(page)
    await page.evaluate(() => {
      const held: number[] = []
      let downAtMs = 0
      const note = ({ type, timeStamp }: KeyboardEvent): void => {
        if (type === 'keydown') downAtMs = timeStamp
        else held.push(timeStamp - downAtMs)
      }
      addEventListener('keydown', note, { capture: true })
      addEventListener('keyup', note, { capture: true })
      Object.defineProperty(window, '__held', { value: held })
    })
    const key = await talkKey(page)
    const committedBy = async (holdMs: number): Promise<number> => {
      const before = (await modelState(stack)).counters.committed
      for (let press = 0; press < presses; press += 1) {
        await waitForKioskState(page, ['connected'])
        await holdExactly(key, holdMs)
        await delay(AFTER_TAP_MS)
      }
      await waitForKioskState(page, ['connected'])
      progress(`${presses} presses of ${holdMs} ms`)
      return (await modelState(stack)).counters.committed - before
    }
    const short = await committedBy(TOO_SHORT_MS)
    const long = await committedBy(LONG_ENOUGH_MS)
    const held = await page.evaluate((): number[] => Reflect.get(window, '__held'))
    const ofShort = held.slice(0, presses)
    const ofLong = held.slice(presses)
    return {
      rows: [
        counted(`presses of ${TOO_SHORT_MS} ms that were asked`, 'count', short, presses, NONE),
        counted(
          `presses of ${LONG_ENOUGH_MS} ms that were not asked`,
          'count',
          presses - long,
          presses,
          NONE
        )
      ],
      notes: [
        `The short presses were held for ${Math.min(...ofShort).toFixed(1)} to ${Math.max(...ofShort).toFixed(1)} ms and the longer ones for ${Math.min(...ofLong).toFixed(1)} to ${Math.max(...ofLong).toFixed(1)} ms, by the time stamps of the key events.`
      ]
    }
  })
