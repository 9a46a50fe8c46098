// The options of `npm run eval:handbook`.
import { parseArgs } from 'node:util'
import { EXIT_USAGE, oneOf } from '../../dev/option-values.ts'
import { CommandError } from '../../dev/run-command.ts'
import { HALVES, type Part, SET_NAMES, type SetName } from './question-set.ts'

export const USAGE = `npm run eval:handbook -- [options]

  --set NAME    sample or held-out; both by default
  --half HALF   development or test; by default both, and all questions together
  --only NAME   one search only, several times for several
  --misses      each question of the development halves that lacks a fact, and what was given instead
  --ablation    instead: what each part of the search adds, on the development halves
  --write       writes docs/answers.md: all tables, or with --ablation that table
  --json        one JSON object as the last line: rows (name, search, set, half, language, kind, n, value, low, high,
                budget, met; with --ablation name, search, set, n, value) and met, for all budgets

With OPENAI_API_KEY the vectors are the real service's, without it the local stand-in's; the output says which.
The exit code is 0 when everything ran, whether the budgets were met or not.`

export type Options = {
  sets: readonly SetName[]
  parts: readonly Part[]
  /** Names of searches; empty for all. */
  only: readonly string[]
  misses: boolean
  ablation: boolean
  write: boolean
  json: boolean
  help: boolean
}

/** @throws CommandError when the options do not go together */
export const readOptions = (args?: string[]): Options => {
  const { values } = parseArgs({
    ...(args === undefined ? {} : { args }),
    options: {
      set: { type: 'string' },
      half: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      misses: { type: 'boolean', default: false },
      ablation: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const set = oneOf('--set', values.set, SET_NAMES)
  const half = oneOf('--half', values.half, HALVES)
  const isPart = half !== undefined || values.only.length > 0
  if (values.write && (isPart || set !== undefined)) {
    throw new CommandError('--write takes all sets, halves and searches.', EXIT_USAGE)
  }
  if (values.ablation && (isPart || values.misses)) {
    throw new CommandError('--ablation takes --set, --write and --json only.', EXIT_USAGE)
  }
  return {
    ...values,
    sets: set === undefined ? SET_NAMES : [set],
    parts: half === undefined ? ['all', ...HALVES] : [half]
  }
}

/** @throws CommandError when a name of --only is not the name of a search */
export const onlyOf = <Search extends { name: string }>(
  searches: readonly Search[],
  only: readonly string[]
): Search[] => {
  const unknown = only.find((name) => !searches.some((search) => search.name === name))
  if (unknown !== undefined) {
    const names = searches.map(({ name }) => name).join('; ')
    throw new CommandError(`--only ${unknown}: the searches are ${names}.`, EXIT_USAGE)
  }
  return searches.filter(({ name }) => only.length === 0 || only.includes(name))
}
