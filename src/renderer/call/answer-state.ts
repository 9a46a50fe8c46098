// The answer of the current or last turn: its captions, passages and report, and the view that follows from them. Pure.
import type { FailureCode } from '../../shared/failure.ts'
import type { AnswerReport, Passage, ReportedAnswer, SearchAnswer } from '../../shared/handbook.ts'
import {
  answerIn,
  type CaptionEvent,
  type Captions,
  emptyCaptions,
  reduceCaptions,
  transcriptIn
} from '../captions/captions.ts'
import type { TurnEffect } from '../turn/turn-events.ts'
import type { TurnState } from '../turn/turn-reducer.ts'
import {
  type AnswerChecks,
  bestSection,
  nearestSections,
  type ReviewedReport,
  reviewReport,
  withPassages
} from './answer-citations.ts'
import { kioskFailure } from './failures.ts'
import { emptyTurn, type TurnView } from './turn-view.ts'

export type AnswerState = {
  view: TurnView
  captions: Captions
  /** Every passage that the model was given for the question of `view`. */
  passages: readonly Passage[]
  /** null while the model has not reported its answer. */
  report: ReviewedReport | null
  /** The backend records one report for each question. */
  isReportSent: boolean
  /** null until they are loaded, with the first passages. */
  checks: AnswerChecks | null
}

/** @returns the report for the backend; null when there is none to send */
type Reporting = { answer: AnswerState; report: ReportedAnswer | null }

/** The limit of `reportedAnswerSchema`; an answer has two or three sentences. */
const UNVERIFIED_FIGURES_LIMIT = 100

export const initialAnswerState: AnswerState = {
  view: emptyTurn(0),
  captions: emptyCaptions,
  passages: [],
  report: null,
  isReportSent: false,
  checks: null
}

export const withView = (answer: AnswerState, change: Partial<TurnView>): AnswerState => ({
  ...answer,
  view: { ...answer.view, ...change }
})

export const withCaption = (answer: AnswerState, event: CaptionEvent): AnswerState => ({
  ...answer,
  captions: reduceCaptions(answer.captions, event)
})

/** Assigns an item to no turn, so that its late transcript is not shown. */
export const withUnassignedItem = (answer: AnswerState, itemId: string): AnswerState =>
  withCaption(answer, {
    type: 'question_item_assigned',
    turnId: 0,
    itemId,
    text: null
  })

/** The same captions, and nothing of the last answer. */
export const withTurn = (answer: AnswerState, view: TurnView): AnswerState => ({
  ...answer,
  view,
  passages: [],
  report: null,
  isReportSent: false
})

/** @param questionId null for an early search, which the backend does not record */
export const onHandbookAnswered = (
  answer: AnswerState,
  found: SearchAnswer,
  questionId: string | null
): AnswerState => {
  const { view } = answer
  const isOffline = found.method === 'offline'
  const passages = withPassages(answer.passages, found.passages)
  return withView(
    { ...answer, passages, report: null },
    {
      found: view.found === true || found.found,
      citations: bestSection(passages),
      nearest: nearestSections(passages, found.nearest),
      verdict: passages.length > 0 ? 'awaited' : 'searched',
      offline: view.offline || isOffline,
      failure: null,
      questionId: isOffline ? view.questionId : (questionId ?? view.questionId)
    }
  )
}

/** The passages were found for other words. */
export const onPassagesWithdrawn = (
  answer: AnswerState,
  responses: readonly string[]
): AnswerState =>
  withView(
    {
      ...withCaption(answer, { type: 'responses_withdrawn', responses }),
      passages: [],
      report: null
    },
    { answer: '', found: null, citations: [], nearest: [], verdict: 'searched' }
  )

/** The passage of the offline copy replaces the answer that the report was about. */
export const onCopyAnswered = (answer: AnswerState, found: SearchAnswer | null): AnswerState => {
  const unreported: AnswerState = { ...answer, report: null }
  if (found === null) return unreported
  const { passages } = found
  return withView(
    { ...unreported, passages },
    {
      found: true,
      verdict: 'searched',
      offline: true,
      silent: true,
      citations: bestSection(passages),
      answer: passages[0]?.text ?? ''
    }
  )
}

export const onAnswerReported = (answer: AnswerState, reported: AnswerReport): AnswerState => {
  if (answer.checks === null) return answer
  const report = reviewReport(reported, answer.passages, answer.checks.checkQuote)
  const { found } = reported
  return withView({ ...answer, report }, { found, verdict: 'reported', citations: report.cited })
}

const unverifiedFigures = (
  { checks, view, passages }: AnswerState,
  state: 'complete' | 'streaming'
) => checks?.unverifiedFigures(view.answer, passages, state) ?? []

const sendReport = (answer: AnswerState, outcome: ReportedAnswer['outcome']): Reporting => {
  const { questionId } = answer.view
  if (questionId === null || answer.isReportSent) return { answer, report: null }
  const figures = unverifiedFigures(answer, 'complete').length
  return {
    answer: { ...answer, isReportSent: true },
    report: {
      questionId,
      outcome,
      sections: [...(answer.report?.sections ?? [])],
      unverifiedQuotes: answer.report?.unverifiedQuotes ?? 0,
      unverifiedFigures: Math.min(figures, UNVERIFIED_FIGURES_LIMIT)
    }
  }
}

export const onAnswerComplete = (answer: AnswerState): Reporting => {
  if (answer.report !== null) return sendReport(answer, answer.report.outcome)
  const isMissing = answer.passages.length > 0 && answer.view.answer !== ''
  return isMissing ? sendReport(answer, 'missing') : { answer, report: null }
}

export const onTurnEnded = (
  answer: AnswerState,
  { outcome, failure: code }: Extract<TurnEffect, { type: 'turn_ended' }>
): Reporting => {
  // A press may interrupt a reported answer before its last word: the report counts.
  const sent =
    answer.report === null ? { answer, report: null } : sendReport(answer, answer.report.outcome)
  const known = answer.view.failure?.code === code ? answer.view.failure : null
  const failure =
    code === null ? null : (known ?? kioskFailure(code as FailureCode, 'The turn failed.'))
  return { answer: withView(sent.answer, { outcome, failure }), report: sent.report }
}

/** Brings the view up to date with the captions and the turn. */
export const withWords = (answer: AnswerState, { turn }: TurnState): AnswerState => {
  const { view, captions } = answer
  const isIncomplete = turn?.id === view.id && turn.phase === 'answering' && !turn.final
  const worded = withView(answer, {
    transcript: transcriptIn(captions, view.id) || view.transcript,
    // A new call starts without captions; the words of the last call stay on the screen.
    answer: answerIn(captions, view.id) || view.answer,
    verdict: view.verdict === 'awaited' && !isIncomplete ? 'searched' : view.verdict
  })
  // Words before the first search have no passages to be checked against.
  const unverified =
    view.found === null ? [] : unverifiedFigures(worded, isIncomplete ? 'streaming' : 'complete')
  return withView(worded, { unverified })
}
