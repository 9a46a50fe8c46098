// What the screen says of an answer and shows as its source, while it is given and afterwards: nothing that the rest of the
// answer might take back. Knows nothing of React.
import type { Citation } from '../../shared/handbook.ts'
import type { TurnView } from '../call/conversation.ts'

/** The answer rarely leans on more than one; a fourth would not be read. */
const SHOWN_CITATIONS = 3

/** What the answer is worth, which the screen has to say before anybody reads it. */
export type Worth = 'pending' | 'handbook' | 'near' | 'not_found' | 'failed' | 'cancelled'

export const worthOf = ({ outcome, found, isOnlyNear, verdict }: TurnView): Worth => {
  // What was near may turn out to be the answer, or none: nothing is said of it that might be taken back.
  const said = !isOnlyNear ? 'handbook' : verdict === 'awaited' ? 'pending' : 'near'
  switch (outcome) {
    case 'answered':
      return said
    case 'not_found':
    case 'failed':
    case 'cancelled':
      return outcome
    case null:
      return found === null ? 'pending' : found ? said : 'not_found'
    default:
      return outcome satisfies never
  }
}

/**
 * The sections that are shown as the source: none while what was near may still turn out to be no answer, and until the
 * answer has said what it is from, the best one only.
 */
export const shownCitations = ({
  citations,
  isOnlyNear,
  verdict
}: TurnView): readonly Citation[] => {
  if (verdict !== 'awaited') return citations.slice(0, SHOWN_CITATIONS)
  return isOnlyNear ? [] : citations.slice(0, 1)
}

/** The place of the sections stays free while they may still come, and once it has been: the answer does not move. */
export const isPlaceKept = ({ found, verdict }: TurnView): boolean =>
  verdict === 'awaited' || (verdict === 'reported' && found === false)
