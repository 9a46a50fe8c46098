// Checks a hosted project: `npm run check:hosted`. Prints one line per step on stderr and one JSON object on stdout.
// Without its variables it names them and stops.

import { parseArgs } from 'node:util'
import { EXIT_USAGE } from '../../dev/option-values.ts'
import { CommandError, runCommand, say } from '../../dev/run-command.ts'
import type { Step } from './check-step.ts'
import { HOSTED_VARIABLES, readHostedProject } from './hosted-environment.ts'
import { checkHosted } from './run-checks.ts'

const USAGE = `Usage: npm run check:hosted

Checks a hosted project with the kiosk's own code: sign-in, health, one session's key (no call is opened with it), the
handbook, one question (it counts as one of the account's), what another restaurant's kiosk must be refused, and
whether the database has this checkout's migrations. Nothing else is written, and no key, token or password printed.

Environment:
${Object.entries(HOSTED_VARIABLES)
  .map(([name, what]) => `  ${name.padEnd(31)} ${what}`)
  .join('\n')}
  ${'HEARD_CHECK_OTHER_GROUP_ID'.padEnd(31)} optional: the id of a restaurant that the account is no member of`

const MARKS = { passed: 'ok', warned: 'look', failed: 'FAILED' } as const

await runCommand(async () => {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const project = readHostedProject(process.env)
  if (!project.ok) throw new CommandError(`${project.error.message}\n\n${USAGE}`, EXIT_USAGE)
  const steps: Step[] = []
  const isHealthy = await checkHosted(project.value, (step) => {
    steps.push(step)
    say(`${MARKS[step.outcome].padEnd(7)} ${step.name}: ${step.message}`)
  })
  process.stdout.write(`${JSON.stringify({ ok: isHealthy, steps })}\n`)
  return isHealthy ? 0 : 1
})
