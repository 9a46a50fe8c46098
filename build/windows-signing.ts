// Reads the Windows signing identity from the environment. The repository has no keys and no passwords;
// electron-builder itself reads AZURE_*, APPLE_* and CSC_*.
import { z } from 'zod'

/**
 * The certificate's whole distinguished name: `CN=…, O=…, C=…`. With the common name alone, electron-updater accepts any
 * certificate with that common name.
 */
const distinguishedName = z
  .string()
  .regex(
    /^CN=.+, O=.+, C=[A-Z]{2}$/,
    'must be the whole distinguished name of the certificate, such as "CN=Heard Inc., O=Heard Inc., L=Austin, S=Texas, C=US"'
  )

const azureSchema = z.object({
  HEARD_PUBLISHER_NAME: distinguishedName,
  /** Such as https://eus.codesigning.azure.net. */
  HEARD_AZURE_ENDPOINT: z.url({ protocol: /^https$/ }),
  HEARD_AZURE_ACCOUNT: z.string().min(1),
  HEARD_AZURE_PROFILE: z.string().min(1)
})
const certificateSchema = z.object({
  HEARD_PUBLISHER_NAME: distinguishedName,
  /** SHA-1 of a certificate in the machine's store or on a connected token. */
  HEARD_CERTIFICATE_SHA1: z.string().regex(/^[0-9A-Fa-f]{40}$/)
})

export type WindowsSigning =
  | { kind: 'azure'; publisherName: string; endpoint: string; account: string; profile: string }
  | { kind: 'certificate'; publisherName: string; sha1: string }

type Variables = Record<string, string | undefined>

/** @returns null without a signing identity @throws when the identity is incomplete */
export const readWindowsSigning = (variables: Variables): WindowsSigning | null => {
  const azure = variables.HEARD_AZURE_ENDPOINT !== undefined
  const certificate = variables.HEARD_CERTIFICATE_SHA1 !== undefined
  if (!azure && !certificate) return null
  if (azure && certificate) {
    throw new Error('HEARD_AZURE_ENDPOINT and HEARD_CERTIFICATE_SHA1 exclude one another.')
  }
  if (azure) {
    const given = read(azureSchema, variables)
    return {
      kind: 'azure',
      publisherName: given.HEARD_PUBLISHER_NAME,
      endpoint: given.HEARD_AZURE_ENDPOINT,
      account: given.HEARD_AZURE_ACCOUNT,
      profile: given.HEARD_AZURE_PROFILE
    }
  }
  const given = read(certificateSchema, variables)
  return {
    kind: 'certificate',
    publisherName: given.HEARD_PUBLISHER_NAME,
    sha1: given.HEARD_CERTIFICATE_SHA1
  }
}

const read = <T extends z.ZodType>(schema: T, variables: Variables): z.output<T> => {
  const parsed = schema.safeParse(variables)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(`${issue?.path.join('.')} ${issue?.message}.`)
}
