// Sends requests to the gateway, which must refuse what a hosted project refuses.
import { createHmac } from 'node:crypto'
import { cp, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@supabase/supabase-js'
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Backend, startBackend } from '../../dev/supabase/backend.ts'
import { MIGRATIONS_FOLDER } from '../../dev/supabase/database.ts'
import { BODY_LIMIT_BYTES } from '../../dev/supabase/gateway.ts'
import { provisionMigratedDatabase } from './support/migrated-database.ts'
import { removeFolder, temporaryFolder, writeFiles } from './support/temporary-folder.ts'

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
  const migrationsFolder = join(folder, 'migrations')
  await writeFiles(join(folder, 'functions'), FUNCTIONS)
  await cp(MIGRATIONS_FOLDER, migrationsFolder, { recursive: true })
  await writeFiles(migrationsFolder, { '20990101000000_notes.sql': MIGRATION })
  await provisionMigratedDatabase(join(folder, 'data'))
  backend = await startBackend({
    dataDir: join(folder, 'data'),
    port: 0,
    // No test here calls a model.
    openaiUrl: 'http://127.0.0.1:9999/v1',
    openaiKey: 'sk-test',
    handbookFolder: null,
    migrationsFolder,
    functionsFolder: join(folder, 'functions'),
    log: (line) => lines.push(line)
  })
})
afterAll(async () => {
  await backend.close()
  await removeFolder(folder)
})

type Call = { method?: string; apikey?: string | null; token?: string; body?: BodyInit }

/** Sends a request, with the publishable key by default. */
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
/** Creates an account and signs it in. */
const person = async (email: string): Promise<{ id: string; token: string }> => {
  const created = await backend.database.createAccount(email, PASSWORD)
  if (!created.ok) throw new Error(created.message)
  const response = await call('/auth/v1/token?grant_type=password', {
    body: JSON.stringify({ email, password: PASSWORD })
  })
  const { access_token } = z.object({ access_token: z.string() }).parse(await response.json())
  return { id: created.userId, token: access_token }
}
let id: string
let token: string
beforeAll(async () => {
  const one = await person('one@example.com')
  id = one.id
  token = one.token
})

const keysSchema = z.object({
  jwtSecret: z.string(),
  signingKey: z.looseObject({ kid: z.string() })
})
const readKeys = async (): Promise<z.output<typeof keysSchema>> =>
  keysSchema.parse(JSON.parse(await readFile(join(folder, 'data/keys.json'), 'utf8')))

describe('the API key', () => {
  it.each(['/rest/v1/notes', '/auth/v1/user', '/functions/v1/echo'])(
    'is required at %s and must be a known one',
    async (path) => {
      for (const apikey of [null, 'sb_publishable_made_up', '']) {
        expect((await call(path, { apikey })).status).toBe(401)
      }
    }
  )

  it('may come as a query parameter, but not as the bearer alone', async () => {
    const path = `/rest/v1/notes?apikey=${backend.publishableKey}`
    expect((await call(path, { apikey: null })).status).toBe(200)
    const bearerOnly = { apikey: null, token: backend.publishableKey }
    expect((await call('/rest/v1/notes', bearerOnly)).status).toBe(401)
  })

  it('is refused when the bearer is a key of the other kind', async () => {
    const response = await call('/rest/v1/notes', { token: backend.secretKey })
    expect(response.status).toBe(401)
  })

  it('acts as service_role when secret and as anon when publishable', async () => {
    const whoami = async (apikey: string): Promise<unknown> =>
      (await call('/rest/v1/rpc/whoami', { apikey, body: '{}' })).json()
    expect(await whoami(backend.secretKey)).toBe('service_role -')
    expect(await whoami(backend.publishableKey)).toBe('anon -')
  })

  it('is not required for the health and the public keys', async () => {
    const health = await call('/health', { apikey: null })
    expect(await health.json()).toMatchObject({ ok: true, functions: { echo: 'ready' } })
    const jwks = await (await call('/auth/v1/.well-known/jwks.json', { apikey: null })).json()
    expect(jwks).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256' }] })
    expect(JSON.stringify(jwks)).not.toContain('"d"')
  })

  it('is in a file that only its owner reads', async () => {
    expect((await stat(join(folder, 'data/keys.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700)
  })
})

describe('a token', () => {
  it('is ES256 with the published key, for the signed-in person', async () => {
    expect(decodeJwt(token)).toMatchObject({
      sub: id,
      role: 'authenticated',
      iss: `${backend.url}/auth/v1`
    })
    const whoami = await call('/rest/v1/rpc/whoami', { token, body: '{}' })
    expect(await whoami.json()).toBe(`authenticated ${id}`)
  })

  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = (): string => part(decodeJwt(token))
  /** Signs the claims of the person, or changed ones, with the key of the project. */
  const sign = async (change: object): Promise<string> => {
    const { signingKey } = await readKeys()
    return new SignJWT({ ...decodeJwt(token), ...change })
      .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid })
      .sign(await importJWK(signingKey, 'ES256'))
  }
  const signWithInnerSecret = async (role: string): Promise<string> =>
    new SignJWT({ ...decodeJwt(token), role })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode((await readKeys()).jwtSecret))

  it.each<[how: string, forge: () => Promise<string>]>([
    [
      'signed with another ES256 key',
      async () => {
        const { privateKey } = await generateKeyPair('ES256')
        const { kid } = (await readKeys()).signingKey
        return new SignJWT(decodeJwt(token))
          .setProtectedHeader({ alg: 'ES256', kid })
          .sign(privateKey)
      }
    ],
    [
      'signed with a key in its own header',
      async () => {
        const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
        return new SignJWT(decodeJwt(token))
          .setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(publicKey) })
          .sign(privateKey)
      }
    ],
    ['signed HS256 with the inner secret', () => signWithInnerSecret('authenticated')],
    [
      'signed HS256 with the inner secret as service_role',
      () => signWithInnerSecret('service_role')
    ],
    [
      'signed HS256 with the public key as the secret',
      async () => {
        const jwks = await (await call('/auth/v1/.well-known/jwks.json')).text()
        const { kid } = (await readKeys()).signingKey
        const signed = `${part({ alg: 'HS256', kid, typ: 'JWT' })}.${claims()}`
        return `${signed}.${createHmac('sha256', jwks).update(signed).digest('base64url')}`
      }
    ],
    ['not signed', async () => `${part({ alg: 'none' })}.${claims()}.`],
    ['no token', async () => 'x'],
    ['raised to service_role with the right key', () => sign({ role: 'service_role' })],
    ['expired', () => sign({ exp: 1_700_000_000 })]
  ])('is refused when it is %s', async (_how, forge) => {
    const forged = await forge()
    expect((await call('/rest/v1/notes', { token: forged })).status).toBe(401)
    expect((await call('/auth/v1/user', { token: forged })).status).toBe(403)
  })

  it('has PGRST303 when it is expired, and is accepted with the key of the project', async () => {
    const expired = await call('/rest/v1/notes', { token: await sign({ exp: 1_700_000_000 }) })
    expect(await expired.json()).toMatchObject({ code: 'PGRST303' })
    expect((await call('/rest/v1/notes', { token: await sign({}) })).status).toBe(200)
  })
})

describe('an account', () => {
  const body = JSON.stringify({ email: 'new@example.com', password: PASSWORD })
  afterEach(async () => {
    const rows = await backend.database.query(
      `select 1 from auth.users where email = 'new@example.com'`
    )
    expect(rows).toEqual([])
  })

  it.each(['/auth/v1/signup', '/auth/v1/otp', '/auth/v1/magiclink'])(
    'cannot be created through %s',
    async (path) => {
      for (const apikey of [backend.publishableKey, backend.secretKey]) {
        const response = await call(path, { apikey, body })
        expect(response.status).toBe(422)
        expect(await response.json()).toMatchObject({ error_code: 'signup_disabled' })
      }
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
  ])('cannot be created or changed through %s %s', async (method, path) => {
    const init: Call = method === 'GET' ? { method } : { method, body }
    expect((await call(path, init)).status).toBeGreaterThanOrEqual(400)
  })
})

describe('the admin API', () => {
  const admin = () => createClient(backend.url, backend.secretKey).auth.admin

  it('creates accounts with the secret key, one per e-mail', async () => {
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

  it('refuses the publishable key and people', async () => {
    const body = JSON.stringify({ email: 'a@example.com', password: PASSWORD, email_confirm: true })
    for (const method of ['GET', 'POST']) {
      const init = method === 'GET' ? { method, token } : { method, token, body }
      expect((await call('/auth/v1/admin/users', init)).status).toBe(403)
    }
  })
})

describe('a request', () => {
  it('is refused with a body over the limit, with and without a length', async () => {
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

  it('gets 404 for an unknown path', async () => {
    expect((await call('/storage/v1/bucket')).status).toBe(404)
    expect((await call('/_system/config')).status).toBe(404)
    expect((await call('/')).status).toBe(404)
  })

  it.each(['auth', 'supabase_migrations', 'extensions', 'pg_catalog'])(
    'cannot read the schema %s, even with the secret key',
    async (schema) => {
      const response = await fetch(`${backend.url}/rest/v1/users`, {
        headers: { apikey: backend.secretKey, 'accept-profile': schema }
      })
      expect(response.status).toBe(406)
      expect(await response.json()).toMatchObject({ code: 'PGRST106' })
    }
  )

  it('reads only its own rows among 150 requests at once', async () => {
    const people = [{ id, token }, await person('two@example.com')]
    for (const [index, { id }] of people.entries()) {
      const insert = 'insert into public.notes values ($1, $2, $3)'
      await backend.database.query(insert, [index, id, `note of ${id}`])
    }
    const notes = z.array(z.object({ owner: z.string(), created: z.string().optional() }))
    const asked = Array.from({ length: 150 }, async (_, number) => {
      const who = people[number % 3]
      // Every third request has the publishable key alone.
      const response = await call('/rest/v1/notes?select=owner', who === undefined ? {} : who)
      const rows = notes.parse(await response.json())
      expect(rows.map(({ owner }) => owner)).toEqual(who === undefined ? [] : [who.id])
    })
    await Promise.all(asked)
  })

  it('runs with its own role when another request comes in the same tick', async () => {
    // Without the gateway: over sockets two requests rarely come in one tick.
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
  ])('answers a function’s %s with %i, as PostgREST does', async (state, status) => {
    const response = await call('/rest/v1/rpc/refuse', { body: JSON.stringify({ state }) })
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({
      code: state,
      message: 'no',
      details: 'because',
      hint: 'try'
    })
  })

  it('is refused where a migration revoked the right', async () => {
    const response = await call('/rest/v1/closed', { token })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: '42501' })
  })
})

describe('an edge function', () => {
  it('gets the whole request and returns the whole response', async () => {
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

  it('is a 404 when it does not exist', async () => {
    const response = await call('/functions/v1/nothing', { body: '{}' })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('streams its response', async () => {
    const response = await call('/functions/v1/slow')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe('first')
    expect(await (await call('/functions/v1/slow', { method: 'DELETE' })).text()).toBe('released')
    expect((await reader?.read())?.value).toBe('last')
    expect((await reader?.read())?.done).toBe(true)
  })

  it('answers 502 when its process dies, and starts again', async () => {
    expect((await call('/functions/v1/mortal', { body: 'die' })).status).toBe(502)
    const next = await call('/functions/v1/mortal', { body: 'hello' })
    expect(await next.text()).toBe('alive')
    expect(lines.join('\n')).toMatch(/\[mortal\] ended \(code 3\); starting again in 200 ms/)
  })

  it('is a 503 when it cannot start, with its error in the log', async () => {
    expect((await call('/functions/v1/broken', { body: '{}' })).status).toBe(503)
    expect(lines.join('\n')).toMatch(/\[broken\] .*error/i)
  })

  it('may use no other environment, network, file or program', async () => {
    const response = await call('/functions/v1/nosy', { body: '{}' })
    expect(await response.json()).toEqual({
      environment: 'NotCapable',
      network: 'NotCapable',
      files: 'NotCapable',
      programs: 'NotCapable'
    })
  })
})
