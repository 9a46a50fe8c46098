// Installs a kiosk from an archive with real electron-updater, HTTP, tar and link. Restarts are counted, not done.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
import { appAdapter, installerPorts } from './installer-ports.ts'

export type StartedVersion = {
  updates: Updates
  log: RecordingLog
  restarts(): number
  /** Of the same version, so that its start rolls back. */
  relaunches(): number
  /** True while it waits for the feed or a program, which the test's clock does not control. */
  isBusy(): boolean
}

export type InstalledKiosk = {
  root: string
  updateStateFile: UpdateStateFile
  /** Runs the link's program. @returns its version */
  runs(): string
  versions(): string[]
  /** Counts a start of the linked version, then starts it. */
  start(changes?: Partial<StartPlan>): StartedVersion
  remove(): void
}

type StartPlan = {
  address: FeedAddress
  keys: readonly PublicKeyText[]
  channel: Channel
  isReportOnly: boolean
  policy: Partial<UpdatePolicy>
  /** Real-time limits; default: none. */
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
        channel = 'stable',
        isReportOnly = false,
        policy = {},
        timeout = () => new AbortController().signal
      } = { ...plan, ...changes }
      const running =
        currentVersion(archiveInstallation(join(root, 'versions', 'x', 'heard'))) ?? ''
      const log = createRecordingLog()
      let restarts = 0
      let relaunches = 0
      let pending = 0
      const counted =
        <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
        async (...args: A): Promise<R> => {
          pending += 1
          try {
            return await run(...args)
          } finally {
            pending -= 1
          }
        }
      /** Pending until the body ends: `fetch` resolves with the headers. */
      const fetchToTheEnd: typeof fetch = async (...args) => {
        pending += 1
        try {
          return whenRead(await fetch(...args), () => {
            pending -= 1
          })
        } catch (error) {
          pending -= 1
          throw error
        }
      }
      const boot = evaluateBoot(updateStateFile.read().state, running, clock.nowMs())
      updateStateFile.write(boot.state)
      const trusted = readTrustedKeys(keys)
      const updater = createReleaseInstaller(
        installerPorts(data, {
          kind: 'archive',
          address,
          keys: trusted,
          app: appAdapter(data, { version: running }),
          timeout,
          log,
          runningVersion: running,
          execPath: join(root, 'versions', running, 'heard'),
          relaunch: () => {
            restarts += 1
          }
        })
      )
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
        relaunch: () => {
          relaunches += 1
        },
        fetch: fetchToTheEnd,
        timeout,
        clock,
        random: () => 0,
        log
      })
      started.push(updates)
      updates.start()
      return {
        updates,
        log,
        restarts: () => restarts,
        relaunches: () => relaunches,
        isBusy: () => pending > 0
      }
    },
    remove: () => {
      for (const updates of started) void updates.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Copies a response; calls `ended` once, when its body was read, failed or was cancelled. */
const whenRead = (response: Response, ended: () => void): Response => {
  if (response.body === null) {
    ended()
    return response
  }
  const reader = response.body.getReader()
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read()
        if (isCancelled) return
        if (!done) return controller.enqueue(value)
        controller.close()
      } catch (error) {
        if (isCancelled) return
        controller.error(error)
      }
      ended()
    },
    cancel: async (reason) => {
      isCancelled = true
      ended()
      await reader.cancel(reason)
    }
  })
  return new Response(body, { status: response.status, headers: response.headers })
}
