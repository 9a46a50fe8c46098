// One local stack per worker: its injected faults and changed policies do not reach the other worker. The runner owns
// the stacks, because every project has workers of its own. A stack is replaced after a failed test.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { ensureBuilt } from '../../../dev/ensure-built.ts'
import { openStack, type Stack, type StackAddress, stackSchema } from '../../../dev/local-stack.ts'
import { createResourcePool } from './resource-pool.ts'

/** Tells the workers, which are processes, the address that lends stacks. */
const STACKS_VARIABLE = 'HEARD_TEST_STACKS'

/** The data folder in which a command finds this worker's running stack. */
export const DATA_DIR_VARIABLE = 'HEARD_TEST_DATA_DIR'

const lentSchema = z.object({ dataDir: z.string(), address: stackSchema })
type Lent = z.output<typeof lentSchema>

type Lendable = { lent: Lent; close: () => Promise<void> }

/**
 * Asks the handbook once. The first search of a stack starts its function and fills the database's caches, which on a
 * busy machine takes longer than a kiosk waits for a search.
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
  const question = { question: 'How hot does chicken have to be?', language: 'en' }
  const { error } = await client.functions.invoke('realtime-search', {
    body: { groupId, questionId: randomUUID(), ...question }
  })
  if (error !== null) throw error
}

/** Opens a stack on a copy of the data folder `template`, which is quicker than a new handbook. */
const openCopy = async (template: string, dataDir: string): Promise<Lendable> => {
  await cp(template, join(dataDir, 'stack'), { recursive: true })
  const stack = await openStack({ dataDir: join(dataDir, 'stack'), onLine: () => {} })
  await warmUp(stack)
  return { lent: { dataDir, address: stackSchema.parse(stack) }, close: stack.close }
}

type Stacks = { url: string; close: () => Promise<void> }

/** `POST /1` borrows the second worker's stack; `DELETE /1` returns it, as good unless `?failed`. */
const serveStacks = async (folder: string, template: string): Promise<Stacks> => {
  let opened = 0
  const lender = createResourcePool(() => {
    opened += 1
    return openCopy(template, join(folder, `stack-${opened}`))
  })
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stacks')
    const place = Number(pathname.slice(1))
    if (request.method === 'DELETE') {
      lender.release(place, !searchParams.has('failed'))
      response.end()
      return
    }
    lender.acquire(place).then(
      ({ lent }) => response.end(JSON.stringify(lent)),
      (error: unknown) => response.writeHead(500).end(String(error))
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await lender.closeAll()
    }
  }
}

/** Builds the kiosk, and one data folder with a handbook that every stack copies. */
const prepare = async (): Promise<() => Promise<void>> => {
  await ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'heard-e2e-'))
  const template = join(folder, 'template')
  const stack = await openStack({ dataDir: template, onLine: () => {} })
  await stack.close()
  const stacks = await serveStacks(folder, template)
  process.env[STACKS_VARIABLE] = stacks.url
  return async () => {
    await stacks.close()
    await rm(folder, { recursive: true, force: true })
  }
}

export type WorkerStack = StackAddress & {
  /** @param isGood for the next worker: no test failed on it */
  giveBack: (isGood: boolean) => Promise<void>
}

/** Borrows a stack. @param place of the worker among those that run at the same time */
export const acquireStack = async (place: number): Promise<WorkerStack> => {
  const stacks = process.env[STACKS_VARIABLE]
  if (stacks === undefined) throw new Error('the end-to-end tests were not prepared')
  const answer = await fetch(`${stacks}/${place}`, { method: 'POST' })
  if (!answer.ok) throw new Error(`There is no local stack: ${await answer.text()}`)
  const { dataDir, address } = lentSchema.parse(await answer.json())
  process.env[DATA_DIR_VARIABLE] = dataDir
  return {
    ...address,
    giveBack: async (isGood) => {
      await fetch(`${stacks}/${place}${isGood ? '' : '?failed'}`, { method: 'DELETE' })
    }
  }
}

// Playwright calls a global set-up by its default export.
export default prepare
