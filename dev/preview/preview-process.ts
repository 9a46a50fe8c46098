// Starts the preview shell's server as a child process.
import { z } from 'zod'
import { type ReadyChildProcess, startChildProcess } from '../child-process.ts'
import { fromProject } from '../paths.ts'

const readySchema = z.object({ ready: z.literal(true), url: z.url() })
const READY_MS = 30_000

/** @param env environment of the kiosk's main app, which runs in it. */
export const startPreview = (env: NodeJS.ProcessEnv): Promise<ReadyChildProcess<{ url: string }>> =>
  startChildProcess({
    name: 'The preview shell',
    script: fromProject('dev/preview/main.ts'),
    args: [],
    env,
    ready: readySchema,
    readyTimeoutMs: READY_MS
  })
