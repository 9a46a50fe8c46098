// Configures electron-updater: it downloads only the signed release, never downgrades, and never installs by itself.
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

/** @param executor makes all of its requests @param log gets its warnings and errors only */
export const createElectronUpdater = (
  kind: PackageKind,
  app: AppAdapter,
  executor: FeedHttpExecutor,
  log: Log
): AppUpdater => {
  const library = libraryFor(kind, app, executor)
  // Not in its types. Before setFeedURL, which passes it to the provider.
  Reflect.set(library, 'httpExecutor', executor)
  library.autoDownload = false
  library.autoInstallOnAppQuit = false
  library.disableWebInstaller = true
  library.allowPrerelease = true
  // `library.channel` is never assigned: that allows downgrades. `evaluate-release.ts` checks roll-out and channel
  // before the library gets a release.
  library.allowDowngrade = false
  library.isUserWithinRollout = () => true
  library.isUpdateSupported = () => true
  const firstLine = (text: unknown) => ({ text: String(text).split('\n')[0] })
  library.logger = {
    info: () => {},
    warn: (text) => log.warn('updates.electronUpdater', firstLine(text)),
    error: (text) => log.warn('updates.electronUpdater', firstLine(text))
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

/** Gives the library one evaluated release, so that it reads no feed itself. */
export const offerReleaseToUpdater = (
  library: AppUpdater,
  address: FeedAddress,
  release: Release
): void => {
  const file = release.artifact
  const { url, sha512 } = file
  const info: UpdateInfo = {
    version: release.version,
    files: [file],
    path: url,
    sha512,
    releaseDate: ''
  }
  class SignedRelease extends Provider<UpdateInfo> {
    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      // Not every host answers multi-range requests.
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

/** Downloads an unpacked build, a kind that electron-updater lacks. `archive-installation.ts` installs it. */
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
