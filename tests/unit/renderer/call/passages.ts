// Passages and search answers for tests.
import type { Citation, Passage, SearchAnswer } from '../../../../src/shared/handbook.ts'

const passage = (slug: string, title: string, text: string, needsManager = false): Passage => ({
  slug,
  title,
  heading: '',
  language: 'en',
  anchor: '',
  text,
  needsManager
})
export const COOKED = passage('cooking', 'Cooking temperatures', 'Chicken: 165.')
export const COOLED = passage('cooling', 'Cooling', 'Cool soup to 70 °F within **2 hours**.', true)
export const STORED = passage('storage', 'Storage', 'Raw chicken goes on the bottom shelf.')

export const answerOf = (...passages: Passage[]): SearchAnswer => ({
  found: passages.length > 0,
  passages,
  nearest: [],
  named: passages.length,
  method: 'hybrid'
})

/** @param quotes of the report that stand in the passage */
export const cited = ({ heading: _heading, ...citation }: Passage, ...quotes: string[]) => ({
  ...citation,
  hasUnverifiedQuote: false,
  quotes
})

export const NEAR: Citation = { slug: 'thawing', title: 'Thawing', language: 'en', anchor: 'sink' }
