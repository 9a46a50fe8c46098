// Signs, publishes, parses and locates feeds.
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSigningKey, readSigningKey, type SigningKey } from '../../../../build/update-keys.ts'
import {
  describeFeed,
  type FeedPlan,
  publishArtifacts,
  publishFeed,
  restage,
  signatureLine
} from '../../../../build/write-feed.ts'
import {
  feedFileName,
  parseFeed,
  versionSchema
} from '../../../../src/main/updates/feed-document.ts'
import {
  feedAddress,
  feedSourceSchema,
  isFeedUrlAllowed
} from '../../../../src/main/updates/feed-source.ts'
import {
  artifactStatement,
  feedStatement,
  readTrustedKeys,
  signerOf
} from '../../../../src/main/updates/signature.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { feedPlan } from './feed-host.ts'

const folder = temporaryFolder()
let key: SigningKey
const makeKey = (id: string, name: string) => createSigningKey(id, join(folder.path, name))
beforeEach(() => {
  key = makeKey('first', 'key.pem')
})

const plan = (changes: Partial<FeedPlan> = {}) => {
  const artifact = folder.write('heard-1.1.0-linux-x64.tar.gz', 'an archive')
  return feedPlan({ artifacts: [artifact], stagingPercentage: 5, ...changes })
}

describe('a signature', () => {
  const statement = Buffer.from('heard feed 1\nx')

  const signer = (text: string, keys = [key], signed: Buffer = statement) =>
    signerOf(signed, text, readTrustedKeys(keys.map((each) => each.public)))

  it('verifies for a trusted key over the same bytes only', () => {
    const line = signatureLine(statement, key)
    expect(signer(line)).toBe('first')
    expect(signer(line, [key], Buffer.from('heard feed 1\ny'))).toBe(null)
    expect(signer(line, [])).toBe(null)
    expect(signer(line.replace('first', 'other'))).toBe(null)
    expect(signer(signatureLine(statement, makeKey('first', 'other.pem')))).toBe(null)
    // An artifact's signature is none of a feed.
    const artifact = artifactStatement({ name: 'a', sizeBytes: 1, sha512: 'x' })
    expect(signer(signatureLine(artifact, key), [key], feedStatement(Buffer.from('a')))).toBe(null)
  })

  it('is found among others, so that keys can rotate', () => {
    const next = makeKey('next', 'next.pem')
    const both = `${signatureLine(statement, next)}\r\n# x\n${signatureLine(statement, key)}`
    expect([[key], [next], [key, next]].map((keys) => signer(both, keys))).toEqual([
      'first',
      'next',
      'next'
    ])
  })

  it('is never found in other text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'binary-ascii' }), (text) => {
        expect(signer(`${text}\nfirst ${text}`)).toBe(null)
      })
    )
  })

  it('needs an ed25519 key', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    expect(() => readTrustedKeys([{ id: 'rsa', spki }])).toThrow('not ed25519')
  })
})

it('writes a private key with mode 0600 and overwrites none', () => {
  const path = join(folder.path, 'key.pem')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(() => makeKey('first', 'key.pem')).toThrow('EEXIST')
  expect(readSigningKey('first', path).public).toEqual(key.public)
  const rubbish = folder.write('rubbish.pem', 'PRIVATE rubbish')
  expect(() => readSigningKey('first', rubbish)).toThrow('could not be read')
})

describe('a feed', () => {
  it('is published after its artifacts and its signature', async () => {
    const given = plan()
    const feed = await describeFeed(given)
    const out = join(folder.path, 'out')
    const files = [
      ...(await publishArtifacts(out, feed, given.artifacts, [key])),
      ...(await publishFeed(out, feed, [key]))
    ]
    expect(files.map((path) => basename(path))).toEqual([
      'heard-1.1.0-linux-x64.tar.gz',
      'heard-1.1.0-linux-x64.tar.gz.sig',
      'latest-linux.yml.sig',
      'latest-linux.yml'
    ])
  })

  it('stays signed while it is replaced', async () => {
    const keys = readTrustedKeys([key.public])
    const out = join(folder.path, 'out')
    const feed = await describeFeed(plan())
    const [signatureFile = '', file = ''] = await publishFeed(out, feed, [key])
    const before = readFileSync(file)
    await publishFeed(out, restage(feed, 50, Date.UTC(2026, 10, 21)), [key])
    const after = readFileSync(file)
    const signatures = readFileSync(signatureFile, 'utf8')
    // A kiosk may read the old feed with the new signatures.
    expect(before.equals(after)).toBe(false)
    expect(signerOf(feedStatement(before), signatures, keys)).toBe('first')
    expect(signerOf(feedStatement(after), signatures, keys)).toBe('first')
  })

  it('parses to the value that was written, as JSON and as YAML', async () => {
    const feed = await describeFeed(
      plan({ notBefore: '2026-12-01T03:00:00Z', minimumVersion: '1.0.0' })
    )
    const text = JSON.stringify(feed, null, 2)
    expect(parseFeed(text)).toEqual(feed)
    const yaml = createRequire(createRequire(import.meta.url).resolve('electron-updater'))(
      'js-yaml'
    )
    expect(yaml.load(text)).toEqual(feed)
  })

  it('has no unknown field, no number out of range and no file outside its folder', async () => {
    const feed = await describeFeed(plan())
    const changed = (change: object) => parseFeed(JSON.stringify({ ...feed, ...change }))
    expect(changed({})).toEqual(feed)
    expect(parseFeed('version: 1.1.0')).toBe(null)
    const withFile = (change: object) => ({ files: [{ ...feed.files[0], ...change }] })
    for (const change of [
      { packages: {} },
      { stagingPercentage: 101 },
      { version: '1.1' },
      { version: '1.1.0/../../x' },
      { files: [] },
      withFile({ size: 700_000_000 }),
      { vendor: { ...feed.vendor, format: 2 } },
      withFile({ url: '/etc/heard.tar.gz' }),
      withFile({ url: 'https://elsewhere.example/heard.tar.gz' }),
      withFile({ url: '..\\heard.tar.gz' }),
      withFile({ url: '.heard.tar.gz' }),
      withFile({ url: 'a/heard.tar.gz' }),
      withFile({ url: 'a..tar.gz' })
    ]) {
      expect([change, changed(change)]).toEqual([change, null])
    }
  })

  it.each([
    ['stable', 'win32', 'x64', 'latest.yml'],
    ['beta', 'darwin', 'x64', 'beta-mac.yml'],
    ['stable', 'linux', 'arm64', 'latest-linux-arm64.yml']
  ] as const)(
    'of %s, %s and %s has electron-builder’s name %s',
    (channel, platform, arch, name) => {
      expect(feedFileName(channel, platform, arch)).toBe(name)
    }
  )

  it.each(['1.0', 'v1.0.0', '1.0.0+1', '01.0.0', '1.0.0-', '1.0.0/..', ''])(
    'has no version %j',
    (version) => {
      expect(versionSchema.safeParse('1.0.0-beta.11').success).toBe(true)
      expect(versionSchema.safeParse(version).success).toBe(false)
    }
  )
})

describe('the feed’s address', () => {
  const of = (source: object) => feedAddress(feedSourceSchema.parse(source))

  it.each([
    [
      { provider: 'generic', url: 'https://updates.example.com/heard' },
      'https://updates.example.com/heard/',
      []
    ],
    [
      { provider: 's3', bucket: 'heard', region: 'us-east-1', path: 'feed' },
      'https://heard.s3.us-east-1.amazonaws.com/feed/',
      []
    ],
    [
      { provider: 'github', owner: 'heard', repo: 'kiosk' },
      'https://github.com/heard/kiosk/releases/download/feed/',
      ['objects.githubusercontent.com', 'release-assets.githubusercontent.com']
    ]
  ])('is for %j the folder %s', (source, baseUrl, redirectHosts) => {
    expect(of(source)).toEqual({ baseUrl, redirectHosts })
  })

  it('is https or loopback, and has no credentials and no query', () => {
    for (const url of [
      'http://updates.example.com/',
      'ftp://updates.example.com/',
      'https://user:word@updates.example.com/',
      'https://updates.example.com/?token=1',
      'file:///etc/'
    ]) {
      expect(of({ provider: 'generic', url })).toBe(null)
    }
    expect(of({ provider: 'generic', url: 'http://127.0.0.1:8745/' })).not.toBe(null)
  })

  it('may redirect only to its own hosts, over https', () => {
    const github = of({ provider: 'github', owner: 'heard', repo: 'kiosk' })
    if (github === null) throw new Error('no address')
    const allowed = ['https://github.com/x', 'https://objects.githubusercontent.com/x?signature=1']
    const others = [
      'http://objects.githubusercontent.com/x',
      'https://objects.githubusercontent.com.evil.example/x',
      'https://objects.githubusercontent.com:444/x',
      'http://github.com/x',
      'https://a:b@github.com/x'
    ]
    const isAllowed = (url: string) => isFeedUrlAllowed(github, new URL(url))
    expect([...allowed, ...others].filter(isAllowed)).toEqual(allowed)
  })
})

it('makes signatures that openssl verifies', async () => {
  const given = plan()
  const feed = await describeFeed(given)
  const out = join(folder.path, 'out')
  await publishArtifacts(out, feed, given.artifacts, [key])
  const { url, size, sha512 } = feed.files[0] ?? { url: '', size: 0, sha512: '' }
  const statement = folder.write('s', `heard artifact 1\n${url}\n${size}\n${sha512}\n`)
  const [, signature = ''] = folder.read(`out/${url}.sig`).trim().split(' ')
  const spki = folder.write('k', Buffer.from(key.public.spki, 'base64'))
  const keyArguments = ['-pubin', '-keyform', 'DER', '-inkey', spki]
  const signed = folder.write('b', Buffer.from(signature, 'base64'))
  const files = ['-rawin', '-in', statement, '-sigfile', signed]
  const output = execFileSync('openssl', ['pkeyutl', '-verify', ...keyArguments, ...files], {
    encoding: 'utf8'
  })
  expect(output).toContain('Verified Successfully')
})
