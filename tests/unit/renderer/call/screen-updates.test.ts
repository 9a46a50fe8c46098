import { expect, test, vi } from 'vitest'
import {
  createScreenUpdates,
  WORDS_EVERY_MS
} from '../../../../src/renderer/call/screen-updates.ts'
import { schedule } from '../../../../src/renderer/schedule.ts'

test('shows words a few times a second, and any other change at once', () => {
  vi.useFakeTimers()
  const show = vi.fn()
  const screen = createScreenUpdates(schedule, show)
  const dispatch = (...types: ('answer_delta' | 'audio_started')[]) => {
    for (const type of types) screen.observe({ type })
    screen.update()
  }
  for (let word = 0; word < 20; word += 1) dispatch('answer_delta')
  expect(show).not.toHaveBeenCalled()
  vi.advanceTimersByTime(WORDS_EVERY_MS)
  expect(show).toHaveBeenCalledTimes(1)

  dispatch('answer_delta')
  dispatch('answer_delta', 'audio_started')
  expect(show).toHaveBeenCalledTimes(2)
  // The words were shown with the other change.
  vi.advanceTimersByTime(WORDS_EVERY_MS)
  expect(show).toHaveBeenCalledTimes(2)
  vi.useRealTimers()
})
