// What is wrong with the kiosk's network: the cause for IT, and the place for the cook.
import { z } from 'zod'

export const NETWORK_CAUSES = [
  'no_network',
  /** DNS. */
  'name_not_found',
  /** Refused, reset or closed. */
  'refused',
  'no_answer',
  'proxy_unreachable',
  /** The proxy wants a sign-in, or refused it. */
  'proxy_sign_in',
  /** The proxy refuses this address. */
  'proxy_refused',
  /** The PAC file cannot be read. */
  'proxy_settings',
  /** By an authority that this computer does not trust. */
  'certificate_untrusted',
  /** For another name. */
  'certificate_name',
  'certificate_expired',
  /** Another fault of a certificate, such as a revocation. */
  'certificate_refused',
  'client_certificate',
  'tls_failed',
  'clock_wrong',
  /** The network shows a page for a sign-in in place of the address. */
  'captive_portal',
  'unknown'
] as const
export type NetworkCause = (typeof NETWORK_CAUSES)[number]

/** `kiosk`: this kiosk's network or computer; `internet`; `service`: the backend or the model. */
export const NETWORK_PLACES = ['kiosk', 'internet', 'service'] as const
export type NetworkPlace = (typeof NETWORK_PLACES)[number]

export const networkProblemSchema = z.strictObject({
  cause: z.enum(NETWORK_CAUSES),
  place: z.enum(NETWORK_PLACES)
})
export type NetworkProblem = z.infer<typeof networkProblemSchema>
