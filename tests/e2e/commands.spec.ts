// The README's commands against the running stack.
import { readFile, stat } from 'node:fs/promises'
import type { Asked } from '../../dev/ask.ts'
import { readWav } from '../../dev/wav.ts'
import { lastLine, runNode } from './support/commands.ts'
import { expect, test } from './support/fixtures.ts'
import { skipWithoutSpeech } from './support/spoken-microphone.ts'

test.use({ answers: 'whole' })

/** The question, the silence around it, and the delay of a busy machine. */
const HOLD_LIMIT_MS = 8_000

for (const { language, question, says, slug } of [
  { language: 'en', question: 'How do I cool rice?', says: 'sheet tray', slug: 'cooling' },
  { language: 'es', question: '¿Cómo enfrío el arroz?', says: 'charola', slug: 'cooling' }
])
  test(`asks a question spoken in ${language} from the command line and measures the turn`, async ({
    // The fixture skips where the shell's parts are missing.
    open: _open,
    shell,
    stack
  }, testInfo) => {
    skipWithoutSpeech(stack)
    const finished = await runNode('dev/ask.ts', [
      ...['--json', '--speak', '--shell', shell, '--out', testInfo.outputDir],
      ...['--language', language],
      question
    ])

    expect(finished.code, finished.stderr).toBe(0)
    const asked = lastLine(finished.stdout) as Asked
    expect(asked).toMatchObject({
      shell,
      input: 'speech',
      heard: question,
      found: true,
      unverifiedFigures: [],
      rendererRequests: 0,
      tokensInRenderer: 0
    })
    // The passages were there at the commit, or a busy machine was late and the model searched.
    expect([asked.passes, asked.searchedFor]).toEqual(
      asked.passes === 1 ? [1, null] : [2, expect.objectContaining({ question, sections: [] })]
    )
    expect(asked.answer).toContain(says)
    expect(asked.citations[0]).toMatchObject({ slug, language })
    expect(asked.states).toEqual(
      expect.arrayContaining(['connecting', 'connected', 'listening', 'processing', 'speaking'])
    )
    expect(asked.audio.seconds).toBeGreaterThan(1)
    // A recording at another rate than its file says would last twice as long.
    expect(asked.audio.seconds * 1_000).toBeLessThan((asked.timingsMs.total ?? 0) + HOLD_LIMIT_MS)
    expect(asked.audio.peakDb).toBeGreaterThan(-30)
    const sound = readWav(await readFile(asked.audio.path))
    if (!sound.ok) throw new Error(sound.problem)
    const { samples, rateHz } = sound.sound
    expect(samples.length / rateHz).toBeCloseTo(asked.audio.seconds, 1)
    expect((await stat(asked.screenshot)).size).toBeGreaterThan(10_000)
    expect(asked.cost).toMatchObject({
      audioInput: expect.any(Number),
      audioOutput: expect.any(Number),
      transcriptionSeconds: expect.any(Number)
    })
    for (const ms of Object.values(asked.timingsMs)) expect(ms).toBeGreaterThan(0)
  })

test('opens the kiosk with start --check, reports it ready and leaves a picture', async ({
  open: _open,
  shell
}, testInfo) => {
  const finished = await runNode('dev/start.ts', [
    ...['--check', '--shell', shell, '--out', testInfo.outputDir]
  ])

  expect(finished.code, finished.stderr).toBe(0)
  const result = lastLine(finished.stdout) as { screenshot: string; usage: object[] }
  expect(result).toMatchObject({ shell, ready: true, state: 'connected' })
  const keys = { whose: 'person', measure: 'keys', period: 'day', most: null }
  expect(result.usage).toContainEqual({ ...keys, counted: expect.any(Number) })
  expect((await stat(result.screenshot)).size).toBeGreaterThan(10_000)
})

test(
  'shows the sign-in screen of the hosted project in the environment',
  {
    tag: '@page'
  },
  async ({ open: _open, shell, stack }, testInfo) => {
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
  }
)

test('prints the usage of a command with wrong arguments', { tag: '@page' }, async ({
  open: _open
}) => {
  const noQuestion = await runNode('dev/ask.ts', [])
  expect(noQuestion.code).toBe(64)
  expect(noQuestion.stdout).toContain('npm run ask')

  const noShell = await runNode('dev/ask.ts', ['--shell', 'teletext', 'Hello?'])
  expect(noShell.code).toBe(1)
  expect(noShell.stderr).toContain('"electron", "packaged" or "preview"')
})
