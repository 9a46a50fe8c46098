// The backend of the search bench in a process of its own, with a record of the requests to Postgres.
import { z } from 'zod'
import { startBackend } from '../../dev/supabase/backend.ts'
import { addTenants, loadOwners } from './load-handbooks.ts'
import {
  requestSchema,
  type ServerReply,
  type ServerRequest,
  searchLogSchema
} from './server-protocol.ts'
import { createHandbook } from './synthetic-handbook.ts'

const [dataDir, openaiUrl] = z.tuple([z.string(), z.url()]).parse(process.argv.slice(2))

const reply = (message: ServerReply): void => {
  process.send?.(message)
}

let requests: string[] = []

/** The function's log line: `[realtime-search] {…}`. */
const onLine = (line: string): void => {
  const start = line.indexOf('{"level"')
  if (start < 0) return
  const parsed = searchLogSchema.safeParse(JSON.parse(line.slice(start)))
  if (!parsed.success) return
  reply({ say: 'searched', log: parsed.data, requests })
  requests = []
}

const backend = await startBackend({
  dataDir,
  port: 0,
  openaiUrl,
  openaiKey: 'sk-bench',
  handbookFolder: null,
  log: onLine
})

const { database } = backend
const answer = database.fetch
// Each request of the gateway to the Data and Auth APIs is a round trip to Postgres on a hosted project.
database.fetch = (request) => {
  requests.push(`${request.method} ${new URL(request.url).pathname}`)
  return answer(request)
}

const perform = async (request: ServerRequest): Promise<void> => {
  switch (request.ask) {
    case 'load': {
      await addTenants(database, request.owners)
      const make = await createHandbook(request.seed)
      await loadOwners(database, request.owners, make, (text) => reply({ say: 'progress', text }))
      return
    }
    case 'account': {
      const { email, password, groupId } = request
      // It exists after an interrupted load.
      if ((await database.accountId(email)) === undefined) {
        const made = await database.createAccount(email, password)
        if (!made.ok) throw new Error(made.message)
      }
      await database.query(
        `insert into public.group_memberships (user_id, group_id, role)
         select u.id, $2, 'crew' from auth.users u where u.email = $1
         on conflict do nothing`,
        [email, groupId]
      )
      requests = []
      return
    }
    default:
      return request satisfies never
  }
}

process.on('message', (message) => {
  perform(requestSchema.parse(message)).then(
    () => reply({ say: 'done' }),
    (error: unknown) =>
      reply({ say: 'failed', message: error instanceof Error ? error.message : String(error) })
  )
})
// The bench has ended.
process.on('disconnect', () => {
  backend.close().then(
    () => process.exit(0),
    () => process.exit(1)
  )
})

reply({ say: 'ready', url: backend.url, publishableKey: backend.publishableKey })
