// What only many connections can show, on a real PostgreSQL server: PGlite has one.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, installCommand, TOOLS } from '../../dev/external-tools.ts'
import { type PostgresServer, startPostgres } from './support/postgres-server.ts'

const CONNECTIONS = 40
const BRAND = '10000000-0000-4000-8000-000000000001'
const GROUP = '20000000-0000-4000-8000-000000000001'
const COOK = '30000000-0000-4000-8000-000000000001'
const MANAGER = '30000000-0000-4000-8000-000000000002'
const COLLEAGUE = '30000000-0000-4000-8000-000000000003'

const binaries = findPostgres()
if (binaries === null) {
  const tools = TOOLS.filter(({ name }) => name === 'postgresql')
  process.stdout.write(
    `tests/postgres is skipped without PostgreSQL: sudo ${installCommand(tools)}\n`
  )
}

let server: PostgresServer
let clients: pg.Client[] = []

const sql = async (text: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> =>
  (await (clients[0] as pg.Client).query(text, parameters)).rows

/** Calls as a signed-in person, as PostgREST does: one transaction, role and claims for it. */
const callAs = async (
  client: pg.Client,
  userId: string,
  text: string,
  parameters: unknown[]
): Promise<Record<string, unknown>[]> => {
  await client.query('begin')
  try {
    await client.query(
      `select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)`,
      [JSON.stringify({ sub: userId, role: 'authenticated' })]
    )
    const { rows } = await client.query(text, parameters)
    await client.query('commit')
    return rows
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** Runs `count` pieces of work on all connections at once; each takes the next piece when it is free. */
const onAllConnections = async <T>(
  count: number,
  work: (client: pg.Client, place: number) => Promise<T>
): Promise<PromiseSettledResult<T>[]> => {
  const results: PromiseSettledResult<T>[] = []
  let next = 0
  await Promise.all(
    clients.map(async (client) => {
      while (next < count) {
        const place = next++
        results[place] = await work(client, place).then(
          (value) => ({ status: 'fulfilled', value }),
          (reason) => ({ status: 'rejected', reason })
        )
      }
    })
  )
  return results
}

const tally = (results: PromiseSettledResult<unknown>[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const result of results) {
    const key = result.status === 'fulfilled' ? 'done' : String(result.reason.message)
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

const PASSAGE = (text: string) =>
  JSON.stringify([{ language: 'en', ordinal: 0, heading: '', anchor: '', content: text }])

/** @returns the id of the draft */
const saveDraft = async (client: pg.Client, slug: string, text: string): Promise<string> => {
  const [row] = await callAs(
    client,
    MANAGER,
    'select public.save_draft($1, $2, $3, $4, 0, $5, $6) as id',
    [BRAND, GROUP, slug, '', JSON.stringify({ title_en: slug, content_en: text }), PASSAGE(text)]
  )
  return String(row?.id)
}

describe.skipIf(binaries === null)('on 40 connections at once', () => {
  beforeAll(async () => {
    server = await startPostgres(binaries ?? '')
    clients = await Promise.all(Array.from({ length: CONNECTIONS }, server.connect))
    await sql(`insert into auth.users (id) values ($1), ($2), ($3)`, [COOK, MANAGER, COLLEAGUE])
    await sql(`insert into public.organisations (id, name, slug) values ($1, 'Brand', 'brand')`, [
      BRAND
    ])
    await sql(
      `insert into public.groups (id, organisation_id, name, slug) values ($1, $2, 'Harbor', 'harbor')`,
      [GROUP, BRAND]
    )
    await sql(
      `insert into public.group_memberships (user_id, group_id, role) values ($1, $4, 'crew'), ($2, $4, 'manager'), ($3, $4, 'crew')`,
      [COOK, MANAGER, COLLEAGUE, GROUP]
    )
    await sql(
      `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai, daily_limit)
       values ($1, 'crew', true, true, 50)`,
      [GROUP]
    )
  })
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()))
    await server?.close()
  })

  it('answers as many questions as the daily limit, and counts as many', async () => {
    const results = await onAllConnections(200, (client) =>
      client.query('select private.count_question($1, $2, $3)', [COOK, GROUP, randomUUID()])
    )
    expect(tally(results)).toEqual({ done: 50, limit_exceeded: 150 })
    const [day] = await sql('select questions from public.usage_days where user_id = $1', [COOK])
    const [ofGroup] = await sql('select questions from public.group_usage_days')
    expect([day?.questions, ofGroup?.questions]).toEqual([50, 50])
  })

  it('gives as many keys as the limit of the day, and as many live keys as their limit', async () => {
    await sql(
      `insert into public.usage_limits (group_id, whose, measure, period, most)
       values ($1, 'person', 'keys', 'day', 3), ($1, 'person', 'live_keys', 'now', null), ($1, 'group', 'keys', 'day', 5)`,
      [GROUP]
    )
    await sql('update public.role_policies set daily_limit = null')
    const mints = (userId: string, seconds: number) =>
      onAllConnections(200, (client) =>
        callAs(client, userId, `select key_id from public.get_voice_access($1, 'en', $2)`, [
          GROUP,
          seconds
        ])
      )
    expect(tally(await mints(COOK, 60))).toEqual({ done: 3, voice_limit_exceeded: 197 })
    await sql(
      `update public.usage_limits set most = 1 where measure = 'live_keys' and group_id = $1`,
      [GROUP]
    )
    expect(tally(await mints(COLLEAGUE, 60))).toEqual({ done: 1, voice_limit_exceeded: 199 })
    await sql(
      `update public.usage_limits set most = null where measure = 'live_keys' and group_id = $1`,
      [GROUP]
    )
    // The restaurant's limit leaves one of the colleague's two.
    expect(tally(await mints(COLLEAGUE, 60))).toEqual({ done: 1, voice_limit_exceeded: 199 })
    const counts = await sql(
      'select keys from public.usage_days union all select keys from public.group_usage_days'
    )
    expect(counts.map(({ keys }) => keys).toSorted()).toEqual([2, 3, 5])
  })

  it('adds up the costs of turns that are reported at once, each turn once', async () => {
    await onAllConnections(200, (client, place) =>
      callAs(
        client,
        COOK,
        `select public.report_cost($1, $2, 'gpt-realtime-2.1', 0, 0, 1000, 0, 0, 0, 'gpt-transcribe', 0)`,
        [GROUP, `40000000-0000-4000-8000-0000000000${10 + (place % 50)}`]
      )
    )
    const [row] = await sql(
      'select turns, cost::float as cost from public.usage_days where user_id = $1',
      [COOK]
    )
    expect(row).toEqual({ turns: 50, cost: 1.2 })
  })

  it('counts one question once, however often it arrives', async () => {
    await sql('update public.role_policies set daily_limit = 1000')
    const id = randomUUID()
    await onAllConnections(5, (client) =>
      client.query('select private.count_question($1, $2, $3)', [COOK, GROUP, id])
    )
    const [row] = await sql(
      'select count(*)::integer as n, max(searches) as searches from public.counted_questions where question_id = $1',
      [id]
    )
    expect(row).toEqual({ n: 1, searches: 5 })
  })

  it('publishes one version of a draft that twenty managers publish', async () => {
    const client = clients[0] as pg.Client
    const draft = await saveDraft(client, 'soup', 'Hold soup at 135 °F.')
    const results = await onAllConnections(20, (one) =>
      callAs(one, MANAGER, 'select public.publish_versions(array[$1::uuid])', [draft])
    )
    expect(tally(results).done).toBeGreaterThan(0)
    const versions = await sql(
      `select v.status from public.manual_section_versions v join public.manual_sections s on s.id = v.section_id
       where s.slug = 'soup'`
    )
    expect(versions).toEqual([{ status: 'published' }])
  })

  it('publishes lists in opposite orders without a deadlock', async () => {
    const client = clients[0] as pg.Client
    const drafts: string[] = []
    for (let place = 0; place < 12; place += 1) {
      drafts.push(await saveDraft(client, `section-${place}`, `Text ${place}.`))
    }
    const results = await onAllConnections(20, (one, place) =>
      callAs(one, MANAGER, 'select public.publish_versions($1::uuid[])', [
        place % 2 === 0 ? drafts : drafts.toReversed()
      ])
    )
    expect(Object.keys(tally(results)).filter((key) => key.includes('deadlock'))).toEqual([])
    const [row] = await sql(
      `select count(*)::integer as n from public.manual_section_versions where status = 'published' and id = any ($1)`,
      [drafts]
    )
    expect(row).toEqual({ n: 12 })
  })
})
