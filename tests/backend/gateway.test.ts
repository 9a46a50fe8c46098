// The gateway is as strict as a hosted project's: keys, tokens, bodies, accounts, functions.
import { createHmac } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@supabase/supabase-js'
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Backend, startBackend } from '../../dev/supabase/backend.ts'
import { BODY_LIMIT_BYTES } from '../../dev/supabase/gateway.ts'
import { removeFolder, temporaryFolder, writeFiles } from './support/stack-fixture.ts'

const MIGRATION = `
create table public.notes (
  id integer primary key,
  owner uuid not null references auth.users (id),
  text text not null
);
alter table public.notes enable row level security;
create policy "own notes" on public.notes for select to authenticated
  using (owner = (select auth.uid()));
create function public.whoami() returns text language sql stable as $$
  select current_user || ' ' || coalesce(auth.uid()::text, '-')
$$;
create table public.closed (id integer primary key);
alter table public.closed enable row level security;
revoke all on public.closed from anon, authenticated;
create function public.refuse(state text) returns void language plpgsql as $$
begin
  raise exception using errcode = state, message = 'no', detail = 'because', hint = 'try';
end
$$;
`

const FUNCTIONS = {
  'echo/index.ts': `Deno.serve(async (request) => Response.json({
    method: request.method,
    path: new URL(request.url).pathname + new URL(request.url).search,
    authorization: request.headers.get('authorization'),
    body: await request.text(),
    url: Deno.env.get('SUPABASE_URL')
  }, { status: 201, headers: { 'x-echo': 'yes' } }))`,
  'mortal/index.ts': `Deno.serve(async (request) => {
    if ((await request.text()) === 'die') Deno.exit(3)
    return new Response('alive')
  })`,
  'slow/index.ts': `let release = () => {}
  Deno.serve((request) => {
    if (request.method === 'DELETE') { release(); return new Response('released') }
    const body = new ReadableStream({
      start(controller) {
        const encode = (text) => controller.enqueue(new TextEncoder().encode(text))
        encode('first')
        release = () => { encode('last'); controller.close() }
      }
    })
    return new Response(body)
  })`,
  'nosy/index.ts': `Deno.serve(async () => {
    const tried = async (work) => { try { await work(); return 'allowed' } catch (error) { return error.name } }
    return Response.json({
      environment: await tried(() => Deno.env.get('HOME')),
      network: await tried(() => fetch('http://127.0.0.1:45999/')),
      files: await tried(() => Deno.readTextFile('/etc/hostname')),
      programs: await tried(() => new Deno.Command('/bin/true').output())
    })
  })`,
  'broken/index.ts': `this is not a program`
} as const

let folder: string
let backend: Backend
const lines: string[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFiles(join(folder, 'functions'), FUNCTIONS)
  await writeFiles(join(folder, 'migrations'), { '20260101000000_notes.sql': MIGRATION })
  backend = await startBackend({
    dataDir: join(folder, 'data'),
    port: 0,
    // Nothing here calls a model; it only has to be an address.
    openaiUrl: 'http://127.0.0.1:9999/v1',
    openaiKey: 'sk-test',
    handbookFolder: null,
    migrationsFolder: join(folder, 'migrations'),
    functionsFolder: join(folder, 'functions'),
    log: (line) => lines.push(line)
  })
})
afterAll(async () => {
  await backend.close()
  await removeFolder(folder)
})

type Call = { method?: string; apikey?: string | null; token?: string; body?: BodyInit }

/** A request with the publishable key, unless told otherwise. */
const call = async (
  path: string,
  { method, apikey, token, body }: Call = {}
): Promise<Response> => {
  const headers = new Headers()
  const key = apikey === undefined ? backend.publishableKey : apikey
  if (key !== null) headers.set('apikey', key)
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (typeof body === 'string') headers.set('content-type', 'application/json')
  return fetch(`${backend.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    ...(body === undefined ? {} : { body })
  })
}

const PASSWORD = 'a long enough password'
/** Signs a new person in; the person's id and token. */
const person = async (email: string): Promise<{ id: string; token: string }> => {
  const created = await backend.database.createAccount(email, PASSWORD)
  if (!created.ok) throw new Error(created.message)
  const response = await call('/auth/v1/token?grant_type=password', {
    body: JSON.stringify({ email, password: PASSWORD })
  })
  const { access_token } = z.object({ access_token: z.string() }).parse(await response.json())
  return { id: created.userId, token: access_token }
}

const keptKeysSchema = z.object({
  jwtSecret: z.string(),
  signingKey: z.looseObject({ kid: z.string() })
})
const loadOrCreateKeys = async (): Promise<z.output<typeof keptKeysSchema>> =>
  keptKeysSchema.parse(JSON.parse(await readFile(join(folder, 'data/keys.json'), 'utf8')))

describe('the API key', () => {
  it.each(['/rest/v1/notes', '/auth/v1/user', '/functions/v1/echo'])(
    'is asked for at %s, and a made-up one is refused',
    async (path) => {
      expect((await call(path, { apikey: null })).status).toBe(401)
      expect((await call(path, { apikey: 'sb_publishable_made_up' })).status).toBe(401)
      expect((await call(path, { apikey: '' })).status).toBe(401)
    }
  )

  it('may also come as a query parameter, but never as the bearer alone', async () => {
    const path = `/rest/v1/notes?apikey=${backend.publishableKey}`
    expect((await call(path, { apikey: null })).status).toBe(200)
    const bearerOnly = { apikey: null, token: backend.publishableKey }
    expect((await call('/rest/v1/notes', bearerOnly)).status).toBe(401)
  })

  it('of the other kind is no bearer: publishable key and secret bearer are refused', async () => {
    const response = await call('/rest/v1/notes', { token: backend.secretKey })
    expect(response.status).toBe(401)
  })

  it('secret acts as service_role, publishable as anon', async () => {
    const whoami = async (apikey: string): Promise<unknown> =>
      (await call('/rest/v1/rpc/whoami', { apikey, body: '{}' })).json()
    expect(await whoami(backend.secretKey)).toBe('service_role -')
    expect(await whoami(backend.publishableKey)).toBe('anon -')
  })

  it('is not needed for the health and the public keys, which give away nothing', async () => {
    const health = await call('/health', { apikey: null })
    expect(await health.json()).toMatchObject({ ok: true, functions: { echo: 'ready' } })
    const jwks = await (await call('/auth/v1/.well-known/jwks.json', { apikey: null })).json()
    expect(jwks).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256' }] })
    expect(JSON.stringify(jwks)).not.toContain('"d"')
  })

  it('and the other keys are in files that only their owner reads', async () => {
    const { mode } = await stat(join(folder, 'data/keys.json'))
    expect(mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700)
  })
})

describe('a token', () => {
  it('is ES256 with the published key, for the person who signed in', async () => {
    const { id, token } = await person('token@example.com')
    expect(decodeJwt(token)).toMatchObject({
      sub: id,
      role: 'authenticated',
      iss: `${backend.url}/auth/v1`
    })
    const whoami = await call('/rest/v1/rpc/whoami', { token, body: '{}' })
    expect(await whoami.json()).toBe(`authenticated ${id}`)
  })

  it('signed with another ES256 key is refused, whatever it says', async () => {
    const { token } = await person('forged@example.com')
    const { privateKey } = await generateKeyPair('ES256')
    const { signingKey } = await loadOrCreateKeys()
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid })
      .sign(privateKey)
    expect((await call('/rest/v1/notes', { token: forged })).status).toBe(401)
    expect((await call('/auth/v1/user', { token: forged })).status).toBe(403)
  })

  it('of the inner kind, HS256 with the inner secret, is refused from outside', async () => {
    const { token } = await person('inner@example.com')
    const { jwtSecret } = await loadOrCreateKeys()
    for (const role of ['authenticated', 'service_role']) {
      const inner = await new SignJWT({ ...decodeJwt(token), role })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(jwtSecret))
      expect((await call('/rest/v1/notes', { token: inner })).status).toBe(401)
      expect((await call('/auth/v1/user', { token: inner })).status).toBe(403)
    }
  })

  it('signed HS256 with the public key as the secret, or not at all, is refused', async () => {
    const { token } = await person('confused@example.com')
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const jwks = await (await call('/auth/v1/.well-known/jwks.json')).text()
    const { signingKey } = await loadOrCreateKeys()
    const head = part({ alg: 'HS256', kid: signingKey.kid, typ: 'JWT' })
    const claims = part(decodeJwt(token))
    const mac = createHmac('sha256', jwks).update(`${head}.${claims}`).digest('base64url')
    for (const bad of [`${head}.${claims}.${mac}`, `${part({ alg: 'none' })}.${claims}.`, 'x']) {
      expect((await call('/rest/v1/notes', { token: bad })).status).toBe(401)
    }
  })

  it('that is over, or for a role that no person has, is refused even with the right signature', async () => {
    const { token } = await person('expired@example.com')
    const { signingKey } = await loadOrCreateKeys()
    const key = await importJWK(signingKey, 'ES256')
    const sign = async (change: object): Promise<string> =>
      new SignJWT({ ...decodeJwt(token), ...change })
        .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid })
        .sign(key)
    const expired = await call('/rest/v1/notes', { token: await sign({ exp: 1_700_000_000 }) })
    expect(expired.status).toBe(401)
    expect(await expired.json()).toMatchObject({ code: 'PGRST303' })
    const raised = await call('/rest/v1/notes', { token: await sign({ role: 'service_role' }) })
    expect(raised.status).toBe(401)
    expect((await call('/rest/v1/notes', { token: await sign({}) })).status).toBe(200)
  })

  it('with the private key in its header brings no key of its own', async () => {
    const { token } = await person('embedded@example.com')
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(publicKey)
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'ES256', jwk })
      .sign(privateKey)
    expect((await call('/rest/v1/notes', { token: forged })).status).toBe(401)
  })
})

describe('an account', () => {
  it.each(['/auth/v1/signup', '/auth/v1/otp', '/auth/v1/magiclink'])(
    'cannot be made through %s',
    async (path) => {
      for (const apikey of [backend.publishableKey, backend.secretKey]) {
        const body = JSON.stringify({ email: 'new@example.com', password: PASSWORD })
        const response = await call(path, { apikey, body })
        expect(response.status).toBe(422)
        expect(await response.json()).toMatchObject({ error_code: 'signup_disabled' })
      }
      const rows = await backend.database.query(
        `select 1 from auth.users where email = 'new@example.com'`
      )
      expect(rows).toEqual([])
    }
  )

  it.each([
    ['POST', '/auth/v1/recover'],
    ['PUT', '/auth/v1/user'],
    ['POST', '/auth/v1/verify'],
    ['GET', '/auth/v1/authorize?provider=github'],
    ['POST', '/auth/v1/token?grant_type=pkce'],
    ['POST', '/auth/v1//signup'],
    ['POST', '/auth/v1/SIGNUP'],
    ['POST', '/auth/v1/%73ignup'],
    ['POST', '/auth/v1/signup/'],
    ['POST', '/auth/v1/token/../signup']
  ])('cannot be changed or made through %s %s', async (method, path) => {
    const body = JSON.stringify({ email: 'other@example.com', password: PASSWORD })
    const init: Call = method === 'GET' ? { method } : { method, body }
    expect((await call(path, init)).status).toBeGreaterThanOrEqual(400)
    const rows = await backend.database.query(
      `select 1 from auth.users where email = 'other@example.com'`
    )
    expect(rows).toEqual([])
  })
})

describe('the admin API', () => {
  const admin = () => createClient(backend.url, backend.secretKey).auth.admin

  it('makes accounts for the secret key, once per e-mail, that can sign in', async () => {
    const email = 'made@example.com'
    const made = await admin().createUser({ email, password: PASSWORD, email_confirm: true })
    expect(made.error).toBeNull()
    expect(made.data.user?.email).toBe(email)
    const again = await admin().createUser({ email, password: PASSWORD, email_confirm: true })
    expect(again.error).toMatchObject({ status: 422, code: 'email_exists' })
    const weak = { email: 'weak@example.com', password: 'short', email_confirm: true }
    expect((await admin().createUser(weak)).error).toMatchObject({ code: 'weak_password' })
    const { data } = await admin().listUsers({ page: 1, perPage: 1_000 })
    expect(data.users.map((user) => user.email)).toContain(email)
    const body = JSON.stringify({ email, password: PASSWORD })
    expect((await call('/auth/v1/token?grant_type=password', { body })).status).toBe(200)
  })

  it('is closed to the publishable key and to people', async () => {
    const { token } = await person('curious@example.com')
    const body = JSON.stringify({ email: 'a@example.com', password: PASSWORD, email_confirm: true })
    for (const method of ['GET', 'POST']) {
      const init = method === 'GET' ? { method, token } : { method, token, body }
      expect((await call('/auth/v1/admin/users', init)).status).toBe(403)
    }
  })
})

describe('a request', () => {
  it('with a body beyond the limit is refused, with and without a length', async () => {
    const big = 'x'.repeat(BODY_LIMIT_BYTES + 1)
    for (const path of ['/rest/v1/notes', '/functions/v1/echo', '/auth/v1/token']) {
      expect((await call(path, { body: big })).status).toBe(413)
    }
    const response = await fetch(`${backend.url}/functions/v1/echo`, {
      method: 'POST',
      headers: { apikey: backend.publishableKey },
      body: new Blob([big]).stream(),
      duplex: 'half'
    } as RequestInit)
    expect(response.status).toBe(413)
  })

  it('to a path that does not exist is a 404', async () => {
    expect((await call('/storage/v1/bucket')).status).toBe(404)
    expect((await call('/_system/config')).status).toBe(404)
    expect((await call('/')).status).toBe(404)
  })

  it.each(['auth', 'supabase_migrations', 'extensions', 'pg_catalog'])(
    'does not reach into the schema %s, whoever asks',
    async (schema) => {
      const response = await fetch(`${backend.url}/rest/v1/users`, {
        headers: { apikey: backend.secretKey, 'accept-profile': schema }
      })
      expect(response.status).toBe(406)
      expect(await response.json()).toMatchObject({ code: 'PGRST106' })
    }
  )

  it('sees its own rows only, however many others ask at the same time', async () => {
    const people = await Promise.all([person('one@example.com'), person('two@example.com')])
    for (const [index, { id }] of people.entries()) {
      const insert = 'insert into public.notes values ($1, $2, $3)'
      await backend.database.query(insert, [index, id, `note of ${id}`])
    }
    const notes = z.array(z.object({ owner: z.string(), created: z.string().optional() }))
    const asked = Array.from({ length: 150 }, async (_, number) => {
      const who = people[number % 3]
      // Every third request is nobody's: the publishable key alone.
      const response = await call('/rest/v1/notes?select=owner', who === undefined ? {} : who)
      const rows = notes.parse(await response.json())
      expect(rows.map(({ owner }) => owner)).toEqual(who === undefined ? [] : [who.id])
    })
    await Promise.all(asked)
  })

  it('never runs with the role of another that comes at the same moment', async () => {
    // Under the gateway and in one tick: over sockets two requests rarely meet like this.
    const asked = Array.from({ length: 100 }, async (_, number) => {
      const isService = number % 2 === 0
      const apikey = isService ? backend.secretKey : backend.publishableKey
      const response = await backend.database.fetch(
        new Request('http://database.internal/rest/v1/rpc/whoami', {
          method: 'POST',
          headers: { apikey, 'content-type': 'application/json' },
          body: '{}'
        })
      )
      expect(await response.json()).toBe(isService ? 'service_role -' : 'anon -')
    })
    await Promise.all(asked)
  })

  it.each([
    ['HR003', 400],
    ['P0001', 400],
    ['57014', 500],
    ['PT418', 418]
  ])(
    'that a function refuses with %s is answered as PostgREST does, with %i',
    async (state, status) => {
      const response = await call('/rest/v1/rpc/refuse', { body: JSON.stringify({ state }) })
      expect(response.status).toBe(status)
      expect(await response.json()).toEqual({
        code: state,
        message: 'no',
        details: 'because',
        hint: 'try'
      })
    }
  )

  it('is bound by what a migration revoked', async () => {
    const { token } = await person('revoked@example.com')
    const response = await call('/rest/v1/closed', { token })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: '42501' })
  })
})

describe('an edge function', () => {
  it('gets the request as it was sent, under its own name, and its answer comes back whole', async () => {
    const response = await call('/functions/v1/echo/deep?q=1', {
      token: 'anything',
      body: '{"a":1}'
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-echo')).toBe('yes')
    expect(await response.json()).toEqual({
      method: 'POST',
      path: '/echo/deep?q=1',
      authorization: 'Bearer anything',
      body: '{"a":1}',
      url: backend.url
    })
  })

  it('that does not exist is a 404', async () => {
    const response = await call('/functions/v1/nothing', { body: '{}' })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('streams: the first part arrives while the last is not yet written', async () => {
    const response = await call('/functions/v1/slow')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe('first')
    expect(await (await call('/functions/v1/slow', { method: 'DELETE' })).text()).toBe('released')
    expect((await reader?.read())?.value).toBe('last')
    expect((await reader?.read())?.done).toBe(true)
  })

  it('that dies answers 502 for what it had, is started again, and says both in the log', async () => {
    expect((await call('/functions/v1/mortal', { body: 'die' })).status).toBe(502)
    const next = await call('/functions/v1/mortal', { body: 'hello' })
    expect(await next.text()).toBe('alive')
    expect(lines.join('\n')).toMatch(/\[mortal\] ended \(code 3\); starting again in 200 ms/)
  })

  it('that cannot start is a 503, with its error in the log', async () => {
    expect((await call('/functions/v1/broken', { body: '{}' })).status).toBe(503)
    expect(lines.join('\n')).toMatch(/\[broken\] .*error/i)
  })

  it('reaches nothing but its backend and the model, and reads nothing but its settings', async () => {
    const response = await call('/functions/v1/nosy', { body: '{}' })
    expect(await response.json()).toEqual({
      environment: 'NotCapable',
      network: 'NotCapable',
      files: 'NotCapable',
      programs: 'NotCapable'
    })
  })
})
