// The first thing of every start: counts it, and takes a version that did not start three times back to the last
// good one. It imports little and fails silently, because it has to work where nothing else of a version does.
import { app } from 'electron'
import { systemClock } from '../clock.ts'
import { evaluateBoot } from '../updates/boot-health.ts'
import { readBuildSettings } from '../updates/build-settings.ts'
import { rollBackVersion } from '../updates/rollback.ts'
import { readTrustedKeys } from '../updates/signature.ts'
import { createUpdateStateFile } from '../updates/update-state.ts'
import { readInstallation } from './installation.ts'
import { relaunch } from './relaunch.ts'
import { updateStatePath, updatesFolder } from './update-folders.ts'

/** @returns whether this version is to go on starting */
export const shouldContinueBoot = async (): Promise<boolean> => {
  if (!app.isPackaged) return true
  try {
    const own = process.env.HEARD_USER_DATA
    if (own !== undefined && own !== '') app.setPath('userData', own)
    // A second kiosk beside a running one ends at once, and is no start.
    if (!app.requestSingleInstanceLock()) return true
    return await evaluateThisBoot(app.getPath('userData'))
  } catch (error) {
    // A disk that cannot be written, say: the kiosk is asked for all the same.
    process.stderr.write(`The start could not be counted: ${String(error)}\n`)
    return true
  }
}

const evaluateThisBoot = async (userData: string): Promise<boolean> => {
  const file = createUpdateStateFile(updateStatePath(userData), systemClock)
  const { memory: before, lost } = file.read()
  // updates.ts begins anew, and says so.
  if (lost !== null) return true
  const { memory, action } = evaluateBoot(before, app.getVersion(), systemClock.nowMs())
  if (memory !== before) file.write(memory)
  const { install } = memory
  if (action === 'go_on' || install === null) return true
  const installation = readInstallation()
  if (installation.kind === null) return true
  try {
    const way = await rollBackVersion({
      kind: installation.kind,
      version: install.fromVersion,
      execPath: process.execPath,
      appImage: process.env.APPIMAGE,
      folder: updatesFolder(userData),
      keys: readTrustedKeys(readBuildSettings(app.getAppPath())?.keys ?? [])
    })
    file.write({ ...memory, install: { ...install, outcome: 'rolled_back' }, unprovenStarts: 0 })
    process.stderr.write(`${install.version} did not start; back to ${install.fromVersion}.\n`)
    if (way !== 'installer') relaunch(app, way.relaunch, process.env)
    return false
  } catch (error) {
    file.write({
      ...memory,
      install: { ...install, outcome: 'not_rolled_back' },
      unprovenStarts: 0
    })
    process.stderr.write(
      `${install.version} does not start, and there is no way back: ${String(error)}\n`
    )
    return true
  }
}
