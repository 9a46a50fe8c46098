// The label and the sources of an answer, while it is given and afterwards: never one that its report could
// take back.
import type { Span } from '../../../shared/answer-check.ts'
import type { Citation } from '../../../shared/handbook.ts'
import type { CitedSection } from '../../call/answer-citations.ts'
import type { TurnView } from '../../call/turn-view.ts'

/** More would leave none of them room for its passage. */
const SHOWN_CITATIONS = 2

export type AnswerStatus = 'pending' | 'handbook' | 'not_found' | 'failed' | 'cancelled'

export const answerStatusOf = ({ outcome, found, verdict }: TurnView): AnswerStatus => {
  switch (outcome) {
    case 'answered':
      return 'handbook'
    case 'not_found':
    case 'failed':
    case 'cancelled':
      return outcome
    case null:
      // A match may still turn out to be no answer.
      if (found === null || verdict === 'awaited') return 'pending'
      return found ? 'handbook' : 'not_found'
    default:
      return outcome satisfies never
  }
}

/** The sources: none until the report can no longer take them back. */
export const shownCitations = ({ citations, found, verdict }: TurnView): readonly CitedSection[] =>
  verdict === 'awaited' || found === false ? [] : citations.slice(0, SHOWN_CITATIONS)

/** Offered in place of an answer. */
export const shownNearest = (view: TurnView): readonly Citation[] =>
  answerStatusOf(view) === 'not_found' ? view.nearest : []

/** Reserves the place of sections that may still come: the answer does not move. */
export const isPlaceKept = ({ verdict }: TurnView): boolean => verdict === 'awaited'

/** A part of an answer, and whether it is an unverified figure. */
export type AnswerPart = { text: string; start: number; isUnverified: boolean }

/** @param figures in their order, without overlaps */
export const answerParts = (answer: string, figures: readonly Span[]): readonly AnswerPart[] => {
  const parts: AnswerPart[] = []
  let from = 0
  const add = (to: number, isUnverified: boolean) => {
    if (to > from) parts.push({ text: answer.slice(from, to), start: from, isUnverified })
    from = Math.max(from, to)
  }
  for (const { start, end } of figures) {
    add(start, false)
    add(end, true)
  }
  add(answer.length, false)
  return parts
}
