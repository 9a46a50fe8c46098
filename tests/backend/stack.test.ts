// The local backend through the official client, as the kiosk uses it: real migrations, real functions
// in a real Deno, a small handbook.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createClient, FunctionsHttpError, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Backend, type BackendAccount, startBackend } from '../../dev/supabase/backend.ts'
import { searchAnswerSchema } from '../../src/shared/handbook.ts'
import { provisionMigratedDatabase } from './support/migrated-database.ts'
import {
  ANSWER_SDP,
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './support/stack-fixture.ts'

let folder: string
let model: ModelEndpoints
let backend: Backend
const clients: SupabaseClient[] = []
/** What the backend and its functions wrote into their logs. */
const logged: string[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFiles(`${folder}/handbook`, SMALL_HANDBOOK)
  model = await startModelEndpoints()
  await provisionMigratedDatabase(`${folder}/data`)
  backend = await startBackend({
    dataDir: `${folder}/data`,
    port: 0,
    openaiUrl: model.url,
    openaiKey: 'sk-test',
    handbookFolder: `${folder}/handbook`,
    log: (line) => logged.push(line)
  })
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.auth.stopAutoRefresh()
})
afterAll(async () => {
  await backend.close()
  await model.close()
  await removeFolder(folder)
})

const account = (index: number): BackendAccount => {
  const found = backend.accounts[index]
  if (found === undefined) throw new Error(`there is no account ${index}`)
  return found
}

/** The kiosk's way of keeping a session: under one key, somewhere else. */
const client = (kept = new Map<string, string>()): SupabaseClient => {
  const made = createClient(backend.url, backend.publishableKey, {
    auth: {
      persistSession: true,
      autoRefreshToken: true,
      detectSessionInUrl: false,
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key)
      }
    }
  })
  clients.push(made)
  return made
}

const signedIn = async (
  who: BackendAccount,
  kept?: Map<string, string>
): Promise<SupabaseClient> => {
  const made = client(kept)
  const { error } = await made.auth.signInWithPassword(who)
  expect(error).toBeNull()
  return made
}

describe('supabase-js on the local backend', () => {
  it('finds a kiosk per restaurant, in the order of the folders, and one manager', () => {
    expect(backend.accounts.map(({ email, groupName, role }) => [email, groupName, role])).toEqual([
      ['kiosk@harbor-and-rye.example', 'Harbor and Rye', 'crew'],
      ['kiosk@sol-y-sal.example', 'Sol y Sal', 'crew'],
      ['manager@harbor-and-rye.example', 'Harbor and Rye', 'manager']
    ])
    expect(new Set(backend.accounts.map(({ password }) => password)).size).toBe(3)
  })

  it('signs in, and verifies its own token with the published ES256 key', async () => {
    const kiosk = await signedIn(account(0))
    const { data, error } = await kiosk.auth.getClaims()
    expect(error).toBeNull()
    expect(data?.header.alg).toBe('ES256')
    expect(data?.claims).toMatchObject({ role: 'authenticated', email: account(0).email })
    expect((await kiosk.auth.getUser()).data.user?.email).toBe(account(0).email)
  })

  it('refuses a wrong password, a stranger and a sign-up', async () => {
    const { auth } = client()
    const wrong = await auth.signInWithPassword({ email: account(0).email, password: 'wrong' })
    expect(wrong.error).toMatchObject({ status: 400, code: 'invalid_credentials' })
    const stranger = await auth.signInWithPassword({ email: 'x@example.com', password: 'wrong' })
    expect(stranger.error).toMatchObject({ status: 400, code: 'invalid_credentials' })
    const signUp = await auth.signUp({ email: 'x@example.com', password: 'long enough to pass' })
    expect(signUp.error).toMatchObject({ status: 422, code: 'signup_disabled' })
  })

  it('refreshes, and restores a kept session in another client', async () => {
    const kept = new Map<string, string>()
    const first = await signedIn(account(0), kept)
    const { data, error } = await first.auth.refreshSession()
    expect(error).toBeNull()
    expect(data.session?.expires_in).toBe(3_600)
    const second = client(kept)
    expect((await second.auth.getSession()).data.session?.refresh_token).toBe(
      data.session?.refresh_token
    )
    expect((await second.from('groups').select('slug')).data).toEqual([{ slug: 'harbor-and-rye' }])
  })

  it('signs out: the refresh token is worth nothing any more', async () => {
    const kept = new Map<string, string>()
    const kiosk = await signedIn(account(0), kept)
    const token = (await kiosk.auth.getSession()).data.session?.refresh_token ?? ''
    expect((await kiosk.auth.signOut()).error).toBeNull()
    expect(kept.size).toBe(0)
    const { error } = await client().auth.refreshSession({ refresh_token: token })
    expect(error?.status).toBe(400)
  })

  it('reads its own restaurant over REST, in the hosted shapes, and no other', async () => {
    const kiosk = await signedIn(account(0))
    const sections = await kiosk.from('manual_sections').select('slug').order('slug')
    expect(sections.data?.map(({ slug }) => slug)).toEqual(['chicken', 'parking'])
    // As PostgREST writes it, and supabase-js hands it on.
    const versions = await kiosk.from('manual_section_versions').select('published_at')
    const time: unknown = versions.data?.[0]?.published_at
    expect(z.iso.datetime({ offset: true }).safeParse(time).success).toBe(true)
    const other = await kiosk
      .from('manual_sections')
      .select('slug')
      .eq('group_id', account(1).groupId)
    expect(other.data).toEqual([])
    const membership = await kiosk
      .from('group_memberships')
      .select('role, groups(name)')
      .maybeSingle()
    expect(membership.data).toEqual({ role: 'crew', groups: { name: 'Harbor and Rye' } })
    const write = await kiosk.from('groups').insert({ slug: 'mine', name: 'Mine' })
    expect(write.error?.code).toBe('42501')
  })

  it('shows nothing to nobody', async () => {
    const { data, error } = await client().from('manual_sections').select('slug')
    expect(data).toBeNull()
    expect(error?.code).toBe('42501')
  })

  it('calls functions of Postgres as the person', async () => {
    const kiosk = await signedIn(account(0))
    const access = (groupId: string) =>
      kiosk.rpc('get_voice_access', { _group_id: groupId, _language: 'en' })
    const own = await access(account(0).groupId)
    expect(own.data).toMatchObject([{ can_ask: true }])
    const other = await access(account(1).groupId)
    expect(other.error).toMatchObject({ code: 'HR001' })
  })

  it('searches the handbook through the edge function, with vectors', async () => {
    const kiosk = await signedIn(account(0))
    const { data, error } = await kiosk.functions.invoke('realtime-search', {
      body: {
        groupId: account(0).groupId,
        language: 'en',
        question: 'What do I cook the bird to?',
        restated: 'To what temperature must chicken be cooked?',
        sections: ['chicken', 'no-such-section'],
        questionId: crypto.randomUUID()
      }
    })
    expect(error).toBeNull()
    const answer = searchAnswerSchema.parse(data)
    expect(answer).toMatchObject({ found: true, method: 'hybrid', named: 1, nearest: [] })
    expect(answer.passages[0]).toMatchObject({
      slug: 'chicken',
      title: 'Cooking chicken',
      language: 'en',
      anchor: 'the-number',
      needsManager: false
    })
    expect(answer.passages[0]?.text).toContain('165 °F')
    const embedded = model.requests.findLast(({ path }) => path === '/v1/embeddings')
    expect(JSON.parse(embedded?.text ?? '')).toMatchObject({
      input: ['What do I cook the bird to?', 'To what temperature must chicken be cooked?']
    })
  })

  it('says that a search is late, and charges its question once however often it is asked', async () => {
    const kiosk = await signedIn(account(0))
    const { groupId } = account(0)
    const asked = async () => {
      const { data } = await kiosk.rpc('get_voice_access', { _group_id: groupId, _language: 'en' })
      return z.array(z.object({ daily_count: z.int() })).parse(data)[0]?.daily_count ?? 0
    }
    const search = (questionId: string) =>
      kiosk.functions.invoke('realtime-search', {
        body: { groupId, language: 'es', question: 'What do I cook chicken to?', questionId },
        headers: { 'x-request-id': 'kiosk-0002-b8' }
      })
    const before = await asked()
    const questionId = crypto.randomUUID()
    // Something else has the database for longer than the function waits.
    const held = Promise.withResolvers<void>()
    const holding = backend.database.transaction(() => held.promise)
    const { error } = await search(questionId)
    const response: unknown = error?.context
    if (!(response instanceof Response)) throw new Error('no response came with the error')
    expect(response.status).toBe(504)
    expect(response.headers.get('x-request-id')).toBe('kiosk-0002-b8')
    expect(await response.json()).toEqual({
      error: 'search_timeout',
      message: 'El manual no respondió a tiempo. Inténtalo de nuevo.'
    })
    held.resolve()
    await holding
    expect((await search(questionId)).error).toBeNull()
    expect(await asked()).toBe(before + 1)
    expect(logged.filter((line) => line.includes('"search_timeout"'))).toEqual([
      expect.stringContaining('"requestId":"kiosk-0002-b8"')
    ])
  })

  it('does not search the handbook of a restaurant that the account is not of', async () => {
    const kiosk = await signedIn(account(1))
    const { error } = await kiosk.functions.invoke('realtime-search', {
      body: {
        groupId: account(0).groupId,
        language: 'en',
        question: 'What do I cook chicken to?',
        questionId: crypto.randomUUID()
      }
    })
    expect(error).toBeInstanceOf(FunctionsHttpError)
    const response: unknown = error?.context
    if (!(response instanceof Response)) throw new Error('no response came with the error')
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: 'not_a_member' })
  })

  it('mints a voice session through the edge function', async () => {
    const kiosk = await signedIn(account(1))
    const { data, error } = await kiosk.functions.invoke('realtime-session', {
      body: { groupId: account(1).groupId, language: 'es' }
    })
    expect(error).toBeNull()
    expect(data).toMatchObject({ ephemeralKey: 'ek_test', groupId: account(1).groupId })
  })

  it('mints in any language of conversation, for a station', async () => {
    const kiosk = await signedIn(account(1))
    const { data, error } = await kiosk.functions.invoke('realtime-session', {
      body: { groupId: account(1).groupId, language: 'zh-HK', station: 'Grill' }
    })
    expect(error).toBeNull()
    expect(data).toMatchObject({ ephemeralKey: 'ek_test', language: 'zh-HK' })
    const sent = model.requests.findLast(({ path }) => path === '/v1/realtime/client_secrets')
    const { session } = JSON.parse(sent?.text ?? '')
    expect(session.instructions).toContain('「grill」')
    expect(session.audio.input.transcription.language).toBe('zh')
  })

  it('opens a call in one step: the offer in, the answer out, and no key of any kind', async () => {
    const kiosk = await signedIn(account(0))
    const sdp = `${ANSWER_SDP}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`
    const { data, error } = await kiosk.functions.invoke('realtime-call', {
      body: { groupId: account(0).groupId, language: 'fr', sdp },
      headers: { 'x-request-id': 'kiosk-0001-a7' }
    })
    expect(error).toBeNull()
    expect(data).toEqual({ sdp: ANSWER_SDP, callId: 'rtc_test', model: 'gpt-realtime-2.1' })
    const sent = model.requests.findLast(({ path }) => path === '/v1/realtime/calls')
    expect(sent?.headers).toMatchObject({
      authorization: 'Bearer sk-test',
      'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/),
      'x-client-request-id': 'kiosk-0001-a7'
    })
    expect(sent?.text).toContain(sdp)
  })

  it('refuses an offer that is none, and a call in a restaurant that the account is not of', async () => {
    const kiosk = await signedIn(account(0))
    for (const [body, status, code] of [
      [{ groupId: account(0).groupId, sdp: 'hello' }, 400, 'invalid_offer'],
      [{ groupId: account(1).groupId, sdp: ANSWER_SDP }, 403, 'not_a_member']
    ] as const) {
      const { error } = await kiosk.functions.invoke('realtime-call', {
        body: { ...body, language: 'vi' }
      })
      const response: unknown = error?.context
      if (!(response instanceof Response)) throw new Error('no response came with the error')
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ error: code })
    }
  })

  it('tells everybody that it runs, and a member how it is', async () => {
    const health = (query: string, token?: string) =>
      fetch(`${backend.url}/functions/v1/health${query}`, {
        headers: {
          apikey: backend.publishableKey,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
        }
      })
    expect(await (await health('')).json()).toEqual({ status: 'up' })

    const kiosk = await signedIn(account(0))
    const token = (await kiosk.auth.getSession()).data.session?.access_token ?? ''
    const own = await health(`?groupId=${account(0).groupId}`, token)
    expect(own.status).toBe(200)
    const well = { reachable: true, ms: expect.any(Number), problem: null }
    const report = await own.json()
    expect(report).toMatchObject({
      // One model is near its end.
      status: 'degraded',
      endingModels: ['gpt-transcribe'],
      region: 'local',
      configured: { openaiKey: true, publishableKey: true, secretKey: true },
      checks: {
        database: well,
        openai: well,
        functions: { 'realtime-session': well, 'realtime-search': well, 'realtime-call': well }
      }
    })
    const other = await health(`?groupId=${account(1).groupId}`, token)
    expect(other.status).toBe(403)
    expect(await other.json()).not.toHaveProperty('configured')
  })

  it('keeps keys, tokens, questions and offers out of the functions’ logs', async () => {
    const kiosk = await signedIn(account(0))
    const token = (await kiosk.auth.getSession()).data.session?.access_token ?? ''
    const text = logged.join('\n')
    for (const name of ['realtime-session', 'realtime-search', 'realtime-call', 'health']) {
      expect(text).toContain(`"event":"${name}"`)
    }
    const secrets = [backend.publishableKey, backend.secretKey, token.slice(0, 20), 'ek_test']
    for (const secret of [...secrets, 'sk-test', 'chicken', 'm=audio']) {
      expect(text).not.toContain(secret)
    }
  })

  it('is turned away by every edge function without a sign-in', async () => {
    for (const name of ['realtime-search', 'realtime-session', 'realtime-call', 'handbook']) {
      const { error } = await client().functions.invoke(name, { body: {} })
      const response: unknown = error?.context
      expect(response instanceof Response && response.status).toBe(401)
    }
  })
})

describe('npm run seed', () => {
  const seed = async (args: readonly string[], env: NodeJS.ProcessEnv) => {
    const script = fileURLToPath(new URL('../../tools/hosted/seed-hosted.ts', import.meta.url))
    const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, ...env } })
    let said = ''
    child.stderr.on('data', (part) => {
      said += part
    })
    const [code] = await once(child, 'close')
    return { code, said }
  }
  const project = () => ({
    HEARD_SUPABASE_URL: backend.url,
    HEARD_SUPABASE_SECRET_KEY: backend.secretKey,
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'sk-test'
  })

  it('loads a restaurant into a project it only knows by address, and makes its account', async () => {
    const handbook = `${folder}/other-handbook`
    await writeFiles(handbook, {
      'green-fork/en/hands.md': SMALL_HANDBOOK['sol-y-sal/en/hands.md']
    })
    const email = 'kiosk@green-fork.example'
    const args = ['--group', 'green-fork', '--handbook', handbook, '--email', email]
    const without = await seed(args, project())
    expect(without).toMatchObject({ code: 1 })
    expect(without.said).toContain('--password is needed')

    const password = 'a long enough password'
    expect(await seed([...args, '--password', password], project())).toMatchObject({ code: 0 })
    const kiosk = client()
    expect((await kiosk.auth.signInWithPassword({ email, password })).error).toBeNull()
    expect((await kiosk.from('manual_sections').select('slug')).data).toEqual([{ slug: 'hands' }])

    const again = await seed([...args, '--role', 'manager', '--brand-role', 'owner'], project())
    expect(again.code).toBe(0)
    expect(again.said).toContain('1 sections (0 written)')
    expect(again.said).toContain(`${email} is owner of its brand.`)
    const roles = await kiosk.from('organisation_memberships').select('role, organisations(slug)')
    expect(roles.data).toEqual([{ role: 'owner', organisations: { slug: 'green-fork' } }])
  })

  it('says what is missing, and refuses a publishable key', async () => {
    const args = ['--group', 'harbor-and-rye']
    const nothing = { ...project(), HEARD_SUPABASE_SECRET_KEY: '' }
    expect((await seed(args, nothing)).said).toContain('HEARD_SUPABASE_SECRET_KEY is not set')
    const wrongKey = { ...project(), HEARD_SUPABASE_SECRET_KEY: backend.publishableKey }
    expect((await seed(args, wrongKey)).said).toContain('holds a publishable key')
    const wrongRole = await seed([...args, '--brand-role', 'crew'], project())
    expect(wrongRole.said).toContain('--brand-role is manager or owner, not crew.')
    const nobody = await seed([...args, '--brand-role', 'owner'], project())
    expect(nobody.said).toContain('--brand-role needs the account')
    const noFolder = await seed(['--group', 'nowhere'], project())
    expect(noFolder.said).toContain('has no folder nowhere')
  })
})
