// Signs, publishes, parses and locates feeds.
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
import { feedPlan } from './feed-host.ts'

let folder = ''
let key: SigningKey
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heard-signed-'))
  key = createSigningKey('first', join(folder, 'key.pem'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const plan = (changes: Partial<FeedPlan> = {}) => {
  const artifact = join(folder, 'heard-1.1.0-linux-x64.tar.gz')
  writeFileSync(artifact, 'an archive')
  return feedPlan({ artifacts: [artifact], stagingPercentage: 5, ...changes })
}

describe('a signature', () => {
  const statement = Buffer.from('heard feed 1\nx')

  it('verifies for a trusted key over the same bytes only', () => {
    const keys = readTrustedKeys([key.public])
    const line = signatureLine(statement, key)
    expect(signerOf(statement, line, keys)).toBe('first')
    expect(signerOf(Buffer.from('heard feed 1\ny'), line, keys)).toBe(null)
    expect(signerOf(statement, line, readTrustedKeys([]))).toBe(null)
    expect(signerOf(statement, line.replace('first', 'other'), keys)).toBe(null)
    const other = createSigningKey('first', join(folder, 'other.pem'))
    expect(signerOf(statement, signatureLine(statement, other), keys)).toBe(null)
  })

  it('is found among others, so that keys can rotate', () => {
    const next = createSigningKey('next', join(folder, 'next.pem'))
    const both = `${signatureLine(statement, next)}\r\n# x\n${signatureLine(statement, key)}`
    expect(signerOf(statement, both, readTrustedKeys([key.public]))).toBe('first')
    expect(signerOf(statement, both, readTrustedKeys([next.public]))).toBe('next')
    expect(signerOf(statement, both, readTrustedKeys([key.public, next.public]))).toBe('next')
  })

  it('of an artifact never verifies a feed', () => {
    const facts = { name: 'a', sizeBytes: 1, sha512: 'x' }
    const asFeed = feedStatement(Buffer.from('a'))
    const line = signatureLine(artifactStatement(facts), key)
    expect(signerOf(asFeed, line, readTrustedKeys([key.public]))).toBe(null)
  })

  it('is never found in other text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => {
        expect(signerOf(statement, `${text}\nfirst ${text}`, readTrustedKeys([key.public]))).toBe(
          null
        )
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
  const path = join(folder, 'key.pem')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(() => createSigningKey('first', path)).toThrow('EEXIST')
  expect(readSigningKey('first', path).public).toEqual(key.public)
  writeFileSync(join(folder, 'rubbish.pem'), 'PRIVATE rubbish')
  expect(() => readSigningKey('first', join(folder, 'rubbish.pem'))).toThrow('could not be read')
})

describe('a feed', () => {
  it('is published after its artifacts and its signature', async () => {
    const given = plan()
    const feed = await describeFeed(given)
    const out = join(folder, 'out')
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
    const out = join(folder, 'out')
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
    expect(changed({ packages: {} })).toBe(null)
    expect(changed({ stagingPercentage: 101 })).toBe(null)
    expect(changed({ version: '1.1' })).toBe(null)
    expect(changed({ version: '1.1.0/../../x' })).toBe(null)
    expect(changed({ files: [] })).toBe(null)
    expect(changed({ files: [{ ...feed.files[0], size: 700_000_000 }] })).toBe(null)
    expect(changed({ vendor: { ...feed.vendor, format: 2 } })).toBe(null)
    expect(parseFeed('version: 1.1.0')).toBe(null)
    for (const url of [
      '/etc/heard.tar.gz',
      'https://elsewhere.example/heard.tar.gz',
      '..\\heard.tar.gz',
      '.heard.tar.gz',
      'a/heard.tar.gz',
      'a..tar.gz'
    ]) {
      expect([url, changed({ files: [{ ...feed.files[0], url }] })]).toEqual([url, null])
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

  it('is a folder on a web server, in a bucket or in a release', () => {
    expect(of({ provider: 'generic', url: 'https://updates.example.com/heard' })?.baseUrl).toBe(
      'https://updates.example.com/heard/'
    )
    expect(
      of({ provider: 's3', bucket: 'heard', region: 'us-east-1', path: 'feed' })?.baseUrl
    ).toBe('https://heard.s3.us-east-1.amazonaws.com/feed/')
    expect(of({ provider: 'github', owner: 'heard', repo: 'kiosk' })).toEqual({
      baseUrl: 'https://github.com/heard/kiosk/releases/download/feed/',
      redirectHosts: ['objects.githubusercontent.com', 'release-assets.githubusercontent.com']
    })
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
    const allowed = (url: string) => isFeedUrlAllowed(github, new URL(url))
    expect(allowed('https://github.com/x')).toBe(true)
    expect(allowed('https://objects.githubusercontent.com/x?signature=1')).toBe(true)
    expect(allowed('http://objects.githubusercontent.com/x')).toBe(false)
    expect(allowed('https://objects.githubusercontent.com.evil.example/x')).toBe(false)
    expect(allowed('https://objects.githubusercontent.com:444/x')).toBe(false)
    expect(allowed('http://github.com/x')).toBe(false)
    expect(allowed('https://a:b@github.com/x')).toBe(false)
  })
})

it('makes signatures that openssl verifies', async () => {
  const given = plan()
  const feed = await describeFeed(given)
  const out = join(folder, 'out')
  await publishArtifacts(out, feed, given.artifacts, [key])
  const { url, size, sha512 } = feed.files[0] ?? { url: '', size: 0, sha512: '' }
  const paths = {
    statement: join(folder, 's'),
    signature: join(folder, 'b'),
    key: join(folder, 'k')
  }
  writeFileSync(paths.statement, `heard artifact 1\n${url}\n${size}\n${sha512}\n`)
  const [, signature = ''] = readFileSync(join(out, `${url}.sig`), 'utf8')
    .trim()
    .split(' ')
  writeFileSync(paths.signature, Buffer.from(signature, 'base64'))
  writeFileSync(paths.key, Buffer.from(key.public.spki, 'base64'))
  const keyArguments = ['-pubin', '-keyform', 'DER', '-inkey', paths.key]
  const files = ['-rawin', '-in', paths.statement, '-sigfile', paths.signature]
  const output = execFileSync('openssl', ['pkeyutl', '-verify', ...keyArguments, ...files], {
    encoding: 'utf8'
  })
  expect(output).toContain('Verified Successfully')
})
