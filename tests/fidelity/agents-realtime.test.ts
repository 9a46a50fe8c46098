// Proves the stand-in with `@openai/agents-realtime`, unmodified, over WebRTC in a real Chromium.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeWav } from '../../dev/wav.ts'
import { setUpBrowser } from './chromium.ts'
import { hasTools } from './required-tools.ts'
import { CHICKEN_OUTPUT, setUpStandIn } from './stand-in.ts'

const isComplete = hasTools('chromium', 'espeak-ng')
let folder: string | undefined

/** The client's semantic turn detection is always on: the fake device's beep would interrupt every answer. */
const SILENT_MS = 60_000
const RATE_HZ = 48_000

const standIn = setUpStandIn(isComplete)
const browser = setUpBrowser(isComplete, async () => {
  folder = await mkdtemp(join(tmpdir(), 'heard-agents-'))
  const microphone = join(folder, 'silence.wav')
  const samples = new Int16Array((SILENT_MS * RATE_HZ) / 1_000)
  await writeFile(microphone, writeWav({ samples, rateHz: RATE_HZ }))
  return microphone
})

beforeAll(async () => {
  if (!isComplete) return
  const key = await standIn.mint({ type: 'realtime', model: 'gpt-realtime-2.1' })
  await browser.page.evaluate(
    async ([url, secret, output]) => {
      window.agents = window.fidelity.driveAgents(output)
      await window.agents.connect(url, secret)
    },
    [standIn.url, key, CHICKEN_OUTPUT] as const
  )
})
afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

test('connects, runs its tool once and speaks an answer from its output', async () => {
  await browser.page.evaluate(async () => {
    window.agents.ask('How hot does chicken have to be?')
    await window.agents.watch.until(({ event }) => event.type === 'output_audio_buffer.stopped')
  })
  const queries = await browser.page.evaluate(() => window.agents.queries)
  expect(queries).toContain('How hot does chicken have to be?')
  const history = await browser.page.evaluate(() => window.agents.history())
  expect(history.findLast(({ role }) => role === 'assistant')?.text).toContain('165 °F')
  expect(await browser.page.evaluate(() => window.agents.loudness()?.peak() ?? 0)).toBeGreaterThan(
    0.02
  )
  const usage = await browser.page.evaluate(() => window.agents.usage())
  expect(usage.input).toBeGreaterThan(0)
  expect(usage.output).toBeGreaterThan(0)
  expect(await browser.page.evaluate(() => window.agents.failures)).toEqual([])
})
