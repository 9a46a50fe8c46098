// The account of the kiosk, without tokens: those stay in main.
import { z } from 'zod'

export const groupSchema = z.strictObject({
  id: z.uuid(),
  name: z.string().min(1),
  role: z.string().min(1)
})
export type Group = z.infer<typeof groupSchema>

export const accountSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('restoring') }),
  z.strictObject({ status: z.literal('signed_out') }),
  z.strictObject({
    status: z.literal('signed_in'),
    email: z.string(),
    /** Restaurants of this account; may be empty. */
    groups: z.array(groupSchema),
    /** In use: the restaurant of the settings, or else the first. */
    group: groupSchema.nullable(),
    /** False without an OS keyring: the session stays in memory until the kiosk closes. */
    remembered: z.boolean()
  })
])
export type Account = z.infer<typeof accountSchema>

export const credentialsSchema = z.strictObject({
  email: z.email().max(320),
  password: z.string().min(1).max(1_024)
})
export type Credentials = z.infer<typeof credentialsSchema>
