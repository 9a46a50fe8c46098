// Signs in and out, and starts or stops the calls of the account's restaurant.
import type { Account } from '../../shared/account.ts'
import { failureFromMain, kioskFailure } from '../call/failures.ts'
import type { AppContext } from './app-context.ts'
import type { AppParts } from './app-parts.ts'
import type { KioskActions } from './kiosk-actions.ts'

const groupOf = (account: Account): string | null =>
  account.status === 'signed_in' ? (account.group?.id ?? null) : null

export const createAccount = (
  { bridge, store }: AppContext,
  { conversation, calls, sections }: Pick<AppParts, 'conversation' | 'calls' | 'sections'>
): Pick<KioskActions, 'signIn' | 'signOut'> => {
  let isSigningOut = false

  const apply = (next: Account) => {
    const before = store.get().account
    store.set({ account: next })
    if (groupOf(before) !== groupOf(next)) {
      // The questions of one restaurant are not shown in another.
      conversation.dispatch({ type: 'abandon' })
      conversation.dispatch({ type: 'forgotten' })
      sections.close()
      calls.stop()
    }
    if (groupOf(next) !== null) {
      store.set({ appFailure: null })
      calls.start()
    } else if (next.status === 'signed_in') {
      store.set({ appFailure: kioskFailure('not_a_member', 'The account has no restaurant.') })
    } else {
      calls.stop()
      // The session ended by itself: the sign-in screen says why it is there.
      if (before.status === 'signed_in' && !isSigningOut) {
        store.set({ appFailure: kioskFailure('not_signed_in', 'The session ended.') })
      }
    }
  }

  bridge.on('account.changed', apply)
  apply(store.get().account)

  return {
    signIn: async (credentials) => {
      store.set({ signIn: 'under_way', appFailure: null })
      // Main notifies of the account before it answers.
      const result = await bridge.call('account.signIn', credentials)
      store.set({ signIn: 'idle' })
      if (!result.ok) store.set({ appFailure: failureFromMain(result.error) })
    },
    signOut: async () => {
      store.set({ appFailure: null })
      isSigningOut = true
      const result = await bridge.call('account.signOut', {})
      if (!result.ok) store.set({ appFailure: failureFromMain(result.error) })
      isSigningOut = false
    }
  }
}
