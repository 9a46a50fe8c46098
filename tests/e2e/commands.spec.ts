// The commands that the README names, run as a person runs them, against the stack that is already up.
import { readFile, stat } from 'node:fs/promises'
import type { Asked } from '../../dev/ask.ts'
import { readWav } from '../../dev/wav.ts'
import { lastLine, runNode } from './support/commands.ts'
import { expect, test } from './support/fixtures.ts'
import { skipWithoutSpeech } from './support/spoken-microphone.ts'

test.use({ answers: 'whole' })

/** The question, the silence around it, and what a busy machine adds. */
const HOLD_LIMIT_MS = 8_000

test('a spoken question asked from the command line is answered with everything measured', async ({
  // The fixture skips where the shell's parts are missing.
  open: _open,
  shell,
  stack
}, testInfo) => {
  skipWithoutSpeech(stack)
  // Its answer is whole in four seconds.
  const question = 'How do I cool rice?'

  const finished = await runNode('dev/ask.ts', [
    ...['--json', '--speak', '--shell', shell, '--out', testInfo.outputDir],
    question
  ])

  expect(finished.code, finished.stderr).toBe(0)
  const asked = lastLine(finished.stdout) as Asked
  expect(asked).toMatchObject({
    shell,
    input: 'speech',
    heard: question,
    found: true,
    searchedFor: { question, restated: question, sections: [] },
    unverifiedFigures: [],
    rendererRequests: 0,
    tokensInRenderer: 0
  })
  expect(asked.answer).toContain('sheet tray')
  expect(asked.citations[0]?.slug).toBe('cooling')
  expect(asked.states).toEqual(
    expect.arrayContaining(['connecting', 'connected', 'listening', 'processing', 'speaking'])
  )
  expect(asked.audio.seconds).toBeGreaterThan(1)
  // From the press to the end, and no longer: a recording at another rate than its file says would last for twice that.
  expect(asked.audio.seconds * 1_000).toBeLessThan((asked.timingsMs.total ?? 0) + HOLD_LIMIT_MS)
  expect(asked.audio.peakDb).toBeGreaterThan(-30)
  const sound = readWav(await readFile(asked.audio.path))
  if (!sound.ok) throw new Error(sound.problem)
  const { samples, rateHz } = sound.sound
  expect(samples.length / rateHz).toBeCloseTo(asked.audio.seconds, 1)
  expect((await stat(asked.screenshot)).size).toBeGreaterThan(10_000)
  for (const ms of Object.values(asked.timingsMs)) expect(ms).toBeGreaterThan(0)
})

test('start --check opens the kiosk, says that it is ready and leaves a picture', async ({
  open: _open,
  shell
}, testInfo) => {
  const finished = await runNode('dev/start.ts', [
    ...['--check', '--shell', shell, '--out', testInfo.outputDir]
  ])

  expect(finished.code, finished.stderr).toBe(0)
  const result = lastLine(finished.stdout) as { screenshot: string }
  expect(result).toMatchObject({ shell, ready: true, state: 'connected' })
  expect((await stat(result.screenshot)).size).toBeGreaterThan(10_000)
})

test('with a hosted project in the environment, start shows its sign-in screen', async ({
  open: _open,
  shell,
  stack
}, testInfo) => {
  const finished = await runNode(
    'dev/start.ts',
    ['--check', '--shell', shell, '--out', testInfo.outputDir],
    {
      HEARD_SUPABASE_URL: stack.supabaseUrl,
      HEARD_SUPABASE_PUBLISHABLE_KEY: stack.publishableKey
    }
  )

  expect(finished.code, finished.stderr).toBe(0)
  expect(lastLine(finished.stdout)).toMatchObject({ shell, screen: 'sign-in', ready: false })
})

test('a command that is called wrongly says how it is called', async ({ open: _open }) => {
  const noQuestion = await runNode('dev/ask.ts', [])
  expect(noQuestion.code).toBe(64)
  expect(noQuestion.stdout).toContain('npm run ask')

  const noShell = await runNode('dev/ask.ts', ['--shell', 'teletext', 'Hello?'])
  expect(noShell.code).toBe(1)
  expect(noShell.stderr).toContain('"electron", "packaged" or "preview"')
})
