// The messages between the search bench and its backend process.
import { z } from 'zod'

export const ownerSchema = z.strictObject({
  organisationId: z.uuid(),
  groupId: z.uuid().nullable(),
  slugPrefix: z.string().min(1),
  sections: z.int().min(0)
})

export const requestSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('load'), owners: z.array(ownerSchema), seed: z.int() }),
  /** Makes a cook of the restaurant. */
  z.strictObject({
    ask: z.literal('account'),
    email: z.string(),
    password: z.string(),
    groupId: z.uuid()
  })
])
export type ServerRequest = z.output<typeof requestSchema>

/** Fields of the function's log line. */
export const searchLogSchema = z.object({
  event: z.literal('realtime-search'),
  status: z.int(),
  ms: z.number(),
  embeddingMs: z.number(),
  databaseMs: z.number()
})

export const replySchema = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('ready'), url: z.url(), publishableKey: z.string() }),
  z.strictObject({ say: z.literal('done') }),
  z.strictObject({ say: z.literal('failed'), message: z.string() }),
  z.strictObject({ say: z.literal('progress'), text: z.string() }),
  z.strictObject({
    say: z.literal('searched'),
    log: searchLogSchema,
    /** Method and path of the requests to the Data and Auth APIs since the previous search. */
    requests: z.array(z.string())
  })
])
export type ServerReply = z.output<typeof replySchema>
