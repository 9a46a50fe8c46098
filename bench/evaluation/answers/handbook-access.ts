// Loads a set's handbook into the local backend and opens a kiosk of each restaurant: its session and its search, with the
// code of the kiosk and of the edge functions.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BackendAccount, startBackend } from '../../../dev/supabase/backend.ts'
import { createAccount } from '../../../src/main/account/account.ts'
import { noVault } from '../../../src/main/account/vault.ts'
import { systemClock } from '../../../src/main/clock.ts'
import { createEdgeFunctions } from '../../../src/main/edge-function.ts'
import { searchHandbook } from '../../../src/main/handbook/search.ts'
import { createLog } from '../../../src/main/log.ts'
import type { HandbookQuestion } from '../../../src/shared/handbook.ts'
import type { Language } from '../../../src/shared/language.ts'
import { admit } from '../../../supabase/functions/_shared/admission.ts'
import type { SessionSettings } from '../../../supabase/functions/_shared/session-config.ts'
import { supabaseBackend } from '../../../supabase/functions/_shared/supabase-backend.ts'
import { type KioskSession, kioskSession } from './session-settings.ts'

type HandbookPlan = {
  handbookFolder: string
  /** With its version. */
  openaiUrl: string
  openaiKey: string
  settings: SessionSettings
  log: (line: string) => void
}

type Project = { url: string; publishableKey: string }

const openKiosk = async (
  { url, publishableKey }: Project,
  { email, password, groupId, groupSlug }: BackendAccount,
  settings: SessionSettings
) => {
  const ports = {
    supabaseUrl: url,
    publishableKey,
    fetch,
    clock: systemClock,
    // Failures are in the runs.
    log: createLog([])
  }
  const account = createAccount({
    ...ports,
    vault: noVault,
    chosenGroupId: () => null,
    isSignInPending: true
  })
  const signedIn = await account.signIn({ email, password })
  if (!signedIn.ok) throw new Error(`${groupSlug}: ${signedIn.error.message}`)
  const edge = createEdgeFunctions({ ...ports, account })
  const backend = supabaseBackend(url, publishableKey)

  const session = async (language: Language): Promise<KioskSession> => {
    const token = await account.accessToken()
    const caller = token.ok ? await backend.verify(token.value) : null
    if (caller === null) throw new Error(`${groupSlug}: the kiosk is not signed in.`)
    const admission = await admit(backend, caller, { groupId, language }, 0)
    if (!admission.ok) throw new Error(`${groupSlug}: ${admission.refusal.code}`)
    return kioskSession(settings, admission.value.asker)
  }
  const sessions = new Map<Language, Promise<KioskSession>>()
  return {
    session: (language: Language): Promise<KioskSession> => {
      const known = sessions.get(language) ?? session(language)
      sessions.set(language, known)
      return known
    },
    search: (language: Language, asked: HandbookQuestion) =>
      searchHandbook(
        { account, edge, clock: systemClock, log: ports.log },
        { questionId: randomUUID(), language, ...asked }
      ),
    close: () => account.stop()
  }
}

/** @throws Error when the handbook cannot be read or has no vectors, or a kiosk cannot sign in. */
export const openHandbookAccess = async ({
  handbookFolder,
  openaiUrl,
  openaiKey,
  settings,
  log
}: HandbookPlan) => {
  const folder = await mkdtemp(join(tmpdir(), 'heard-answers-'))
  const backend = await startBackend({
    dataDir: join(folder, 'backend'),
    port: 0,
    openaiUrl,
    openaiKey,
    handbookFolder,
    log
  })
  const kiosks = new Map<string, Awaited<ReturnType<typeof openKiosk>>>()
  const close = async (): Promise<void> => {
    for (const kiosk of kiosks.values()) await kiosk.close()
    await backend.close()
    await rm(folder, { recursive: true, force: true })
  }
  const kioskOf = (group: string) => {
    const kiosk = kiosks.get(group)
    if (kiosk === undefined) throw new Error(`The handbook has no restaurant ${group}.`)
    return kiosk
  }
  try {
    for (const account of backend.accounts.filter(({ role }) => role === 'crew')) {
      kiosks.set(account.groupSlug, await openKiosk(backend, account, settings))
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    session: (group: string, language: Language) => kioskOf(group).session(language),
    search: (group: string, language: Language, asked: HandbookQuestion) =>
      kioskOf(group).search(language, asked),
    close
  }
}
export type HandbookAccess = Awaited<ReturnType<typeof openHandbookAccess>>
