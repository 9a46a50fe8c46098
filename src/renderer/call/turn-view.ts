// The current or last turn as the screen shows it.
import type { Span } from '../../shared/answer-check.ts'
import type { Citation } from '../../shared/handbook.ts'
import type { Outcome } from '../turn/turn-events.ts'
import type { CitedSection } from './answer-citations.ts'
import type { KioskFailure } from './failures.ts'

export type TurnView = {
  id: number
  transcript: string
  answer: string
  /** Whether the handbook had something; null before the first search result. */
  found: boolean | null
  /** The sections that the report names, or the best one without a report. */
  citations: readonly CitedSection[]
  /** The sections nearest to the question, shown when it is not answered. */
  nearest: readonly Citation[]
  /** Figures of `answer` that no given passage contains. */
  unverified: readonly Span[]
  /**
   * Source of `found` and `citations`: `searched` is the search, `reported` the model's report. `awaited` is the search
   * while the answer is incomplete and a report may still come.
   */
  verdict: 'searched' | 'awaited' | 'reported'
  /** The passages come from the offline copy. */
  offline: boolean
  /** The answer is shown and not spoken: there was no call. */
  silent: boolean
  outcome: Outcome | null
  failure: KioskFailure | null
  /** The backend's id of the question; null before the backend has answered it. Only then it can be rated. */
  questionId: string | null
  /** Milliseconds from the release to the first sound of the answer; null where it was not measured. */
  timeToFirstAudioMs: number | null
}

export const emptyTurn = (id: number): TurnView => ({
  id,
  transcript: '',
  answer: '',
  found: null,
  citations: [],
  nearest: [],
  unverified: [],
  verdict: 'searched',
  offline: false,
  silent: false,
  outcome: null,
  failure: null,
  questionId: null,
  timeToFirstAudioMs: null
})
