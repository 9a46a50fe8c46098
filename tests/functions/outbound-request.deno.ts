// Outbound requests: time limits, size limits and repeats.
import assert from 'node:assert/strict'
import { withoutSecrets } from '../../supabase/functions/_shared/log.ts'
import { type OutboundRequest, send } from '../../supabase/functions/_shared/outbound-request.ts'
import { deadUrl, serve } from './support/servers.deno.ts'

const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  url,
  method: 'GET',
  headers: {},
  timeoutMs: 2_000,
  repeat: 'safe',
  ...more
})

Deno.test('repeats a request once after a server error where that is safe, and never otherwise', async () => {
  for (const status of [500, 502, 503, 504]) {
    await using failing = serve(() => new Response('', { status }))
    assert.equal((await send(get(failing.url))).ok, true)
    assert.equal(failing.requests.length, 2)
    await send(get(failing.url, { repeat: 'once' }))
    assert.equal(failing.requests.length, 3)
  }
})

Deno.test('does not repeat a refused request', async () => {
  for (const status of [400, 401, 403, 404, 409, 429, 501]) {
    await using refusing = serve(() => new Response('no', { status }))
    const answer = await send(get(refusing.url))
    assert.equal(answer.ok && answer.status, status)
    assert.equal(refusing.requests.length, 1)
  }
})

Deno.test('does not repeat a request that used up its time', async () => {
  const hang = Promise.withResolvers<void>()
  await using hanging = serve(async () => {
    await hang.promise
    return new Response()
  })
  assert.deepEqual(await send(get(hanging.url, { timeoutMs: 100 })), {
    ok: false,
    failure: 'timeout'
  })
  assert.equal(hanging.requests.length, 1)
  hang.resolve()
})

Deno.test("applies the time limit to the answer's body", async () => {
  const hang = Promise.withResolvers<void>()
  await using slow = serve(
    () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
          pull: () => hang.promise
        })
      )
  )
  assert.deepEqual(await send(get(slow.url, { timeoutMs: 100 })), { ok: false, failure: 'timeout' })
  hang.resolve()
})

Deno.test('reports a failed connection', async () => {
  assert.deepEqual(await send(get(await deadUrl())), { ok: false, failure: 'unreachable' })
})

Deno.test('stops reading an endless answer', async () => {
  await using flooding = serve(
    () =>
      new Response(
        new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) })
      )
  )
  assert.deepEqual(await send(get(flooding.url)), { ok: false, failure: 'too_large' })
})

Deno.test('does not follow a redirect with its key', async () => {
  await using elsewhere = serve(() => new Response('caught'))
  await using moved = serve(() => Response.redirect(elsewhere.url, 307))
  const answer = await send(get(moved.url, { headers: { authorization: 'Bearer sk-x' } }))
  assert.equal(answer.ok && answer.status, 307)
  assert.equal(elsewhere.requests.length, 0)
})

Deno.test('removes keys and tokens from a log line', () => {
  const line = withoutSecrets(
    '{"a":"sk-proj-abc_DEF123","b":"Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln","c":"ek_0123456789","d":"sb_secret_abcdef","requestId":"4d0f4a11-2f5f-4b71-8f50-9a3a8b7c6d22","e":"task-force"}'
  )
  assert.equal(
    line,
    '{"a":"[secret]","b":"Bearer [secret]","c":"[secret]","d":"[secret]","requestId":"4d0f4a11-2f5f-4b71-8f50-9a3a8b7c6d22","e":"task-force"}'
  )
})
