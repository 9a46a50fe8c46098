// `npm run release`: packages, a feed and the signatures over both, and what is to be done with them. Nothing is
// uploaded: the order is printed, and the one who releases has the last word (docs/releasing.md).
import { rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ensureBuilt } from '../dev/ensure-built.ts'
import { fromProject, PROJECT_DIR } from '../dev/paths.ts'
import { CommandError, runCommand, say } from '../dev/run-command.ts'
import { type BuildSettings, buildSettingsSchema } from '../src/main/updates/build-settings.ts'
import {
  CHANNELS,
  type Channel,
  feedSchema,
  type Platform,
  versionSchema
} from '../src/main/updates/feed-document.ts'
import { type FeedSource, feedAddress, feedSourceSchema } from '../src/main/updates/feed-source.ts'
import { isDistinguishedName, publisherNames } from '../src/main/updates/publisher.ts'
import { afterPack } from './after-pack.ts'
import { electronBuilderConfig } from './electron-builder-config.ts'
import { CHECKS_FEED, packageLinux, pinnedElectron } from './package.ts'
import { createTestSigningKey } from './test-signing-key.ts'
import { createSigningKey, publicKeys, type SigningKey, signingKeyOf } from './update-keys.ts'
import { readWindowsSigning } from './windows-signing.ts'
import { describeFeed, publishArtifacts, publishFeed, restage } from './write-feed.ts'

const USAGE = `npm run release -- --dry-run [options]      what can be built without fetching tools, and a feed of it
npm run release -- [options]                this system's installers, signed, and the feed of them
npm run release -- --restage PERCENT --out DIR   signs the feeds in DIR anew, for another share of the fleet
npm run release -- --new-key ID --key-file FILE  makes a key for updates; prints its public half

  --version X.Y.Z           in place of package.json's
  --channel stable|beta     default stable
  --stage PERCENT           share of the fleet that it is for at first; default 5
  --not-before TIME         nobody installs it sooner, such as 2026-12-01T03:00:00Z
  --minimum-version X.Y.Z   whatever is older has to update without waiting for its turn
  --out DIR                 default dist/feed

Variables: HEARD_RELEASE_FEED (where installed kiosks find the feed: an address, or the JSON of a source),
HEARD_UPDATE_KEY_FILE, HEARD_UPDATE_KEY_ID, HEARD_UPDATE_KEY_PASSPHRASE; for signing see docs/releasing.md.`

/** So few that a bad release is noticed by somebody before it is everybody's. */
const FIRST_STAGE_PERCENT = 5

export type ReleaseOptions = {
  version: string
  channel: Channel
  stagingPercentage: number
  notBefore: string | null
  minimumVersion: string | null
  /** The feed's folder. */
  out: string
}

export type Released = {
  version: string
  channel: Channel
  feed: string
  /** In the order in which they are to be published. */
  publish: string[]
  isDryRun: boolean
  /** The folder that is in the archive. */
  unpacked: string | null
}

const manifestVersion = async (): Promise<string> =>
  z
    .object({ version: versionSchema })
    .parse(JSON.parse(await readFile(fromProject('package.json'), 'utf8'))).version

/**
 * A Linux archive from the Electron of this machine, and the feed of it. Signed with `key`, whose public half the
 * build carries.
 */
export const dryRun = async (
  options: ReleaseOptions,
  key: SigningKey,
  source: FeedSource,
  work: string
): Promise<Released> => {
  const updates: BuildSettings = { feed: source, channel: options.channel, keys: [key.public] }
  const made = await packageLinux({
    flavour: 'checks',
    outFolder: work,
    version: options.version,
    archive: true,
    updates
  })
  if (made.archive === null) throw new Error('No archive was made.')
  const published = await addReleaseToFeed(
    options,
    'linux',
    archOfThisMachine(),
    [made.archive],
    [key]
  )
  return {
    version: options.version,
    channel: options.channel,
    feed: options.out,
    publish: published,
    isDryRun: true,
    unpacked: made.folder
  }
}

const archOfThisMachine = (): 'x64' | 'arm64' => {
  const { arch } = process
  if (arch === 'x64' || arch === 'arm64') return arch
  throw new CommandError(`Heard is not built for ${arch}.`)
}

/** Describes, signs and publishes a release of one system. @returns the files in the order of publication */
export const addReleaseToFeed = async (
  options: ReleaseOptions,
  platform: Platform,
  arch: 'x64' | 'arm64',
  artifacts: readonly string[],
  keys: readonly SigningKey[]
): Promise<string[]> => {
  const { version, channel, stagingPercentage, notBefore, minimumVersion, out } = options
  const feed = await describeFeed({
    version,
    channel,
    platform,
    arch,
    artifacts,
    stagingPercentage,
    notBefore,
    minimumVersion,
    signedAtMs: Date.now()
  })
  // Artifacts first, the feed last: nobody is told of a file that is not there.
  return [
    ...(await publishArtifacts(out, feed, artifacts, keys)),
    ...(await publishFeed(out, feed, keys))
  ]
}

const ARTIFACT_ENDINGS: Record<Platform, readonly string[]> = {
  linux: ['.AppImage', '.deb'],
  win32: ['.exe'],
  darwin: ['.zip']
}

/** This system's installers, signed. @throws CommandError when something that a release needs is missing */
const release = async (
  options: ReleaseOptions,
  key: SigningKey,
  source: FeedSource,
  work: string
): Promise<Released> => {
  const platform = (['linux', 'win32', 'darwin'] as const).find((name) => name === process.platform)
  if (platform === undefined) throw new CommandError(`Heard is not built for ${process.platform}.`)
  const windowsSigning = readWindowsSigning(process.env)
  if (platform === 'win32' && windowsSigning === null) {
    throw new CommandError('A Windows release needs a certificate: docs/releasing.md, "Signing".')
  }
  const updates = buildSettingsSchema.parse({
    feed: source,
    channel: options.channel,
    keys: publicKeys()
  })
  const address = feedAddress(source)?.baseUrl ?? ''
  await ensureBuilt()
  rmSync(work, { recursive: true, force: true })
  // Loaded only where something is packed: it takes longer than everything else that this command may have to say.
  const { build } = await import('electron-builder')
  await build({
    projectDir: PROJECT_DIR,
    config: electronBuilderConfig({
      flavour: 'release',
      electron: { version: pinnedElectron(), distFolder: null },
      outFolder: work,
      version: options.version,
      windowsSigning,
      publish: { provider: 'generic', url: address },
      updates,
      afterPack: afterPack('release', say)
    }),
    publish: 'never'
  })
  if (platform === 'win32') await assertPublisher(join(work, 'win-unpacked'))
  const made = (await readdir(work)).filter((name) =>
    ARTIFACT_ENDINGS[platform].some((ending) => name.endsWith(ending))
  )
  const publish: string[] = []
  for (const arch of ['x64', 'arm64'] as const) {
    const own = made.filter((name) => isForArch(name, arch)).map((name) => join(work, name))
    if (own.length > 0)
      publish.push(...(await addReleaseToFeed(options, platform, arch, own, [key])))
  }
  if (publish.length === 0) throw new CommandError(`electron-builder left no installer in ${work}.`)
  return {
    version: options.version,
    channel: options.channel,
    feed: options.out,
    publish,
    isDryRun: false,
    unpacked: null
  }
}

/** A Mac's zip is for both processors. */
const isForArch = (name: string, arch: 'x64' | 'arm64'): boolean =>
  name.includes('universal') || name.includes('arm64') === (arch === 'arm64')

/**
 * Without a publisher in it electron-updater runs whatever it downloads.
 * @param unpacked the folder with the program, before it was made an installer
 * @throws CommandError when `app-update.yml` names none, or not the whole of its name
 */
export const assertPublisher = async (unpacked: string): Promise<void> => {
  const path = join(unpacked, 'resources', 'app-update.yml')
  const names = publisherNames(await readFile(path, 'utf8'))
  if (names.length > 0 && names.every(isDistinguishedName)) return
  throw new CommandError(
    `${path} names ${names.join('; ') || 'no publisher'}: it needs the whole distinguished name of the certificate.`
  )
}

/** Signs every feed in a folder anew. */
export const restageFolder = async (
  folder: string,
  stagingPercentage: number,
  key: SigningKey
): Promise<string[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yml'))
  const publish: string[] = []
  for (const name of names) {
    const feed = feedSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
    publish.push(
      ...(await publishFeed(folder, restage(feed, stagingPercentage, Date.now()), [key]))
    )
  }
  if (publish.length === 0) throw new CommandError(`There is no feed in ${folder}.`)
  return publish
}

/** What a dry run cannot do, said so that nobody takes it for a release. */
const stillNeeded = (): string[] => [
  ...(publicKeys().length === 0
    ? [
        'a key for updates: npm run release -- --new-key ID --key-file FILE, its public half in build/update-keys.json'
      ]
    : []),
  ...(process.env.HEARD_UPDATE_KEY_FILE === undefined
    ? ['HEARD_UPDATE_KEY_FILE and HEARD_UPDATE_KEY_ID']
    : []),
  ...(process.env.HEARD_RELEASE_FEED === undefined
    ? ['HEARD_RELEASE_FEED: where installed kiosks find the feed']
    : []),
  'Windows: a machine with Windows, and Azure Trusted Signing (HEARD_AZURE_…) or a certificate (HEARD_CERTIFICATE_SHA1), for the NSIS installer and the MSI',
  'macOS: a Mac with a Developer ID certificate and an account for notarisation, for the dmg and the zip',
  `Linux: the tools that electron-builder fetches for AppImage and deb, and Electron ${pinnedElectron()}`
]

const readSource = (text: string): FeedSource => {
  const value: unknown = text.startsWith('{')
    ? JSON.parse(text)
    : { provider: 'generic', url: text }
  const parsed = feedSourceSchema.safeParse(value)
  if (!parsed.success || feedAddress(parsed.data) === null) {
    throw new CommandError(
      'HEARD_RELEASE_FEED is neither an https:// address nor the JSON of a source.'
    )
  }
  return parsed.data
}

const readVersion = (text: string): string => {
  const parsed = versionSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new CommandError(`"${text}" is no version such as 1.2.3 or 1.2.3-beta.1.`)
}

/** A moment as `Date` writes it; other ways to write one leave open which it is. */
const readMoment = (text: string): string => {
  const parsed = z.iso.datetime().safeParse(text)
  if (parsed.success) return parsed.data
  throw new CommandError(`"${text}" is no moment such as 2026-12-01T03:00:00Z.`)
}

const readPercent = (text: string): number => {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (value >= 0 && value <= 100) return value
  throw new CommandError(`"${text}" is no share from 0 to 100.`)
}

const sayWhatToDo = (released: Released): void => {
  const lines = [
    '',
    `Heard ${released.version} (${released.channel}) is in ${released.feed}. To be published in this order:`,
    ...released.publish.map((path, index) => `  ${index + 1}. ${basename(path)}`),
    ...(released.isDryRun
      ? ['', 'A real release still needs:', ...stillNeeded().map((need) => `  - ${need}`)]
      : [])
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
}

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      version: { type: 'string' },
      channel: { type: 'string', default: 'stable' },
      stage: { type: 'string', default: String(FIRST_STAGE_PERCENT) },
      'not-before': { type: 'string' },
      'minimum-version': { type: 'string' },
      out: { type: 'string', default: fromProject('dist', 'feed') },
      restage: { type: 'string' },
      'new-key': { type: 'string' },
      'key-file': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const channel = CHANNELS.find((name) => name === values.channel)
  if (values.help || channel === undefined) {
    process.stdout.write(`${USAGE}\n`)
    return values.help ? 0 : 64
  }
  if (values['new-key'] !== undefined) return newKey(values['new-key'], values['key-file'])
  if (values.restage !== undefined) {
    const percent = readPercent(values.restage)
    const key = signingKeyOf(process.env)
    if (key === null)
      throw new CommandError('Signing needs HEARD_UPDATE_KEY_FILE and HEARD_UPDATE_KEY_ID.')
    process.stdout.write(
      `${JSON.stringify({ publish: await restageFolder(values.out, percent, key) })}\n`
    )
    return 0
  }
  const options: ReleaseOptions = {
    version: values.version === undefined ? await manifestVersion() : readVersion(values.version),
    channel,
    stagingPercentage: readPercent(values.stage),
    notBefore: values['not-before'] === undefined ? null : readMoment(values['not-before']),
    minimumVersion:
      values['minimum-version'] === undefined ? null : readVersion(values['minimum-version']),
    out: values.out
  }
  // Not the folder of npm run package: what is there may be in use.
  const work = fromProject('dist', values['dry-run'] ? 'dry-run' : 'installers')
  const feedVariable = process.env.HEARD_RELEASE_FEED
  if (values['dry-run']) {
    const key = signingKeyOf(process.env) ?? (await createTestSigningKey(work))
    const source = feedVariable === undefined ? CHECKS_FEED : readSource(feedVariable)
    const released = await dryRun(options, key, source, work)
    sayWhatToDo(released)
    process.stdout.write(`${JSON.stringify(released)}\n`)
    return 0
  }
  const key = signingKeyOf(process.env)
  if (key === null || feedVariable === undefined) {
    throw new CommandError(
      `A release still needs:\n${stillNeeded()
        .map((need) => `  - ${need}`)
        .join('\n')}`
    )
  }
  const released = await release(options, key, readSource(feedVariable), work)
  sayWhatToDo(released)
  process.stdout.write(`${JSON.stringify(released)}\n`)
  return 0
}

const newKey = (id: string, path: string | undefined): number => {
  if (path === undefined)
    throw new CommandError('--new-key needs --key-file FILE, a place that only you can read.')
  const { public: publicKey } = createSigningKey(id, path)
  process.stdout.write(`${JSON.stringify(publicKey)}\n`)
  return 0
}

if (import.meta.main) await runCommand(main)
