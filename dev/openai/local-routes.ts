// Serves `/local`: the stand-in's state and its fault injection, for the tests of this machine.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Context, Hono } from 'hono'
import { type ApiError, invalidRequest } from './api-error.ts'
import { type FaultInjection, faultInjectionSchema } from './fault-injection.ts'
import { jsonBody } from './json-body.ts'
import { apiErrorFromZod } from './schema-error.ts'
import type { OpenSession } from './session-connection.ts'
import type { SessionParts } from './session-runner.ts'

/** Applies the faults that concern open calls. */
const injectIntoCalls = async (
  { blip, dropCalls, malformedEvent, expireSessions, closeChannel }: FaultInjection,
  calls: readonly OpenSession[]
): Promise<void> => {
  for (const call of calls) {
    if (blip !== undefined) call.blip(blip.forMs)
    if (malformedEvent !== undefined) call.sendRaw(malformedEvent)
    if (expireSessions === true) call.expire()
    if (closeChannel === true) call.closeChannel()
  }
  if (dropCalls === undefined) return
  await Promise.all(
    calls.map((call) =>
      dropCalls.silently ? call.vanish() : call.hangUp('dropped by fault injection')
    )
  )
}

export type Respond = (context: Context, error: ApiError) => Response

export const localRoutes = (
  parts: SessionParts,
  calls: ReadonlyMap<string, OpenSession>,
  respond: Respond
): Hono => {
  const app = new Hono()
  const loopDelay = monitorEventLoopDelay()
  loopDelay.enable()
  const takeLagMs = (): number => {
    const lagMs = Math.round(loopDelay.max / 1_000_000)
    loopDelay.reset()
    return lagMs
  }
  app.get('/state', (context) =>
    context.json({
      lagMs: takeLagMs(),
      recogniser: parts.recogniser.kind,
      voice: parts.voice.kind,
      calls: [...calls.values()].map((call) => call.state()),
      turns: parts.turns.turns(),
      counters: parts.counters
    })
  )
  app.post('/faults', async (context) => {
    const body = await jsonBody(context)
    if (!body.ok) return respond(context, body.error)
    const parsed = faultInjectionSchema.safeParse(body.data)
    if (!parsed.success)
      return respond(context, invalidRequest(apiErrorFromZod(parsed.error, '', body.data)))
    parts.plan.add(parsed.data)
    const open = [...calls.values()]
    await injectIntoCalls(parsed.data, open)
    return context.json({ planned: true, calls: open.length })
  })
  return app
}
