// One local stack for all end-to-end tests, in a folder of its own that starts empty.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from '../../../local/build.ts'
import { openStack } from '../../../local/stack.ts'

/** How the workers, which are processes of their own, learn where it is. */
export const STACK_VARIABLE = 'HEARD_TEST_STACK'

/** The data folder in which a command finds this stack already up. */
export const DATA_DIR_VARIABLE = 'HEARD_TEST_DATA_DIR'

const startLocalStack = async (): Promise<() => Promise<void>> => {
  await ensureBuilt()
  const dataDir = await mkdtemp(join(tmpdir(), 'heard-e2e-'))
  const stack = await openStack({ dataDir: join(dataDir, 'stack'), onLine: () => {} })
  const { ours: _, close, ...address } = stack
  process.env[STACK_VARIABLE] = JSON.stringify(address)
  process.env[DATA_DIR_VARIABLE] = dataDir
  return async () => {
    await close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

// Playwright calls a global set-up by its default export.
export default startLocalStack
