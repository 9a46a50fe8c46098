// Counts every start and every end with an error, and rolls back a version that failed three times. It imports little
// and never throws: it must work in a version where nothing else does.
import { app } from 'electron'
import { systemClock } from '../clock.ts'
import { evaluateBoot, withBootFailure } from '../updates/boot-health.ts'
import { readBuildSettings } from '../updates/build-settings.ts'
import { rollBackVersion } from '../updates/rollback.ts'
import { readTrustedKeys } from '../updates/signature.ts'
import { createUpdateStateFile, type UpdateStateFile } from '../updates/update-state.ts'
import { readInstallation } from './installation.ts'
import { relaunch } from './relaunch.ts'
import { updateStatePath, updatesFolder } from './update-folders.ts'

/** @returns false when this process must end: another version starts */
export const shouldContinueBoot = async (): Promise<boolean> => {
  if (!app.isPackaged) return true
  try {
    const own = process.env.HEARD_USER_DATA
    if (own !== undefined && own !== '') app.setPath('userData', own)
    // A second instance ends at once and does not count as a start.
    if (!app.requestSingleInstanceLock()) return true
    return await evaluateThisBoot(app.getPath('userData'))
  } catch (error) {
    // For example a read-only disk: the kiosk starts all the same.
    process.stderr.write(`The start could not be counted: ${String(error)}\n`)
    return true
  }
}

const evaluateThisBoot = async (userData: string): Promise<boolean> => {
  const file = createUpdateStateFile(updateStatePath(userData), systemClock)
  const { state: before, lost } = file.read()
  // `update-journal.ts` reports it.
  if (lost !== null) return true
  const { state, action } = evaluateBoot(before, app.getVersion(), systemClock.nowMs())
  if (state !== before) file.write(state)
  const { install } = state
  if (action === 'continue' || install === null) {
    recordFailedExit(file)
    return true
  }
  const installation = readInstallation()
  if (installation.kind === null) return true
  const finish = (outcome: 'rolled_back' | 'not_rolled_back', message: string) => {
    file.write({ ...state, install: { ...install, outcome }, unprovenStarts: 0, bootFailures: 0 })
    process.stderr.write(`${message}\n`)
  }
  try {
    const next = await rollBackVersion({
      kind: installation.kind,
      version: install.fromVersion,
      execPath: process.execPath,
      appImage: process.env.APPIMAGE,
      folder: updatesFolder(userData),
      keys: readTrustedKeys(readBuildSettings(app.getAppPath())?.keys ?? [])
    })
    finish('rolled_back', `${install.version} did not start; back to ${install.fromVersion}.`)
    if (next !== 'installer') relaunch(app, next.relaunch, process.env)
    return false
  } catch (error) {
    finish(
      'not_rolled_back',
      `${install.version} does not start and cannot be rolled back: ${String(error)}`
    )
    return true
  }
}

/** A power cut leaves no record; a version that does not start ends with a code other than 0. */
const recordFailedExit = (file: UpdateStateFile): void => {
  let isRecorded = false
  const record = (code: unknown) => {
    if (isRecorded || Number(code ?? 0) === 0) return
    isRecorded = true
    try {
      const { state, lost } = file.read()
      const next = withBootFailure(state)
      if (lost === null && next !== state) file.write(next)
    } catch {
      // For example a full disk: the process ends all the same.
    }
  }
  process.once('exit', record)
  // Before its message loop is ready, Electron's exit ends the process without an event.
  const exit = process.exit
  process.exit = (code) => {
    record(code ?? process.exitCode)
    return exit(code)
  }
}
