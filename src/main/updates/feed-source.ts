// Resolves the configured feed to an address: a web server, an S3 bucket, or the files of a GitHub release. They
// differ in the hosts that they may redirect to.
import { z } from 'zod'

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/)

export const feedSourceSchema = z.discriminatedUnion('provider', [
  z.strictObject({ provider: z.literal('generic'), url: z.url().max(500) }),
  z.strictObject({
    provider: z.literal('s3'),
    bucket: name,
    region: name,
    /** Folder in the bucket. */
    path: z
      .string()
      .regex(/^([A-Za-z0-9._-]+\/)*[A-Za-z0-9._-]*$/)
      .max(200)
      .default('')
  }),
  z.strictObject({
    provider: z.literal('github'),
    owner: name,
    repo: name,
    /** The release whose files are the feed; each update replaces the files. */
    tag: name.default('feed')
  })
])
export type FeedSource = z.infer<typeof feedSourceSchema>

export type FeedAddress = {
  /** Ends with a slash. */
  baseUrl: string
  /** Other hosts that the feed may redirect to. */
  redirectHosts: readonly string[]
}

/** github.com redirects every download of a release file to one of these. */
const GITHUB_FILE_HOSTS = ['objects.githubusercontent.com', 'release-assets.githubusercontent.com']

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** null unless the address is https or loopback, and only has a path. */
export const feedAddress = (source: FeedSource): FeedAddress | null => {
  switch (source.provider) {
    case 'generic': {
      const url = new URL(source.url)
      const isPlain =
        url.search === '' && url.hash === '' && url.username === '' && url.password === ''
      if (!isPlain || !isSafe(url)) return null
      return { baseUrl: `${url.origin}${url.pathname.replace(/\/*$/, '/')}`, redirectHosts: [] }
    }
    case 's3': {
      const path = source.path.replace(/\/*$/, '')
      const host = `${source.bucket}.s3.${source.region}.amazonaws.com`
      return { baseUrl: `https://${host}/${path === '' ? '' : `${path}/`}`, redirectHosts: [] }
    }
    case 'github': {
      const { owner, repo, tag } = source
      return {
        baseUrl: `https://github.com/${owner}/${repo}/releases/download/${tag}/`,
        redirectHosts: GITHUB_FILE_HOSTS
      }
    }
    default:
      return source satisfies never
  }
}

const isSafe = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))

/** Allows the feed's own origin, and its redirect hosts over https. */
export const isFeedUrlAllowed = (address: FeedAddress, url: URL): boolean => {
  if (url.username !== '' || url.password !== '') return false
  if (url.origin === new URL(address.baseUrl).origin) return true
  return (
    url.protocol === 'https:' && url.port === '' && address.redirectHosts.includes(url.hostname)
  )
}
