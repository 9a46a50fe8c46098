// `npm run bench`: runs a bench, prints its rows and writes a whole run into docs/performance.md.
import { parseArgs } from 'node:util'
import { EXIT_USAGE, wholeNumber } from '../dev/option-values.ts'
import { fromProject } from '../dev/paths.ts'
import { CommandError, runCommand, say } from '../dev/run-command.ts'
import type { BenchResult } from './bench-result.ts'
import { textTable } from './format-table.ts'
import { thisMachine, type Versions, versionsInUse } from './machine-info.ts'
import { BENCHES, type Bench, writeReport } from './report.ts'
import {
  DEFAULT_QUERIES,
  DEFAULT_SIZES,
  hasReportedSizes,
  measureSearch,
  REPORTED_QUERIES,
  REPORTED_SIZES,
  sizesOf
} from './search/search-bench.ts'
import {
  DEFAULT_TURNS,
  measureVoice,
  PARTS_HELP,
  partsOf,
  REPORTED_TURNS
} from './voice/voice-bench.ts'

const USAGE = `npm run bench -- voice [options]

  --turns N     turns on an open call (default ${DEFAULT_TURNS}); the other parts take their share of it
  --only PART   one part only, several times for several:
${PARTS_HELP}

npm run bench -- search [options]

  --sizes N,N   sections that the restaurant sees (default ${DEFAULT_SIZES.join()})
  --queries N   searches of each size, with one tenant and with 200 (default ${DEFAULT_QUERIES})
  --data DIR    keeps the databases there, and uses those that it finds there; otherwise they are made for this run,
                which takes some minutes for 5,000 sections and some 20 for 50,000; one that was cut short goes on
  --found       only the databases that --data has already; what it lacks is named in the report

  --json        one JSON object as the last line: machine, versions, rows
                (name, n, unit, p50, p95, value, budget, met, and peer and ratio where something is compared; value is
                the figure that the budget limits; of something counted, p50 and p95 are the count), and met for all:
                whether every row with a budget met it

The exit code is 0 when everything ran, whether the budgets were met or not: the rows say so. It is 1 when a part
could not be measured.
A whole run, of all parts with at least ${REPORTED_TURNS} turns, or of the sizes ${REPORTED_SIZES.join(' and ')} with at least
${REPORTED_QUERIES} searches, is written to
docs/performance.md.`

type Measured = BenchResult & {
  versions: Versions
  command: string
  /** False where a part has failed. */
  hasAll: boolean
  /** The rest of a whole run; null for a whole run. */
  lacking: string | null
}

const readArguments = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      turns: { type: 'string', default: String(DEFAULT_TURNS) },
      only: { type: 'string', multiple: true, default: [] },
      sizes: { type: 'string', default: DEFAULT_SIZES.join() },
      queries: { type: 'string', default: String(DEFAULT_QUERIES) },
      data: { type: 'string' },
      found: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
type Values = ReturnType<typeof readArguments>['values']

const runVoice = async (values: Values): Promise<Measured> => {
  const parts = partsOf(values.only)
  const turns = wholeNumber('--turns', values.turns, 1, 5_000)
  const versions = await versionsInUse(['openai', '@openai/agents-realtime', 'werift'])
  const { isWhole, chromium, ...section } = await measureVoice(parts, turns)
  return {
    ...section,
    versions: { ...versions, chromium },
    command: `npm run bench -- voice${turns === DEFAULT_TURNS ? '' : ` --turns ${turns}`}`,
    hasAll: isWhole,
    lacking:
      isWhole && values.only.length === 0 && turns >= REPORTED_TURNS
        ? null
        : `all parts and ${REPORTED_TURNS} turns`
  }
}

const runSearch = async (values: Values): Promise<Measured> => {
  const sizes = sizesOf(values.sizes)
  const queries = wholeNumber('--queries', values.queries, 1, 10_000)
  if (values.found && values.data === undefined) {
    throw new CommandError('--found takes the databases of --data.', EXIT_USAGE)
  }
  // Before the run, in case the code changes during it.
  const versions = await versionsInUse(['@electric-sql/pglite', '@supabase/lite', 'deno'])
  const section = await measureSearch({
    sizes,
    queries,
    kept: values.data ?? null,
    makes: !values.found
  })
  const isDefault = DEFAULT_SIZES.join() === sizes.join()
  return {
    ...section,
    versions,
    command:
      `npm run bench -- search${isDefault ? '' : ` --sizes ${sizes.join()}`}` +
      `${queries === DEFAULT_QUERIES ? '' : ` --queries ${queries}`}${values.found ? ' --found' : ''}`,
    hasAll: true,
    lacking:
      hasReportedSizes(section) && queries >= REPORTED_QUERIES
        ? null
        : `${REPORTED_SIZES.join(' and ')} sections and ${REPORTED_QUERIES} searches of each`
  }
}

const RUN: Record<Bench, (values: Values) => Promise<Measured>> = {
  voice: runVoice,
  search: runSearch
}

const isBench = (name: string | undefined): name is Bench =>
  name !== undefined && Object.hasOwn(BENCHES, name)

await runCommand(async () => {
  const { values, positionals } = readArguments()
  const [bench] = positionals
  if (values.help || positionals.length !== 1 || !isBench(bench)) {
    process.stdout.write(`${USAGE}\n`)
    return values.help ? 0 : EXIT_USAGE
  }
  const startedAtMs = performance.now()
  const date = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const { rows, notes, versions, command, hasAll, lacking } = await RUN[bench](values)
  const machine = thisMachine()
  const minutes = Math.round((performance.now() - startedAtMs) / 60_000)

  process.stdout.write(`${textTable(rows)}\n\n${notes.map((note) => `· ${note}`).join('\n')}\n`)
  if (lacking === null) {
    const path = fromProject('docs/performance.md')
    await writeReport(path, { bench, date, command, machine, versions, minutes, rows, notes })
    say('Written to docs/performance.md.')
  } else {
    say(`Not written to docs/performance.md: that takes ${lacking}.`)
  }
  if (values.json) {
    const met = rows.every((row) => row.met !== false)
    process.stdout.write(`${JSON.stringify({ machine, versions, rows, met })}\n`)
  }
  return hasAll ? 0 : 1
})
