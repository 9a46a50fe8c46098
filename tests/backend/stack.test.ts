// Uses the local backend through supabase-js as the kiosk does, with the real functions in Deno.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fromProject } from '../../dev/paths.ts'
import type { BackendAccount } from '../../dev/supabase/backend.ts'
import { searchAnswerSchema } from '../../src/shared/handbook.ts'
import { setUpBackend } from './support/local-backend.ts'
import { ANSWER_SDP } from './support/model-endpoints.ts'
import { SMALL_HANDBOOK } from './support/small-handbook.ts'
import { writeFiles } from './support/temporary-folder.ts'

const local = setUpBackend({ functions: 'real' })
const clients: SupabaseClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.auth.stopAutoRefresh()
})

const account = (index: number): BackendAccount => {
  const found = local.backend.accounts[index]
  if (found === undefined) throw new Error(`there is no account ${index}`)
  return found
}

/** A client with the session storage of the kiosk. */
const client = (stored = new Map<string, string>()): SupabaseClient => {
  const made = createClient(local.backend.url, local.backend.publishableKey, {
    auth: {
      persistSession: true,
      autoRefreshToken: true,
      detectSessionInUrl: false,
      storage: {
        getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => void stored.set(key, value),
        removeItem: (key) => void stored.delete(key)
      }
    }
  })
  clients.push(made)
  return made
}

const signedIn = async (
  who: BackendAccount,
  stored?: Map<string, string>
): Promise<SupabaseClient> => {
  const made = client(stored)
  const { error } = await made.auth.signInWithPassword(who)
  expect(error).toBeNull()
  return made
}

/** The kiosk of the first restaurant. */
let kiosk: SupabaseClient
let groupId: string
let otherGroupId: string
beforeAll(async () => {
  kiosk = await local.signIn(account(0))
  groupId = account(0).groupId
  otherGroupId = account(1).groupId
})

/** The response with which a function refuses. */
const refusalOf = async (invoked: Promise<{ error: { context?: unknown } | null }>) => {
  const response: unknown = (await invoked).error?.context
  if (!(response instanceof Response)) throw new Error('the function did not refuse')
  return response
}

describe('supabase-js on the local backend', () => {
  it('has a kiosk per restaurant, in the order of the folders, and one manager', () => {
    expect(
      local.backend.accounts.map(({ email, groupName, role }) => [email, groupName, role])
    ).toEqual([
      ['kiosk@harbor-and-rye.example', 'Harbor and Rye', 'crew'],
      ['kiosk@sol-y-sal.example', 'Sol y Sal', 'crew'],
      ['manager@harbor-and-rye.example', 'Harbor and Rye', 'manager']
    ])
    expect(new Set(local.backend.accounts.map(({ password }) => password)).size).toBe(3)
  })

  it('signs in and verifies its token with the published ES256 key', async () => {
    const signed = await signedIn(account(0))
    const { data, error } = await signed.auth.getClaims()
    expect(error).toBeNull()
    expect(data?.header.alg).toBe('ES256')
    expect(data?.claims).toMatchObject({ role: 'authenticated', email: account(0).email })
    expect((await signed.auth.getUser()).data.user?.email).toBe(account(0).email)
  })

  it('refuses a wrong password, an unknown account and a sign-up', async () => {
    const { auth } = client()
    const wrong = await auth.signInWithPassword({ email: account(0).email, password: 'wrong' })
    expect(wrong.error).toMatchObject({ status: 400, code: 'invalid_credentials' })
    const stranger = await auth.signInWithPassword({ email: 'x@example.com', password: 'wrong' })
    expect(stranger.error).toMatchObject({ status: 400, code: 'invalid_credentials' })
    const signUp = await auth.signUp({ email: 'x@example.com', password: 'long enough to pass' })
    expect(signUp.error).toMatchObject({ status: 422, code: 'signup_disabled' })
  })

  it('refreshes a session and restores it in another client', async () => {
    const stored = new Map<string, string>()
    const first = await signedIn(account(0), stored)
    const { data, error } = await first.auth.refreshSession()
    expect(error).toBeNull()
    expect(data.session?.expires_in).toBe(3_600)
    const second = client(stored)
    expect((await second.auth.getSession()).data.session?.refresh_token).toBe(
      data.session?.refresh_token
    )
    expect((await second.from('groups').select('slug')).data).toEqual([{ slug: 'harbor-and-rye' }])
  })

  it('refuses the refresh token after signing out', async () => {
    const stored = new Map<string, string>()
    const signed = await signedIn(account(0), stored)
    const token = (await signed.auth.getSession()).data.session?.refresh_token ?? ''
    expect((await signed.auth.signOut()).error).toBeNull()
    expect(stored.size).toBe(0)
    const { error } = await client().auth.refreshSession({ refresh_token: token })
    expect(error?.status).toBe(400)
  })

  it('reads only its own restaurant over REST, in the shapes of PostgREST', async () => {
    const sections = await kiosk.from('manual_sections').select('slug').order('slug')
    expect(sections.data?.map(({ slug }) => slug)).toEqual(['chicken', 'parking'])
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

  it('shows nothing without a sign-in', async () => {
    const { data, error } = await client().from('manual_sections').select('slug')
    expect(data).toBeNull()
    expect(error?.code).toBe('42501')
  })

  it('calls RPCs as the signed-in person', async () => {
    const access = (groupId: string) =>
      kiosk.rpc('get_voice_access', { _group_id: groupId, _language: 'en' })
    const own = await access(groupId)
    expect(own.data).toMatchObject([{ can_ask: true }])
    const other = await access(account(1).groupId)
    expect(other.error).toMatchObject({ code: 'HR001' })
  })

  it('searches the handbook through the edge function, with vectors', async () => {
    const { data, error } = await kiosk.functions.invoke('realtime-search', {
      body: {
        groupId: groupId,
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
    const embedded = local.model.requests.findLast(({ path }) => path === '/v1/embeddings')
    expect(JSON.parse(embedded?.text ?? '')).toMatchObject({
      input: ['What do I cook the bird to?', 'To what temperature must chicken be cooked?']
    })
  })

  it('reports a late search, and charges its question once', async () => {
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
    // A transaction holds the database for longer than the function waits.
    const held = Promise.withResolvers<void>()
    const holding = local.backend.database.transaction(() => held.promise)
    const response = await refusalOf(search(questionId))
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
    expect(local.logged.filter((line) => line.includes('"search_timeout"'))).toEqual([
      expect.stringContaining('"requestId":"kiosk-0002-b8"')
    ])
  })

  it('mints a voice session in the language of the conversation, for a station', async () => {
    const { data, error } = await kiosk.functions.invoke('realtime-session', {
      body: { groupId, language: 'zh-HK', station: 'Grill' }
    })
    expect(error).toBeNull()
    expect(data).toMatchObject({ ephemeralKey: 'ek_test', groupId, language: 'zh-HK' })
    const sent = local.model.requests.findLast(({ path }) => path === '/v1/realtime/client_secrets')
    const { session } = JSON.parse(sent?.text ?? '')
    expect(session.instructions).toMatch(/^grill$/m)
    expect(session.audio.input.transcription.languages).toEqual(['zh'])
  })

  it('answers an offer without returning a key', async () => {
    const sdp = `${ANSWER_SDP}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`
    const { data, error } = await kiosk.functions.invoke('realtime-call', {
      body: { groupId: groupId, language: 'fr', sdp },
      headers: { 'x-request-id': 'kiosk-0001-a7' }
    })
    expect(error).toBeNull()
    expect(data).toEqual({ sdp: ANSWER_SDP, callId: 'rtc_test', model: 'gpt-realtime-2.1' })
    const sent = local.model.requests.findLast(({ path }) => path === '/v1/realtime/calls')
    expect(sent?.headers).toMatchObject({
      authorization: 'Bearer sk-test',
      'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/),
      'x-client-request-id': 'kiosk-0001-a7'
    })
    expect(sent?.text).toContain(sdp)
  })

  it('refuses a call in another restaurant', async () => {
    const body = { groupId: otherGroupId, language: 'en', sdp: ANSWER_SDP }
    const response = await refusalOf(kiosk.functions.invoke('realtime-call', { body }))
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: 'not_a_member' })
  })

  it('reports that it is up, and details to members only', async () => {
    const health = (query: string, token?: string) =>
      fetch(`${local.backend.url}/functions/v1/health${query}`, {
        headers: {
          apikey: local.backend.publishableKey,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
        }
      })
    expect(await (await health('')).json()).toEqual({ status: 'up' })

    const token = (await kiosk.auth.getSession()).data.session?.access_token ?? ''
    const own = await health(`?groupId=${groupId}`, token)
    expect(own.status).toBe(200)
    const well = { reachable: true, ms: expect.any(Number), problem: null }
    const report = await own.json()
    expect(report).toMatchObject({
      // One model is near its shutdown.
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

  it('logs no key, token, question or offer', async () => {
    const token = (await kiosk.auth.getSession()).data.session?.access_token ?? ''
    const text = local.logged.join('\n')
    for (const name of ['realtime-session', 'realtime-search', 'realtime-call', 'health']) {
      expect(text).toContain(`"event":"${name}"`)
    }
    const secrets = [
      local.backend.publishableKey,
      local.backend.secretKey,
      token.slice(0, 20),
      'ek_test'
    ]
    for (const secret of [...secrets, 'sk-test', 'chicken', 'm=audio']) {
      expect(text).not.toContain(secret)
    }
  })

  it('is refused by every edge function without a sign-in', async () => {
    for (const name of ['realtime-search', 'realtime-session', 'realtime-call', 'handbook']) {
      const { error } = await client().functions.invoke(name, { body: {} })
      const response: unknown = error?.context
      expect(response instanceof Response && response.status).toBe(401)
    }
  })
})

describe('npm run seed', () => {
  const seed = async (args: readonly string[], env: NodeJS.ProcessEnv) => {
    const script = fromProject('tools', 'hosted', 'seed-hosted.ts')
    const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, ...env } })
    let stderr = ''
    child.stderr.on('data', (part) => {
      stderr += part
    })
    const [code] = await once(child, 'close')
    return { code, stderr }
  }
  const project = () => ({
    HEARD_SUPABASE_URL: local.backend.url,
    HEARD_SUPABASE_SECRET_KEY: local.backend.secretKey,
    OPENAI_BASE_URL: local.model.url,
    OPENAI_API_KEY: 'sk-test'
  })

  it('loads a restaurant into a hosted project and creates its account', async () => {
    const handbook = `${local.folder}/other-handbook`
    await writeFiles(handbook, {
      'green-fork/en/hands.md': SMALL_HANDBOOK['sol-y-sal/en/hands.md']
    })
    const email = 'kiosk@green-fork.example'
    const args = ['--group', 'green-fork', '--handbook', handbook, '--email', email]
    const without = await seed(args, project())
    expect(without).toMatchObject({ code: 1 })
    expect(without.stderr).toContain('--password is needed')

    const password = 'a long enough password'
    expect(await seed([...args, '--password', password], project())).toMatchObject({ code: 0 })
    const added = await local.signIn({ email, password })
    expect((await added.from('manual_sections').select('slug')).data).toEqual([{ slug: 'hands' }])

    const again = await seed([...args, '--role', 'manager', '--brand-role', 'owner'], project())
    expect(again.code).toBe(0)
    expect(again.stderr).toContain('1 sections (0 written)')
    expect(again.stderr).toContain(`${email} is owner of its brand.`)
    const roles = await added.from('organisation_memberships').select('role, organisations(slug)')
    expect(roles.data).toEqual([{ role: 'owner', organisations: { slug: 'green-fork' } }])
  })

  it('names what is missing, and refuses a publishable key', async () => {
    const args = ['--group', 'harbor-and-rye']
    const missing = { HEARD_SUPABASE_SECRET_KEY: '' }
    const wrongKey = { HEARD_SUPABASE_SECRET_KEY: local.backend.publishableKey }
    await Promise.all(
      (
        [
          [args, missing, 'HEARD_SUPABASE_SECRET_KEY is not set'],
          [args, wrongKey, 'holds a publishable key'],
          [[...args, '--brand-role', 'crew'], {}, '--brand-role is manager or owner, not crew.'],
          [[...args, '--brand-role', 'owner'], {}, '--brand-role needs the account'],
          [['--group', 'nowhere'], {}, 'has no folder nowhere']
        ] as const
      ).map(async ([words, env, text]) => {
        expect((await seed(words, { ...project(), ...env })).stderr).toContain(text)
      })
    )
  })
})
