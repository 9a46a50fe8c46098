// Serves a real feed on loopback: written and signed like a release, with fault injection.
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
  /** Requested paths, without the query. */
  asked: string[]
  /** Returns true when it answered the request itself. */
  injectFault: FeedFault | null
  /** A .tar.gz with a program that prints its version. */
  makeArchive(version: string): Promise<string>
  /** Signs a release and publishes it in the feed; by default for the whole fleet at once. */
  publish(version: string, changes?: Partial<FeedPlan>, key?: SigningKey): Promise<void>
  close(): Promise<void>
}

/** A release for the whole fleet at once. */
export const feedPlan = (changes: Partial<FeedPlan> = {}): FeedPlan => ({
  version: '1.1.0',
  channel: 'stable',
  platform: 'linux',
  arch: 'x64',
  artifacts: [],
  stagingPercentage: 100,
  notBefore: null,
  minimumVersion: null,
  signedAtMs: Date.UTC(2026, 10, 20),
  ...changes
})

export const FEED_FILE = 'latest-linux.yml'
export const archiveName = (version: string): string => `heard-${version}-linux-x64.tar.gz`

/** Injects a fault into requests for paths with this ending. */
export const faultFor =
  (ending: string, answer: (response: ServerResponse) => void): FeedFault =>
  (_request, response, path) => {
    if (!path.endsWith(ending)) return false
    answer(response)
    return true
  }

/** Sends bytes until the kiosk ends the transfer. */
export const answerForever = (response: ServerResponse): void => {
  const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1)
  response.on('close', () => clearInterval(timer))
}

/**
 * @param nowMs the default of `signedAt`
 * @param given the signing key; default: a new one
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

  const makeArchive = async (version: string): Promise<string> => {
    const program = join(work, version, `heard-${version}`)
    mkdirSync(program, { recursive: true })
    writeFileSync(join(program, 'heard'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 })
    // Enough bytes to cut off a download in the middle.
    writeFileSync(join(program, 'resources.pak'), noise(300_000))
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
      const feed = await describeFeed(
        feedPlan({ version, signedAtMs: nowMs(), ...changes, artifacts })
      )
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

/** Incompressible and deterministic. */
const noise = (sizeBytes: number): Buffer => {
  const bytes = Buffer.alloc(sizeBytes)
  let state = 1
  for (let index = 0; index < sizeBytes; index += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    bytes[index] = state >> 16
  }
  return bytes
}
