// Listens to the bound keys and pedals, and learns new ones.
import { listenToPressSources, withBinding } from '../turn/press-sources.ts'
import type { TurnEvent } from '../turn/turn-events.ts'
import type { AppContext } from './app-context.ts'
import type { KioskActions } from './kiosk-actions.ts'

export const createBindings = (
  { page, store, settings, schedule, log }: AppContext,
  changeSettings: KioskActions['changeSettings'],
  onTalkInput: (event: TurnEvent) => void
): Pick<KioskActions, 'learnBinding' | 'choosePedal'> => {
  const sources = listenToPressSources({
    page,
    hid: page.navigator.hid ?? null,
    bindings: () => settings().bindings,
    isListening: () => store.get().account.status === 'signed_in',
    dispatch: onTalkInput,
    schedule,
    onPedals: (pedals) => store.set({ pedals }),
    onProblem: ({ at, pedal, message }) => log('warn', 'pedal.failed', { at, pedal, message })
  })
  return {
    learnBinding: (onStep) =>
      sources.learn((step) => {
        if (step.kind === 'learned') {
          const bindings = withBinding(settings().bindings, step.binding)
          if (bindings !== null) void changeSettings({ bindings: [...bindings] })
        }
        onStep(step)
      }),
    choosePedal: sources.choosePedal
  }
}
