// `npm test`: runs the set-up and all checks and tests, and adds up the runners' reports.
import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { ensurePackaged } from '../build/package.ts'
import { findElectron } from '../dev/electron-binary.ts'
import { ensureBuilt } from '../dev/ensure-built.ts'
import { ensureTools } from '../dev/external-tools.ts'
import { fromProject, PROJECT_DIR } from '../dev/paths.ts'
import { runCommand, say } from '../dev/run-command.ts'
import { missingElectronReason } from './package/packed-app.ts'
import {
  type Count,
  type Failure,
  junitFailures,
  NO_TESTS,
  playwrightFailures,
  playwrightSecondAttempts,
  readJunit,
  readPlaywright,
  readVitest,
  sum,
  vitestFailures,
  vitestSecondAttempts
} from './runner-reports.ts'

const node = process.execPath
const bin = (path: string): string => fromProject('node_modules', path)

const run = (title: string, program: string, args: string[]): Promise<number> => {
  say(title)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: PROJECT_DIR,
      stdio: ['ignore', 'inherit', 'inherit']
    })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** Runs on the processor time that speech in real time leaves, and prints its output at its end. */
const runInBackground = (title: string, program: string, args: string[]): Promise<number> => {
  say(`${title}, in the background`)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: PROJECT_DIR, stdio: ['ignore', 'pipe', 'pipe'] })
    child.once('error', reject)
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    const output: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => output.push(chunk))
    }
    child.once('close', (code) => {
      say(title)
      process.stdout.write(Buffer.concat(output))
      resolve(code ?? 1)
    })
  })
}

type Part = { name: string; exitCode: number; count: Count }

/** A runner that fails without a failed test counts as one failure. */
const part = (name: string, exitCode: number, count: Count): Part => ({
  name,
  exitCode,
  count: exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
})

const failures: Failure[] = []
/** Tests in real time that passed at their second attempt only. */
const secondAttempts: Failure[] = []

/** A machine that is slow for a moment breaks one or two tests in real time; a broken kiosk breaks more. */
const MAX_SECOND_ATTEMPTS = 4

const readReport = async (
  file: string,
  count: (text: string) => Count,
  failed: (text: string) => Failure[],
  passedLate: (text: string) => Failure[] = () => []
): Promise<Count> => {
  try {
    const text = await readFile(fromProject('reports', file), 'utf8')
    failures.push(...failed(text))
    secondAttempts.push(...passedLate(text))
    return count(text)
  } catch (error) {
    say(`No report in reports/${file}: ${error instanceof Error ? error.message : error}`)
    return NO_TESTS
  }
}

await runCommand(async () => {
  await rm(fromProject('reports'), { recursive: true, force: true })
  await mkdir(fromProject('reports'), { recursive: true })
  const missing = await ensureTools(true)

  await ensureBuilt()
  // The package tests report its failure.
  const packing = Promise.allSettled(missingElectronReason() === null ? [ensurePackaged()] : [])
  // The functions have limits of fractions of a second: nothing runs beside them but the packing.
  const functions = await runFunctions()
  // The specs wait for speech most of the time; the checks that compute take that time.
  const [computed, endToEnd] = await Promise.all([computeInBackground(packing), runSpecs(packing)])
  // Fidelity measures milliseconds of sound: it runs alone.
  const fidelity = await runVitest(run, 'Fidelity', ['fidelity'], 'fidelity.json')
  const parts = [functions, ...computed, endToEnd, fidelity]
  await explainEndToEnd(missing.map((tool) => tool.name))

  // The runners' own output is thousands of lines above.
  for (const { test, message } of secondAttempts) say(`second attempt: ${test}\n    ${message}`)
  for (const { test, message } of failures) say(`✗ ${test}\n    ${message}`)
  for (const { name, exitCode, count } of parts) {
    if (exitCode !== 0) say(`${name} failed (exit code ${exitCode}, ${count.failed} failed)`)
  }
  if (secondAttempts.length > MAX_SECOND_ATTEMPTS) {
    say(`${secondAttempts.length} tests needed a second attempt; ${MAX_SECOND_ATTEMPTS} may`)
    parts.push(part('second attempts', 1, NO_TESTS))
  }
  const total = sum(new Map(parts.map(({ name, count }) => [name, count])))
  process.stdout.write(
    `\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`
  )
  return total.failed === 0 ? 0 : 1
})

async function runFunctions(): Promise<Part> {
  const args = [fromProject('tests/functions/run.ts')]
  const exitCode = await run('Edge functions, in Deno', node, args)
  return part('functions', exitCode, await readReport('functions.xml', readJunit, junitFailures))
}

async function computeInBackground(packing: Promise<unknown>): Promise<Part[]> {
  const parts: Part[] = []
  for (const project of ['tsconfig.json', 'tsconfig.renderer.json']) {
    const args = [bin('typescript/bin/tsc'), '-p', project]
    const code = await runInBackground(`Types (${project})`, node, args)
    parts.push(part(`types ${project}`, code, NO_TESTS))
  }
  const biome = [bin('@biomejs/biome/bin/biome'), 'check', '.']
  parts.push(part('lint', await runInBackground('Lint', node, biome), NO_TESTS))
  await packing
  const projects = ['unit', 'contract', 'backend', 'postgres', 'package']
  parts.push(await runVitest(runInBackground, projects.join(', '), projects, 'vitest.json'))
  return parts
}

async function runSpecs(packing: Promise<unknown>): Promise<Part> {
  await packing
  const exitCode = await run('End to end', node, [bin('@playwright/test/cli.js'), 'test'])
  const count = await readReport(
    'e2e.json',
    (text) => sum(readPlaywright(text)),
    playwrightFailures,
    playwrightSecondAttempts
  )
  return part('end to end', exitCode, count)
}

/** Runs projects of Vitest, whose report goes to `reports/`. */
async function runVitest(
  start: typeof run,
  title: string,
  projects: readonly string[],
  report: string
): Promise<Part> {
  const exitCode = await start(title, node, [
    ...[bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json'],
    `--outputFile.json=reports/${report}`,
    ...projects.map((project) => `--project=${project}`)
  ])
  return part(
    title,
    exitCode,
    await readReport(report, readVitest, vitestFailures, vitestSecondAttempts)
  )
}

/** Prints the number of tests of each end-to-end project, with the missing part when some were skipped. */
async function explainEndToEnd(missing: string[]): Promise<void> {
  let byProject: Map<string, Count>
  try {
    byProject = readPlaywright(await readFile(fromProject('reports/e2e.json'), 'utf8'))
  } catch {
    // Reported above already.
    return
  }
  const electron = await findElectron()
  for (const [project, count] of byProject) {
    const ran = count.passed + count.failed
    const reasons = [
      ...(project === 'electron' && electron.path === null ? [electron.reason] : []),
      ...(missing.length > 0 ? [`missing: ${missing.join(', ')} (npm run setup)`] : [])
    ]
    const why = count.skipped === 0 ? '' : `, ${count.skipped} skipped. ${reasons.join(' ')}`
    say(`End to end, ${project}: ${ran} ran${why}`)
  }
}
