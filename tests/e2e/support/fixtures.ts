// The fixtures of every end-to-end test: its shell, its local stack, and kiosks that close at its end.
import { existsSync } from 'node:fs'
import { test as base } from '@playwright/test'
import { executableIn, packagesFolder, unpackedFolder } from '../../../build/package-folders.ts'
import {
  type KioskDriver,
  type KioskLaunchOptions,
  launchKiosk,
  type ShellName
} from '../../../dev/drive/launch-kiosk.ts'
import { findElectron } from '../../../dev/electron-binary.ts'
import {
  findChromium,
  findEspeak,
  installCommand,
  TOOLS,
  type Tool
} from '../../../dev/external-tools.ts'
import type { LocalAccount, StackAddress } from '../../../dev/local-stack.ts'
import { acquireStack } from './local-stack.ts'
import { Restaurant } from './restaurant.ts'
import { injectFaults, setNetwork } from './stand-in-control.ts'

export type ShellOptions = {
  shell: ShellName
  /** `websocket`: the network blocks UDP, and the kiosk is set not to try WebRTC. */
  path: 'auto' | 'websocket'
}

type SpeechOptions = {
  /** `brief`: speaks only the first words of an answer, for tests that read it. */
  answers: 'brief' | 'whole'
}

type OpenPlan = Partial<Omit<KioskLaunchOptions, 'shell' | 'target'>> & {
  /** null: signed out. Default: the sample restaurant's kiosk. */
  account?: LocalAccount | null
  /** Another address of the same backend or model, such as a TCP proxy's. */
  supabaseUrl?: string
  openaiUrl?: string
}

type Fixtures = {
  open: (plan?: OpenPlan) => Promise<KioskDriver>
  /** The sample restaurant. */
  restaurant: Restaurant
  failureNoted: undefined
}

/** Two stacks that start at once on two cores. */
const STACK_LIMIT_MS = 180_000

type WorkerFixtures = ShellOptions & { stack: StackAddress }

/** A test of this worker failed: the state of its stack is unknown. */
let hasFailed = false

const howToGet = (name: Tool['name']): string =>
  `sudo ${installCommand(TOOLS.filter((tool) => tool.name === name))}`

/** The reason that this shell cannot run here, or null. */
const missingPart = async (shell: ShellName): Promise<string | null> => {
  if (findEspeak() === null) return `The local model has no voice: ${howToGet('espeak-ng')}`
  switch (shell) {
    case 'electron': {
      const binary = await findElectron()
      return binary.path === null ? binary.reason : null
    }
    case 'packaged':
      return existsSync(executableIn(unpackedFolder(packagesFolder('checks'))))
        ? null
        : 'There is no packaged kiosk: npm run package'
    case 'preview':
      return findChromium() === null ? `Chromium is missing: ${howToGet('chromium')}` : null
  }
}

export const firstAccount = (stack: StackAddress): LocalAccount => {
  const [account] = stack.accounts
  if (account === undefined) throw new Error('the local stack has no account')
  return account
}

export const test = base.extend<Fixtures & SpeechOptions, WorkerFixtures>({
  answers: ['brief', { option: true }],

  shell: ['preview', { scope: 'worker', option: true }],
  path: ['auto', { scope: 'worker', option: true }],

  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs off this pattern
    async ({}, use, workerInfo) => {
      const { giveBack, ...address } = await acquireStack(workerInfo.parallelIndex)
      await use(address)
      await giveBack(!hasFailed)
    },
    { scope: 'worker', timeout: STACK_LIMIT_MS }
  ],

  restaurant: async ({ stack }, use) => {
    const restaurant = new Restaurant(stack, firstAccount(stack).groupId)
    await use(restaurant)
    await restaurant.restore()
  },

  failureNoted: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs off this pattern
    async ({}, use, testInfo) => {
      await use(undefined)
      if (testInfo.status !== testInfo.expectedStatus) hasFailed = true
    },
    { auto: true }
  ],

  open: async ({ shell, path, stack, answers }, use, testInfo) => {
    const missing = await missingPart(shell)
    test.skip(missing !== null, missing ?? '')
    await injectFaults(stack, { brief: answers === 'brief' })
    // No sound of these tests can come another way.
    if (path === 'websocket') await setNetwork(stack, 'blocked', 1)
    const kiosks: KioskDriver[] = []
    await use(async (plan = {}) => {
      const { account = firstAccount(stack), supabaseUrl, openaiUrl, env, ...rest } = plan
      const kiosk = await launchKiosk({
        microphone: null,
        ...rest,
        shell,
        env: { ...(path === 'websocket' ? { HEARD_CALL_PATH: 'websocket' } : {}), ...env },
        target: {
          kind: 'local',
          stack: {
            ...stack,
            supabaseUrl: supabaseUrl ?? stack.supabaseUrl,
            openaiUrl: openaiUrl ?? stack.openaiUrl
          },
          account
        }
      })
      kiosks.push(kiosk)
      return kiosk
    })
    for (const [index, kiosk] of kiosks.entries()) {
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach(`log-${index}`, {
          body: (await kiosk.log()).map((line) => JSON.stringify(line)).join('\n'),
          contentType: 'text/plain'
        })
        // A page that crashed gives no screenshot; the log is attached all the same.
        const path = testInfo.outputPath(`kiosk-${index}.png`)
        await kiosk.page.screenshot({ path }).catch(() => null)
      }
      await kiosk.close()
    }
    if (path === 'websocket') await setNetwork(stack, null, 1)
  }
})

export const expect = test.expect
