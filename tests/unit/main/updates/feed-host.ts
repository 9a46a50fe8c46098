// A real feed for the tests: a folder written and signed as a release does it, served on loopback by a host that
// can be told to injectFault.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archiveFolder } from '../../../../build/tar-archive.ts'
import { createSigningKey, type SigningKey } from '../../../../build/update-keys.ts'
import {
  describeFeed,
  type FeedPlan,
  publishArtifacts,
  publishFeed
} from '../../../../build/write-feed.ts'

export type FeedFault = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string
) => boolean

export type FeedHost = {
  url: string
  folder: string
  key: SigningKey
  /** Paths that were asked for, without what comes after `?`. */
  asked: string[]
  /** Answers in the place of the folder where it returns true. */
  injectFault: FeedFault | null
  /** A .tar.gz with a program that says its version. */
  makeArchive(version: string, extra?: (folder: string) => void): Promise<string>
  /** Signs a release and puts it into the feed; by default for everybody and at once. */
  publish(version: string, changes?: Partial<FeedPlan>, key?: SigningKey): Promise<void>
  close(): Promise<void>
}

export const FEED_FILE = 'latest-linux.yml'
export const archiveName = (version: string): string => `heard-${version}-linux-x64.tar.gz`

/**
 * @param nowMs what `signedAt` is, unless a release says otherwise
 * @param given signs, in place of a new key
 */
export const startFeedHost = async (nowMs: () => number, given?: SigningKey): Promise<FeedHost> => {
  const work = mkdtempSync(join(tmpdir(), 'heard-feed-'))
  const folder = join(work, 'feed')
  mkdirSync(folder)
  const key = given ?? createSigningKey('test', join(work, 'key.pem'))
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    host.asked.push(path)
    if (host.injectFault?.(request, response, path) === true) return
    try {
      const body = await readFile(join(folder, path))
      response.writeHead(200, { 'content-length': body.byteLength }).end(body)
    } catch {
      // A file that is not in the feed.
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const makeArchive = async (
    version: string,
    extra?: (folder: string) => void
  ): Promise<string> => {
    const program = join(work, version, `heard-${version}`)
    mkdirSync(program, { recursive: true })
    writeFileSync(join(program, 'heard'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 })
    // Some bytes, so that a download can be cut off in the middle.
    writeFileSync(join(program, 'resources.pak'), noise(300_000))
    extra?.(program)
    const file = join(work, archiveName(version))
    await archiveFolder(program, file)
    return file
  }

  const host: FeedHost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    folder,
    key,
    asked: [],
    injectFault: null,
    makeArchive,
    publish: async (version, changes = {}, signer = key) => {
      const artifacts = changes.artifacts ?? [await makeArchive(version)]
      const feed = await describeFeed({
        version,
        channel: 'stable',
        platform: 'linux',
        arch: 'x64',
        stagingPercentage: 100,
        notBefore: null,
        minimumVersion: null,
        signedAtMs: nowMs(),
        ...changes,
        artifacts
      })
      await publishArtifacts(folder, feed, artifacts, [signer])
      await publishFeed(folder, feed, [signer])
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(work, { recursive: true, force: true })
    }
  }
  return host
}

/** Does not compress, and is the same every time. */
const noise = (sizeBytes: number): Buffer => {
  const bytes = Buffer.alloc(sizeBytes)
  let state = 1
  for (let index = 0; index < sizeBytes; index += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    bytes[index] = state >> 16
  }
  return bytes
}
