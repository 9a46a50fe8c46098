// Everything that talks beside the button on the screen: bound keys and pedals, and the learning of new ones.
import { BINDINGS_LIMIT, type Binding } from '../../shared/settings.ts'
import { type HidPort, listenToPedals, type PedalProblem } from './hid-pedal.ts'
import { listenToKeyboard } from './keyboard.ts'
import { type LearnStep, learnBinding } from './learn-binding.ts'
import type { TurnEvent } from './turn-events.ts'

export type SourcesOptions = {
  page: Window
  /** null in a browser without WebHID. */
  hid: HidPort | null
  bindings: () => readonly Binding[]
  /** False while a press means nothing, such as before the sign-in. */
  isListening: () => boolean
  dispatch: (event: TurnEvent) => void
  schedule: (run: () => void, ms: number) => () => void
  /** Names of the pedals that are no keyboards and are plugged in, whenever one came or went. */
  onPedals: (names: readonly string[]) => void
  onProblem: (problem: PedalProblem) => void
}

export type PressSources = {
  /** Waits for a key or a pedal; meanwhile none of them talks. Returns what gives up. */
  learn: (onStep: (step: LearnStep) => void) => () => void
  /** Has the shell choose a pedal that is no keyboard; has to be called from a click. */
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
    choosePedal: async () => {
      await pedals.choose()
    }
  }
}

/** The bindings with another one; unchanged when there is no room or it is there already. */
export const withBinding = (
  bindings: readonly Binding[],
  added: Binding
): readonly Binding[] | null => {
  const isKnown = bindings.some((binding) => JSON.stringify(binding) === JSON.stringify(added))
  return isKnown || bindings.length >= BINDINGS_LIMIT ? null : [...bindings, added]
}
