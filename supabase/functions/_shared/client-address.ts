// Names the network that a request comes from, for a limit that a caller without an account meets.

/** Shared by all requests without a readable address: a client cannot get a limit of its own by hiding. */
const UNKNOWN = 'unknown'
const ADDRESS = /^[0-9a-f.:]{2,45}$/i
const IPV6_GROUPS = 8
/** A subscriber gets 64 bits of IPv6 and chooses the others. */
const PREFIX_GROUPS = 4

const prefixOf = (address: string): string => {
  const [head = [], tail] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = tail === undefined ? 0 : IPV6_GROUPS - head.length - tail.length
  const groups = [...head, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...(tail ?? [])]
  return groups.slice(0, PREFIX_GROUPS).join(':')
}

/**
 * An IPv4 address, or the first 64 bits of an IPv6 address.
 * Cloudflare, in front of every hosted project, sets `cf-connecting-ip` and drops a client's own. Other proxies append to
 * `x-forwarded-for`, so every entry except the last may be the client's invention.
 */
export const clientAddressOf = ({ headers }: Request): string => {
  const address = (
    headers.get('cf-connecting-ip') ??
    headers.get('x-forwarded-for')?.split(',').at(-1) ??
    ''
  ).trim()
  if (!ADDRESS.test(address)) return UNKNOWN
  return address.includes(':') && !address.includes('.') ? prefixOf(address) : address
}
