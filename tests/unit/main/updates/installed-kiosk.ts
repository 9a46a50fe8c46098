// A kiosk that was installed from an archive, with everything of its updates that is real in Node: electron-updater,
// HTTP, tar, the link. Only the end of the process is a note that it was asked for.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  archiveInstallation,
  currentVersion
} from '../../../../src/main/updates/archive-installation.ts'
import { evaluateBoot } from '../../../../src/main/updates/boot-health.ts'
import type { Channel } from '../../../../src/main/updates/feed-document.ts'
import type { FeedAddress } from '../../../../src/main/updates/feed-source.ts'
import { createReleaseInstaller } from '../../../../src/main/updates/release-installer.ts'
import { type PublicKeyText, readTrustedKeys } from '../../../../src/main/updates/signature.ts'
import {
  DEFAULT_UPDATE_POLICY,
  type UpdatePolicy
} from '../../../../src/main/updates/update-policy.ts'
import {
  createUpdateStateFile,
  type UpdateStateFile
} from '../../../../src/main/updates/update-state.ts'
import { createUpdates, type Updates } from '../../../../src/main/updates/updates.ts'
import type { FakeClock } from '../fake-clock.ts'
import { createRecordingLog, type RecordingLog } from '../recording-log.ts'

export type StartedVersion = {
  updates: Updates
  log: RecordingLog
  restarts(): number
  /** Whether it waits for the feed or for a program, which the test's clock knows nothing of. */
  isBusy(): boolean
}

export type InstalledKiosk = {
  root: string
  updateStateFile: UpdateStateFile
  /** What the link starts, by running it. */
  runs(): string
  versions(): string[]
  /** Starts a version as the link has it: counts the start, then goes on. */
  start(changes?: Partial<StartPlan>): StartedVersion
  remove(): void
}

type StartPlan = {
  address: FeedAddress
  keys: readonly PublicKeyText[]
  policy: Partial<UpdatePolicy>
  channel: Channel
  isReportOnly: boolean
  random: () => number
  /** What comes of the limits that are in real time; default: never reached. */
  timeout: (ms: number) => AbortSignal
}

export const installKiosk = (
  version: string,
  clock: FakeClock,
  plan: Pick<StartPlan, 'address' | 'keys'>
): InstalledKiosk => {
  const folder = mkdtempSync(join(tmpdir(), 'heard-installed-'))
  const root = join(folder, 'heard')
  mkdirSync(join(root, 'versions', version), { recursive: true })
  writeFileSync(join(root, 'versions', version, 'heard'), `#!/bin/sh\necho ${version}\n`, {
    mode: 0o755
  })
  symlinkSync(join('versions', version), join(root, 'current'))
  const data = join(folder, 'data')
  mkdirSync(data)
  const updateStateFile = createUpdateStateFile(join(data, 'memory.json'), clock)
  const started: Updates[] = []

  return {
    root,
    updateStateFile,
    runs: () => execFileSync(join(root, 'current', 'heard'), { encoding: 'utf8' }).trim(),
    versions: () => readdirSync(join(root, 'versions')).sort(),
    start: (changes = {}) => {
      const {
        address,
        keys,
        policy,
        channel = 'stable',
        isReportOnly = false,
        random = () => 0,
        timeout = () => new AbortController().signal
      } = { ...plan, ...changes }
      const running =
        currentVersion(archiveInstallation(join(root, 'versions', 'x', 'heard'))) ?? ''
      const log = createRecordingLog()
      let restarts = 0
      let underWay = 0
      const counted =
        <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
        async (...args: A): Promise<R> => {
          underWay += 1
          try {
            return await run(...args)
          } finally {
            underWay -= 1
          }
        }
      /** Under way until the body is: `fetch` alone is done when the head of the answer is there. */
      const fetchToTheEnd: typeof fetch = async (...args) => {
        underWay += 1
        try {
          return whenRead(await fetch(...args), () => {
            underWay -= 1
          })
        } catch (error) {
          underWay -= 1
          throw error
        }
      }
      const judged = evaluateBoot(updateStateFile.read().memory, running, clock.nowMs())
      updateStateFile.write(judged.memory)
      const trusted = readTrustedKeys(keys)
      const config = join(data, 'library.yml')
      if (!existsSync(config))
        writeFileSync(config, JSON.stringify({ updaterCacheDirName: 'library' }))
      const updater = createReleaseInstaller({
        kind: 'archive',
        address,
        keys: trusted,
        app: {
          version: running,
          name: 'Heard',
          isPackaged: true,
          appUpdateConfigPath: config,
          userDataPath: data,
          baseCachePath: data,
          whenReady: async () => {},
          relaunch: () => {},
          quit: () => {},
          onQuit: () => {}
        },
        fetch,
        timeout,
        log,
        folder: data,
        runningVersion: running,
        execPath: join(root, 'versions', running, 'heard'),
        appImage: undefined,
        packedConfig: null,
        relaunch: () => {
          restarts += 1
        },
        quit: () => {}
      })
      const updates = createUpdates({
        runningVersion: running,
        channel,
        platform: 'linux',
        arch: 'x64',
        packageKind: 'archive',
        isReportOnly,
        policy: { ...DEFAULT_UPDATE_POLICY, timeZone: 'UTC', ...policy },
        address,
        keys: trusted,
        updateStateFile,
        updater: {
          ...updater,
          prepare: counted(updater.prepare),
          install: counted(updater.install)
        },
        fetch: fetchToTheEnd,
        timeout,
        clock,
        random,
        log
      })
      started.push(updates)
      updates.start()
      return { updates, log, restarts: () => restarts, isBusy: () => underWay > 0 }
    },
    remove: () => {
      for (const updates of started) void updates.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** The same answer; `ended` is called, once, when its body was read, broke off or was given up. */
const whenRead = (response: Response, ended: () => void): Response => {
  if (response.body === null) {
    ended()
    return response
  }
  const reader = response.body.getReader()
  let isGivenUp = false
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read()
        if (isGivenUp) return
        if (!done) return controller.enqueue(value)
        controller.close()
      } catch (error) {
        if (isGivenUp) return
        controller.error(error)
      }
      ended()
    },
    cancel: async (reason) => {
      isGivenUp = true
      ended()
      await reader.cancel(reason)
    }
  })
  return new Response(body, { status: response.status, headers: response.headers })
}
