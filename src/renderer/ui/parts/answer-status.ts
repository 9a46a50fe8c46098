// What the screen says of an answer and shows as its source, while it is given and afterwards: nothing that the rest of the
// answer might take back. Knows nothing of React.
import type { Span } from '../../../shared/answer-check.ts'
import type { Citation } from '../../../shared/handbook.ts'
import type { CitedSection } from '../../call/answer-citations.ts'
import type { TurnView } from '../../call/turn-view.ts'

/** The answer rarely leans on more than one; a fourth would not be read. */
const SHOWN_CITATIONS = 3

/** What the answer is worth, which the screen has to say before anybody reads it. */
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
      // What was found may turn out to be no answer.
      if (found === null || verdict === 'awaited') return 'pending'
      return found ? 'handbook' : 'not_found'
    default:
      return outcome satisfies never
  }
}

/** The sections that are shown as the source: none while what was found may still turn out to be no answer. */
export const shownCitations = ({ citations, found, verdict }: TurnView): readonly CitedSection[] =>
  verdict === 'awaited' || found === false ? [] : citations.slice(0, SHOWN_CITATIONS)

/** The sections that are offered in place of an answer. */
export const shownNearest = (view: TurnView): readonly Citation[] =>
  answerStatusOf(view) === 'not_found' ? view.nearest : []

/** The place of the sections stays free while they may still come: the answer does not move. */
export const isPlaceKept = ({ verdict }: TurnView): boolean => verdict === 'awaited'

/** A part of an answer, and whether it is a figure that stands in no passage. */
export type AnswerPart = { text: string; start: number; isUnverified: boolean }

/** An answer in its parts. @param figures in their order, none over another */
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
