// A local stack for each worker of the end-to-end tests: what one of them tells its model to do wrong, or changes
// in its restaurant, is none of the others' business.
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@supabase/supabase-js'
import { ensureBuilt } from '../../../local/build.ts'
import { openStack, type Stack } from '../../../local/stack.ts'

/** How the workers, which are processes of their own, learn where the folder is that they start from. */
const FOLDER_VARIABLE = 'HEARD_TEST_FOLDER'

/** The data folder in which a command finds this worker's stack already up. */
export const DATA_DIR_VARIABLE = 'HEARD_TEST_DATA_DIR'

const templateIn = (folder: string): string => join(folder, 'template')

/** Builds the kiosk, and one data folder with its handbook: copying it is quicker than making it again. */
const prepare = async (): Promise<() => Promise<void>> => {
  await ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'heard-e2e-'))
  const stack = await openStack({ dataDir: templateIn(folder), onLine: () => {} })
  await stack.close()
  process.env[FOLDER_VARIABLE] = folder
  return () => rm(folder, { recursive: true, force: true })
}

/**
 * Asks the handbook once, as a kiosk does. The first search of a stack starts its function and fills the database's
 * caches, which on a busy machine takes longer than a kiosk waits for a search.
 */
const warmUp = async ({ supabaseUrl, publishableKey, accounts }: Stack): Promise<void> => {
  const [account] = accounts
  if (account === undefined) throw new Error('the local stack has no account')
  const client = createClient(supabaseUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  const { email, password, groupId } = account
  const signedIn = await client.auth.signInWithPassword({ email, password })
  if (signedIn.error !== null) throw signedIn.error
  const question = { query: 'How hot does chicken have to be?', language: 'en' }
  const { error } = await client.functions.invoke('realtime-search', {
    body: { groupId, questionId: randomUUID(), ...question }
  })
  if (error !== null) throw error
}

/** Starts this worker's stack. @param worker number of the worker, which no other ever had */
export const openWorkerStack = async (worker: number): Promise<Stack> => {
  const folder = process.env[FOLDER_VARIABLE]
  if (folder === undefined) throw new Error('the end-to-end tests were not prepared')
  const dataDir = join(folder, `worker-${worker}`)
  await cp(templateIn(folder), join(dataDir, 'stack'), { recursive: true })
  process.env[DATA_DIR_VARIABLE] = dataDir
  const stack = await openStack({ dataDir: join(dataDir, 'stack'), onLine: () => {} })
  await warmUp(stack)
  return {
    ...stack,
    close: async () => {
      await stack.close()
      await rm(dataDir, { recursive: true, force: true })
    }
  }
}

// Playwright calls a global set-up by its default export.
export default prepare
