// electron-updater, set so that its traps are shut: it downloads what was signed and nothing else, never goes back
// a version, and never installs by itself.
import {
  AppImageUpdater,
  type AppUpdater,
  BaseUpdater,
  DebUpdater,
  MacUpdater,
  NsisUpdater,
  Provider,
  type ResolvedUpdateFileInfo,
  type UpdateInfo
} from 'electron-updater'
import type { AppAdapter } from 'electron-updater/out/AppAdapter.js'
import type {
  DownloadExecutorResult,
  DownloadUpdateOptions
} from 'electron-updater/out/AppUpdater.js'
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js'
import type { Log } from '../log.ts'
import type { Release } from './evaluate-release.ts'
import type { FeedHttpExecutor } from './feed-http-executor.ts'
import type { FeedAddress } from './feed-source.ts'
import type { PackageKind } from './package-kind.ts'

export type { AppAdapter }

export type ElectronUpdater = AppUpdater

/**
 * @param executor the only way to the network that it gets
 * @param log gets its warnings; what it says otherwise is said better by what calls it
 */
export const createElectronUpdater = (
  kind: PackageKind,
  app: AppAdapter,
  executor: FeedHttpExecutor,
  log: Log
): ElectronUpdater => {
  const library = libraryFor(kind, app, executor)
  // Not in its types. Before setFeedURL, which hands it to the provider.
  Reflect.set(library, 'httpExecutor', executor)
  library.autoDownload = false
  library.autoInstallOnAppQuit = false
  library.disableWebInstaller = true
  library.allowPrerelease = true
  // Last, and never `library.channel`: assigning that allows downgrades. The channel is in the feed's name, and
  // the roll-out and the system's version are judged before the library hears of a release.
  library.allowDowngrade = false
  library.isUserWithinRollout = () => true
  library.isUpdateSupported = () => true
  const say = (text: unknown) => ({ text: String(text).split('\n')[0] })
  library.logger = {
    info: () => {},
    warn: (text) => log.warn('updates.electronUpdater', say(text)),
    error: (text) => log.warn('updates.electronUpdater', say(text))
  }
  return library
}

const libraryFor = (kind: PackageKind, app: AppAdapter, executor: FeedHttpExecutor): AppUpdater => {
  switch (kind) {
    case 'archive':
      return new ArchiveUpdater(app, executor)
    case 'appimage':
      return new AppImageUpdater(undefined, app)
    case 'deb':
      return new DebUpdater(null, app)
    case 'nsis':
      return new NsisUpdater(null, app)
    case 'squirrel':
      return new MacUpdater(undefined, app)
    default:
      return kind satisfies never
  }
}

/** Points the library at one release, whose feed was read and judged already: it asks nobody else for one. */
export const offerReleaseToUpdater = (
  library: ElectronUpdater,
  address: FeedAddress,
  release: Release
): void => {
  const { url, sha512, size, blockMapSize } = release.artifact
  const file = { url, sha512, size, ...(blockMapSize === undefined ? {} : { blockMapSize }) }
  const info: UpdateInfo = {
    version: release.version,
    files: [file],
    path: url,
    sha512,
    releaseDate: ''
  }
  class SignedRelease extends Provider<UpdateInfo> {
    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      // Not every host has answers in several parts.
      super({ ...runtime, isUseMultipleRangeRequest: false })
    }
    override getLatestVersion(): Promise<UpdateInfo> {
      return Promise.resolve(info)
    }
    override resolveFiles(): ResolvedUpdateFileInfo[] {
      return [{ url: new URL(url, address.baseUrl), info: file }]
    }
  }
  library.setFeedURL({ provider: 'custom', updateProvider: SignedRelease })
}

/** An unpacked build, which electron-updater does not know: downloaded like all others, installed by `archive.ts`. */
class ArchiveUpdater extends BaseUpdater {
  readonly #executor: FeedHttpExecutor
  constructor(app: AppAdapter, executor: FeedHttpExecutor) {
    super(null, app)
    this.#executor = executor
  }
  protected override doDownloadUpdate(
    downloadUpdateOptions: DownloadUpdateOptions
  ): Promise<DownloadExecutorResult> {
    const { info, provider } = downloadUpdateOptions.updateInfoAndProvider
    const [fileInfo] = provider.resolveFiles(info)
    if (fileInfo === undefined) throw new Error('The release has no file.')
    return this.executeDownload({
      fileExtension: 'tar.gz',
      fileInfo,
      downloadUpdateOptions,
      task: (destination, options) => this.#executor.download(fileInfo.url, destination, options)
    })
  }
  protected override doInstall(): boolean {
    return false
  }
}
