// Injects a fault into an answer, for tests of the kiosk's answer check. Pure.
import type { Answer } from './answerer.ts'

export const ANSWER_FAULTS = ['false_figure', 'false_quote', 'no_report'] as const
/** A figure or a quote that is in no passage, or a missing report. */
export type AnswerFault = (typeof ANSWER_FAULTS)[number]

/** No oven of a restaurant reaches it. */
export const FALSE_FIGURE = '1,947 °F'
export const FALSE_QUOTE = 'A sentence that stands in no passage.'

const FALSE_SENTENCE = { en: `It takes ${FALSE_FIGURE}.`, es: `Son ${FALSE_FIGURE}.` } as const

const withFalseQuotes = (argumentsJson: string): string => {
  const report = JSON.parse(argumentsJson) as { sources: object[] }
  return JSON.stringify({
    ...report,
    sources: report.sources.map((source) => ({ ...source, quote: FALSE_QUOTE }))
  })
}

/** Returns the answer with the fault. A report without sources stays the same. */
export const withFault = (answer: Answer, fault: AnswerFault): Answer => {
  const { pieces, call } = answer
  switch (fault) {
    case 'false_figure': {
      const language = pieces.at(-1)?.language ?? 'en'
      return { ...answer, pieces: [...pieces, { text: FALSE_SENTENCE[language], language }] }
    }
    case 'false_quote':
      return call === null
        ? answer
        : { ...answer, call: { ...call, argumentsJson: withFalseQuotes(call.argumentsJson) } }
    case 'no_report':
      return { ...answer, call: null }
  }
}
