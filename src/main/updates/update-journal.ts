// Holds the saved update state and the current problem. A repeated problem is logged once.
import {
  FEED_PROBLEM_CODES,
  type UpdateProblemCode,
  type UpdateStatus
} from '../../shared/updates.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { messageOf, type UpdateProblem } from './update-problem.ts'
import type { UpdateState, UpdateStateFile } from './update-state.ts'

export type UpdateJournal = ReturnType<typeof createUpdateJournal>

const FEED_PROBLEMS: ReadonlySet<UpdateProblemCode> = new Set(FEED_PROBLEM_CODES)
export const isFeedProblem = (code: UpdateProblemCode): boolean => FEED_PROBLEMS.has(code)

export const createUpdateJournal = (file: UpdateStateFile, clock: Clock, log: Log) => {
  const { state: saved, lost } = file.read()
  let state = saved
  let problem: UpdateStatus['problem'] = null

  const report = (found: UpdateProblem) => {
    const isNew = problem?.code !== found.code || problem.message !== found.message
    problem = { ...found, atMs: clock.nowMs() }
    if (isNew) log.warn('updates.refused', found)
  }

  return {
    state: () => state,
    /** Keeps the change in memory even when it cannot be written. */
    save: (changes: Partial<UpdateState>) => {
      state = { ...state, ...changes }
      try {
        file.write(state)
      } catch (error) {
        report({
          code: 'update_state_lost',
          message: `It could not be written: ${messageOf(error)}`
        })
      }
    },
    problem: (): UpdateStatus['problem'] => problem,
    report,
    /** Clears the problem if it is of this kind. */
    resolve: (kind: 'feed' | 'release') => {
      if (problem !== null && isFeedProblem(problem.code) === (kind === 'feed')) problem = null
    },
    /** Reports a lost state file and the outcome of the last installation. */
    reportStart: (runningVersion: string) => {
      if (lost !== null) {
        report({ code: 'update_state_lost', message: `The update state was reset: ${lost}` })
      }
      const { install } = state
      if (install?.outcome === 'proving') {
        const { version, fromVersion } = install
        log.info('updates.installed', { version, from: fromVersion, running: runningVersion })
      }
      const failure = install === null ? null : failureOf(install, runningVersion)
      if (failure !== null) report(failure)
    }
  }
}

const failureOf = (
  { version, fromVersion, outcome }: NonNullable<UpdateState['install']>,
  runningVersion: string
): UpdateProblem | null => {
  switch (outcome) {
    case 'not_installed':
      return {
        code: outcome,
        message: `${version} was to be installed, and ${runningVersion} runs.`
      }
    case 'rolled_back':
      return { code: outcome, message: `${version} did not start; ${runningVersion} was put back.` }
    case 'not_rolled_back':
      return {
        code: outcome,
        message: `${version} failed to start, and ${fromVersion} could not be put back.`
      }
    case 'proving':
    case 'pending':
    case 'good':
      return null
    default:
      return outcome satisfies never
  }
}
