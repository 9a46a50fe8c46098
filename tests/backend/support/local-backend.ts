// Starts the local backend in this process with a small handbook, a migrated database and a model's endpoints.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect } from 'vitest'
import {
  type Backend,
  type BackendAccount,
  type BackendOptions,
  startBackend
} from '../../../dev/supabase/backend.ts'
import { provisionMigratedDatabase, provisionSeededFolder } from './migrated-database.ts'
import { type ModelEndpoints, startModelEndpoints } from './model-endpoints.ts'
import { SMALL_HANDBOOK } from './small-handbook.ts'
import { removeFolder, temporaryFolder, writeFiles } from './temporary-folder.ts'

export type LocalBackend = {
  /** Holds `handbook/`, `data/` and `functions/`, which is empty. */
  folder: string
  model: ModelEndpoints
  backend: Backend
  options: BackendOptions
  /** Lines that the backend and its functions have logged. */
  logged: string[]
  /** The first restaurant, as functions for writers take it. */
  place: { organisationId: string; groupId: string }
  /** The first account of a role: the first restaurant's. */
  account: (role: BackendAccount['role']) => BackendAccount
  /** Closes the backend and starts it again on the same data folder. */
  restart: () => Promise<void>
  /** A client that is signed in as the account and forgets its session. */
  signIn: (who: { email: string; password: string }) => Promise<SupabaseClient>
}

/**
 * Starts the backend before the tests of a file, and closes it after them.
 * @param functions `none` starts no Deno
 * @param seeds whether this start loads the handbook into an empty database
 */
export const setUpBackend = ({
  functions,
  seeds = false
}: {
  functions: 'real' | 'none'
  seeds?: boolean
}): LocalBackend => {
  const logged: string[] = []
  const start = async (options: BackendOptions): Promise<void> => {
    local.backend = await startBackend(options)
  }
  const local = {
    logged,
    account: (role) => {
      const account = local.backend.accounts.find((one) => one.role === role)
      if (account === undefined) throw new Error(`the backend has no ${role}`)
      return account
    },
    restart: async () => {
      await local.backend.close()
      await start(local.options)
    },
    signIn: async ({ email, password }) => {
      const client = createClient(local.backend.url, local.backend.publishableKey, {
        auth: { persistSession: false, autoRefreshToken: false }
      })
      const { error } = await client.auth.signInWithPassword({ email, password })
      expect(error).toBeNull()
      return client
    }
  } as LocalBackend
  beforeAll(async () => {
    const folder = await temporaryFolder()
    await writeFiles(`${folder}/handbook`, SMALL_HANDBOOK)
    await writeFiles(folder, { 'functions/none': '' })
    const model = await startModelEndpoints()
    const options = {
      dataDir: `${folder}/data`,
      port: 0,
      openaiUrl: model.url,
      openaiKey: 'sk-test',
      handbookFolder: `${folder}/handbook`,
      ...(functions === 'none' ? { functionsFolder: `${folder}/functions` } : {}),
      log: (line: string) => logged.push(line)
    }
    if (seeds) await provisionMigratedDatabase(options.dataDir)
    else provisionSeededFolder(options.dataDir)
    Object.assign(local, { folder, model, options })
    await start(options)
    const { groupId } = local.account('manager')
    const [group] = await local.backend.database.query<{ organisationId: string }>(
      'select organisation_id as "organisationId" from public.groups where id = $1',
      [groupId]
    )
    local.place = { organisationId: group?.organisationId ?? '', groupId }
  })
  afterAll(async () => {
    await local.backend.close()
    await local.model.close()
    await removeFolder(local.folder)
  })
  return local
}
