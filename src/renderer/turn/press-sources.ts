// Keys and pedals as sources of presses, and the learning of new ones.
import { BINDINGS_LIMIT, type Binding } from '../../shared/settings.ts'
import type { HidPort, PedalProblem } from './hid-devices.ts'
import { listenToPedals } from './hid-pedal.ts'
import { listenToKeyboard } from './keyboard.ts'
import { type LearnStep, learnBinding } from './learn-binding.ts'
import type { TurnEvent } from './turn-events.ts'

type SourcesOptions = {
  page: Window
  /** null in a browser without WebHID. */
  hid: HidPort | null
  bindings: () => readonly Binding[]
  /** False while a press means nothing, such as before the sign-in. */
  isListening: () => boolean
  dispatch: (event: TurnEvent) => void
  schedule: (run: () => void, ms: number) => () => void
  /** Names of the plugged-in HID pedals, after every change. */
  onPedals: (names: readonly string[]) => void
  onProblem: (problem: PedalProblem) => void
}

type PressSources = {
  /** Waits for a key or a pedal, while none of them talks. Returns the function that cancels it. */
  learn: (onStep: (step: LearnStep) => void) => () => void
  /** Shows Chromium's chooser of HID pedals; must be called from a click. */
  choosePedal: () => Promise<void>
}

export const listenToPressSources = (options: SourcesOptions): PressSources => {
  let isLearning = false
  const { page, bindings, dispatch, schedule } = options
  const isListening = () => options.isListening() && !isLearning
  const pedals = listenToPedals({ ...options, isListening })
  listenToKeyboard(page, bindings, isListening, dispatch)

  return {
    learn: (onStep) => {
      isLearning = true
      const stop = learnBinding({
        target: page,
        pedals,
        bindings,
        schedule,
        onStep: (step) => {
          if (step.kind === 'learned') isLearning = false
          onStep(step)
        }
      })
      return () => {
        isLearning = false
        stop()
      }
    },
    choosePedal: pedals.choose
  }
}

/** The bindings with another one; null where it is known or there is no room. */
export const withBinding = (
  bindings: readonly Binding[],
  added: Binding
): readonly Binding[] | null => {
  const isKnown = bindings.some((binding) => JSON.stringify(binding) === JSON.stringify(added))
  return isKnown || bindings.length >= BINDINGS_LIMIT ? null : [...bindings, added]
}
