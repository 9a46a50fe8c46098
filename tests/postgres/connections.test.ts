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
    await sql(`insert into auth.users (id) values ($1), ($2)`, [COOK, MANAGER])
    await sql(`insert into public.organisations (id, name, slug) values ($1, 'Brand', 'brand')`, [
      BRAND
    ])
    await sql(
      `insert into public.groups (id, organisation_id, name, slug) values ($1, $2, 'Harbor', 'harbor')`,
      [GROUP, BRAND]
    )
    await sql(
      `insert into public.group_memberships (user_id, group_id, role) values ($1, $3, 'crew'), ($2, $3, 'manager')`,
      [COOK, MANAGER, GROUP]
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
