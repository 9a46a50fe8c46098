// Sends a thumb for the answer on the screen.
import type { AppContext } from './app-context.ts'
import type { KioskActions } from './kiosk-actions.ts'
import { type GivenThumb, ratingPlaceOf } from './kiosk-state.ts'

export const createRating = ({
  bridge,
  store
}: Pick<AppContext, 'bridge' | 'store'>): Pick<KioskActions, 'rate'> => ({
  rate: async (thumb) => {
    const { questionId, timeToFirstAudioMs } = store.get().view
    if (questionId === null || ratingPlaceOf(store.get()) !== 'open') return
    const given: GivenThumb = { questionId, thumb, state: 'sending' }
    store.set({ thumb: given })
    const result = await bridge.call('handbook.rate', {
      questionId,
      rating: thumb,
      ...(timeToFirstAudioMs === null ? {} : { timeToFirstAudioMs })
    })
    // A newer thumb, for this answer or the next, replaces the state of this one.
    if (store.get().thumb !== given) return
    const state = result.ok ? (result.value.isSent ? 'sent' : 'kept') : 'refused'
    store.set({ thumb: { ...given, state } })
  }
})
