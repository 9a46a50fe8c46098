// Keeps crash dumps in `crashes/` of the data folder. Nothing is uploaded: IT gives them to support.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { App, CrashReporter } from 'electron'

/** A crash loop must not fill the disk: a dump has 0.3 to 5 MB. */
const DUMPS_LIMIT = 10

/** Call it once the data folder is known, before a window opens. */
export const keepCrashDumps = (
  app: Pick<App, 'setPath'>,
  reporter: Pick<CrashReporter, 'start'>,
  userData: string
): void => {
  const folder = join(userData, 'crashes')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  removeOldDumps(folder)
  app.setPath('crashDumps', folder)
  // A core dump of the system would hold all of main's memory, with its tokens; a minidump holds the stacks.
  reporter.start({ uploadToServer: false, ignoreSystemCrashHandler: true })
}

/** Crashpad's subfolders differ by system. */
const removeOldDumps = (folder: string): void => {
  const dumps = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.dmp'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, atMs: statSync(path).mtimeMs }))
    .sort((a, b) => b.atMs - a.atMs)
  for (const { path } of dumps.slice(DUMPS_LIMIT)) {
    rmSync(path)
    rmSync(path.replace(/\.dmp$/, '.meta'), { force: true })
  }
}
