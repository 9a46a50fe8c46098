// Reads a feed: fetches it within limits, verifies its signature, then parses it.
import {
  type Channel,
  FEED_SIZE_LIMIT_BYTES,
  type Feed,
  feedFileName,
  type Platform,
  parseFeed,
  SIGNATURE_SIZE_LIMIT_BYTES,
  SIGNATURE_SUFFIX
} from './feed-document.ts'
import { type FeedFilePorts, fetchFeedFile } from './fetch-feed-file.ts'
import { feedStatement, signerOf, type TrustedKeys } from './signature.ts'
import { refused, type UpdateResult, updateOk } from './update-problem.ts'

export type FeedTarget = { channel: Channel; platform: Platform; arch: string }

/** The signed feed for this channel, system and processor. `evaluate-release.ts` checks its age. */
export const readFeed = async (
  ports: FeedFilePorts,
  wanted: FeedTarget,
  keys: TrustedKeys
): Promise<UpdateResult<Feed>> => {
  const fileName = feedFileName(wanted.channel, wanted.platform, wanted.arch)
  const bytes = await fetchFeedFile(ports, fileName, FEED_SIZE_LIMIT_BYTES)
  if (!bytes.ok) return bytes
  const signatures = await fetchSignature(ports, fileName)
  if (!signatures.ok) {
    return signatures.problem.code === 'feed_missing'
      ? refused('feed_not_signed', `${fileName} has no signature beside it.`)
      : signatures
  }
  if (signerOf(feedStatement(bytes.value), signatures.value, keys) === null) {
    return refused('feed_not_signed', `${fileName} is not signed by a key of this build.`)
  }
  const feed = parseFeed(Buffer.from(bytes.value).toString('utf8'))
  if (feed === null) return refused('feed_malformed', `${fileName} is signed, and is not a feed.`)
  const { channel, platform, arch } = feed.vendor
  if (channel !== wanted.channel || platform !== wanted.platform || arch !== wanted.arch) {
    return refused(
      'feed_for_other_target',
      `${fileName} is the feed for ${channel}, ${platform}, ${arch}.`
    )
  }
  return updateOk(feed)
}

/** The signature file beside a file of the feed. */
export const fetchSignature = async (
  ports: FeedFilePorts,
  fileName: string
): Promise<UpdateResult<string>> => {
  const bytes = await fetchFeedFile(
    ports,
    `${fileName}${SIGNATURE_SUFFIX}`,
    SIGNATURE_SIZE_LIMIT_BYTES
  )
  return bytes.ok ? updateOk(Buffer.from(bytes.value).toString('utf8')) : bytes
}
