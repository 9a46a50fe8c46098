// Starts the local backend in this process with a small handbook, a migrated database and a model's endpoints.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect } from 'vitest'
import {
  type Backend,
  type BackendAccount,
  type BackendOptions,
  startBackend
} from '../../../dev/supabase/backend.ts'
import { provisionMigratedDatabase } from './migrated-database.ts'
import { type ModelEndpoints, startModelEndpoints } from './model-endpoints.ts'
import { removeFolder, temporaryFolder, writeFiles } from './temporary-folder.ts'

const section = (title: string, order: number, question: string, body: string): string =>
  `---\ntitle: ${title}\ncategory: food\norder: ${order}\nquestions:\n  - ${question}\n---\n\n${body}\n`

/** Two restaurants, one section in English only. */
export const SMALL_HANDBOOK = {
  'harbor-and-rye/en/chicken.md': section(
    'Cooking chicken',
    10,
    'How hot does chicken have to be?',
    '## The number\n\nCook chicken to 165 °F (74 °C) and check with a probe in the thickest part.'
  ),
  'harbor-and-rye/es/chicken.md': section(
    'Cocinar pollo',
    10,
    '¿A qué temperatura se cocina el pollo?',
    '## El número\n\nCocine el pollo a 165 °F (74 °C) y revise con termómetro en la parte más gruesa.'
  ),
  'harbor-and-rye/en/parking.md': section(
    'Parking',
    20,
    'Where do I park?',
    'Park behind the building, never in front of the loading dock.'
  ),
  'sol-y-sal/en/hands.md': section(
    'Washing hands',
    10,
    'How long do I wash my hands?',
    'Wash hands for 20 seconds with warm water and soap, then dry them with paper.'
  ),
  'sol-y-sal/es/hands.md': section(
    'Lavarse las manos',
    10,
    '¿Cuánto tiempo me lavo las manos?',
    'Lávese las manos 20 segundos con agua tibia y jabón, y séquelas con papel.'
  ),
  'unanswered.yaml': 'en:\n  - What is the internet password?\nes:\n  - ¿Cuál es la contraseña?\n'
} as const

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

/** Starts the backend before the tests of a file, and closes it after them. @param functions `none` starts no Deno */
export const setUpBackend = ({ functions }: { functions: 'real' | 'none' }): LocalBackend => {
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
    await provisionMigratedDatabase(options.dataDir)
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
