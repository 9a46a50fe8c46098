// `npm run release`: makes packages, a feed and their signatures, and prints the order of publication. Uploads
// nothing (docs/releasing.md).
import { rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ensureBuilt } from '../dev/ensure-built.ts'
import { fromProject, PROJECT_DIR } from '../dev/paths.ts'
import { CommandError, runCommand, say } from '../dev/run-command.ts'
import { buildSettingsSchema } from '../src/main/updates/build-settings.ts'
import {
  CHANNELS,
  feedSchema,
  PLATFORMS,
  type Platform,
  versionSchema
} from '../src/main/updates/feed-document.ts'
import { type FeedSource, feedAddress, feedSourceSchema } from '../src/main/updates/feed-source.ts'
import { isDistinguishedName, publisherNames } from '../src/main/updates/publisher.ts'
import { afterPack } from './after-pack.ts'
import {
  billOfMaterials,
  type ShippedPackage,
  shippedPackages,
  thirdPartyNotices
} from './bill-of-materials.ts'
import { electronBuilderConfig } from './electron-builder-config.ts'
import { CHECKS_FEED, manifest, packageLinux, pinnedElectron } from './package.ts'
import {
  createSigningKey,
  createTestSigningKey,
  publicKeys,
  type SigningKey,
  signingKeyOf
} from './update-keys.ts'
import { readWindowsSigning } from './windows-signing.ts'
import {
  describeFeed,
  type FeedPlan,
  publishArtifacts,
  publishDocument,
  publishFeed,
  restage
} from './write-feed.ts'

/** Small, so that a bad release is noticed before it reaches the fleet. */
const FIRST_STAGE_PERCENT = 5

const USAGE = `npm run release -- --dry-run [options]      what can be built without fetching tools, and a feed of it
npm run release -- [options]                this system's installers, signed, and the feed of them
npm run release -- --restage PERCENT --out DIR   signs the feeds in DIR again, for another share of the fleet
npm run release -- --new-key ID --key-file FILE  makes a key for updates; prints its public half

  --version X.Y.Z           in place of package.json's
  --channel stable|beta     default stable
  --stage PERCENT           first share of the fleet; default ${FIRST_STAGE_PERCENT}
  --not-before TIME         earliest installation, such as 2026-12-01T03:00:00Z
  --minimum-version X.Y.Z   older versions update without waiting for roll-out or window
  --out DIR                 default dist/feed

Variables: HEARD_RELEASE_FEED (the feed's address, or the JSON of a source), HEARD_UPDATE_KEY_FILE,
HEARD_UPDATE_KEY_ID, HEARD_UPDATE_KEY_PASSPHRASE; for signing see docs/releasing.md.`

export type ReleaseOptions = Pick<
  FeedPlan,
  'version' | 'channel' | 'stagingPercentage' | 'notBefore' | 'minimumVersion'
> & {
  /** The feed's folder. */
  out: string
}

type Released = {
  version: string
  channel: ReleaseOptions['channel']
  feed: string
  /** Files in the order of publication. */
  publish: string[]
  isDryRun: boolean
  /** The unpacked archive. */
  unpacked: string | null
}

type Arch = FeedPlan['arch']

/** Describes, signs and publishes a release of one system. @returns the files in the order of publication */
export const addReleaseToFeed = async (
  { out, ...options }: ReleaseOptions,
  platform: Platform,
  arch: Arch,
  artifacts: readonly string[],
  keys: readonly SigningKey[]
): Promise<string[]> => {
  const plan = { ...options, platform, arch, artifacts, signedAtMs: Date.now() }
  const feed = await describeFeed(plan)
  // The feed comes last, so that it names no file that is not published.
  return [
    ...(await publishArtifacts(out, feed, artifacts, keys)),
    ...(await publishFeed(out, feed, keys))
  ]
}

/** Writes and signs the bill of materials and the licences of a packed kiosk. */
export const addDocumentsToFeed = async (
  { out, version }: Pick<ReleaseOptions, 'out' | 'version'>,
  target: string,
  packages: readonly ShippedPackage[],
  electronVersion: string,
  keys: readonly SigningKey[]
): Promise<string[]> => {
  const bill = await billOfMaterials(packages, version, electronVersion)
  const name = `heard-${version}-${target}`
  return [
    ...(await publishDocument(out, `${name}.cdx.json`, bill, keys)),
    ...(await publishDocument(out, `${name}-notices.txt`, thirdPartyNotices(packages), keys))
  ]
}

/** A Linux archive of this machine's Electron, and its feed, signed with `key`. */
const dryRun = async (
  options: ReleaseOptions,
  key: SigningKey,
  source: FeedSource,
  work: string
): Promise<Released> => {
  const { version, channel, out } = options
  const { arch } = process
  if (arch !== 'x64' && arch !== 'arm64') throw new CommandError(`Heard is not built for ${arch}.`)
  const { archive, electron, folder } = await packageLinux({
    flavour: 'checks',
    outFolder: work,
    version,
    updates: { feed: source, channel, keys: [key.public] }
  })
  const packages = shippedPackages(join(folder, 'resources', 'app.asar'))
  const publish = [
    ...(await addDocumentsToFeed(options, `linux-${arch}`, packages, electron.version, [key])),
    ...(await addReleaseToFeed(options, 'linux', arch, [archive], [key]))
  ]
  return { version, channel, feed: out, publish, isDryRun: true, unpacked: folder }
}

const ARTIFACT_ENDINGS: Record<Platform, readonly string[]> = {
  linux: ['.AppImage', '.deb'],
  win32: ['.exe'],
  darwin: ['.zip']
}

/** This system's installers, signed. @throws CommandError when a part of the release is missing */
const release = async (
  options: ReleaseOptions,
  key: SigningKey,
  source: FeedSource,
  work: string
): Promise<Released> => {
  const { version, channel, out } = options
  const platform = PLATFORMS.find((name) => name === process.platform)
  if (platform === undefined) throw new CommandError(`Heard is not built for ${process.platform}.`)
  const windowsSigning = readWindowsSigning(process.env)
  if (platform === 'win32' && windowsSigning === null) {
    throw new CommandError('A Windows release needs a certificate: docs/releasing.md, "Signing".')
  }
  const updates = buildSettingsSchema.parse({ feed: source, channel, keys: publicKeys() })
  const address = feedAddress(source)?.baseUrl ?? ''
  await ensureBuilt()
  rmSync(work, { recursive: true, force: true })
  // Loaded late: electron-builder takes longer to load than every check above.
  const { build } = await import('electron-builder')
  let packages: readonly ShippedPackage[] = []
  await build({
    projectDir: PROJECT_DIR,
    config: electronBuilderConfig({
      flavour: 'release',
      electron: { version: pinnedElectron(), distFolder: null },
      outFolder: work,
      version,
      windowsSigning,
      publish: { provider: 'generic', url: address },
      updates,
      // The same for every processor.
      afterPack: afterPack('release', say, (found) => {
        packages = found
      })
    }),
    publish: 'never'
  })
  if (platform === 'win32') await assertPublisher(join(work, 'win-unpacked'))
  const artifacts = (await readdir(work)).filter((name) =>
    ARTIFACT_ENDINGS[platform].some((ending) => name.endsWith(ending))
  )
  const publish: string[] = []
  for (const arch of ['x64', 'arm64'] as const) {
    const own = artifacts.filter((name) => isForArch(name, arch)).map((name) => join(work, name))
    if (own.length === 0) continue
    publish.push(...(await addReleaseToFeed(options, platform, arch, own, [key])))
  }
  if (publish.length === 0) throw new CommandError(`electron-builder left no installer in ${work}.`)
  const target = `${platform}-${process.arch}`
  publish.unshift(...(await addDocumentsToFeed(options, target, packages, pinnedElectron(), [key])))
  return { version, channel, feed: out, publish, isDryRun: false, unpacked: null }
}

/** A Mac's zip is universal. */
const isForArch = (name: string, arch: Arch): boolean =>
  name.includes('universal') || name.includes('arm64') === (arch === 'arm64')

/**
 * Without a publisher, electron-updater checks no signature.
 * @param unpacked the program's folder before it becomes an installer
 * @throws CommandError when `app-update.yml` does not name the whole publisher
 */
export const assertPublisher = async (unpacked: string): Promise<void> => {
  const path = join(unpacked, 'resources', 'app-update.yml')
  const names = publisherNames(await readFile(path, 'utf8'))
  if (names.length > 0 && names.every(isDistinguishedName)) return
  throw new CommandError(
    `${path} names ${names.join('; ') || 'no publisher'}: it needs the whole distinguished name of the certificate.`
  )
}

/** Signs every feed in a folder again. */
const restageFolder = async (
  folder: string,
  stagingPercentage: number,
  key: SigningKey
): Promise<string[]> => {
  const publish: string[] = []
  for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.yml'))) {
    const feed = feedSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
    const restaged = restage(feed, stagingPercentage, Date.now())
    publish.push(...(await publishFeed(folder, restaged, [key])))
  }
  if (publish.length === 0) throw new CommandError(`There is no feed in ${folder}.`)
  return publish
}

/** The parts of a release that this machine and this environment lack. */
const stillNeeded = (): string => {
  const needs = [
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
    'Windows: a machine with Windows, and Azure Artifact Signing (HEARD_AZURE_…) or a certificate (HEARD_CERTIFICATE_SHA1), for the NSIS installer and the MSI',
    'macOS: a Mac with a Developer ID certificate and an account for notarisation, for the dmg and the zip',
    `Linux: the tools that electron-builder fetches for AppImage and deb, and Electron ${pinnedElectron()}`
  ]
  return needs.map((need) => `  - ${need}`).join('\n')
}

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

const readOption = <T>(schema: z.ZodType<T>, text: string, complaint: string): T => {
  const parsed = schema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new CommandError(`"${text}" is ${complaint}.`)
}
const readVersion = (text: string): string =>
  readOption(versionSchema, text, 'no version such as 1.2.3 or 1.2.3-beta.1')
/** Other spellings of a time leave the zone open. */
const readTime = (text: string): string =>
  readOption(z.iso.datetime(), text, 'no time such as 2026-12-01T03:00:00Z')
const readPercent = (text: string): number =>
  Number(readOption(z.string().regex(/^(100|\d{1,2})$/), text, 'no share from 0 to 100'))

const printJson = (value: unknown): number => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
  return 0
}

const printReleased = (released: Released): number => {
  const lines = [
    '',
    `Heard ${released.version} (${released.channel}) is in ${released.feed}. Publish in this order:`,
    ...released.publish.map((path, index) => `  ${index + 1}. ${basename(path)}`),
    ...(released.isDryRun ? ['', 'A real release still needs:', stillNeeded()] : [])
  ]
  process.stderr.write(`${lines.join('\n')}\n`)
  return printJson(released)
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
    return printJson({ publish: await restageFolder(values.out, percent, key) })
  }
  const { 'not-before': notBefore, 'minimum-version': minimumVersion } = values
  const options: ReleaseOptions = {
    version: readVersion(values.version ?? manifest().version),
    channel,
    stagingPercentage: readPercent(values.stage),
    notBefore: notBefore === undefined ? null : readTime(notBefore),
    minimumVersion: minimumVersion === undefined ? null : readVersion(minimumVersion),
    out: values.out
  }
  // Not the folder of npm run package, whose kiosk may be running.
  const work = fromProject('dist', values['dry-run'] ? 'dry-run' : 'installers')
  const feed = process.env.HEARD_RELEASE_FEED
  const key = signingKeyOf(process.env)
  if (values['dry-run']) {
    const source = feed === undefined ? CHECKS_FEED : readSource(feed)
    return printReleased(
      await dryRun(options, key ?? (await createTestSigningKey(work)), source, work)
    )
  }
  if (key === null || feed === undefined) {
    throw new CommandError(`A release still needs:\n${stillNeeded()}`)
  }
  return printReleased(await release(options, key, readSource(feed), work))
}

const newKey = (id: string, path: string | undefined): number => {
  if (path === undefined)
    throw new CommandError('--new-key needs --key-file FILE, a place that only you can read.')
  return printJson(createSigningKey(id, path).public)
}

if (import.meta.main) await runCommand(main)
