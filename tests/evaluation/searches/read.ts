// Search and reader together, as the screen shows it in the end: what was found is read by the local stand-in for the
// model, which answers or says that it is not there. How good the service's own model is at that, it does not say.
import type { z } from 'zod'
import type { Handbook } from '../../../local/backend/handbook-files.ts'
import { decide } from '../../../local/realtime/answerer.ts'
import type { FunctionTool } from '../../../local/realtime/session-schema.ts'
import {
  REPORT_TOOL_NAME,
  reportSchema,
  type SearchAnswer,
  toolOutput
} from '../../../src/shared/handbook.ts'
import { splitIntoPassages } from '../../../supabase/functions/_shared/passages.ts'
import type { Answer, RankedPassage, Search } from '../answer.ts'
import type { EvaluationQuestion } from '../question-set.ts'

const SEARCH_CALL_ID = 'call_1'
const REPORT_TOOL: FunctionTool = { type: 'function', name: REPORT_TOOL_NAME }

/** As realtime-search gives it to the kiosk. */
const givenOf = (handbook: Handbook, { given, passages, decision }: Answer): SearchAnswer => ({
  found: given > 0 && decision !== 'not_found',
  decision,
  method: 'hybrid',
  citations: [],
  passages:
    decision === 'not_found'
      ? []
      : passages.slice(0, given).map(({ group, slug, language, text, anchor }) => {
          const written = handbook.groups
            .find((one) => one.slug === group)
            ?.sections.find((section) => section.slug === slug)?.texts[language]
          if (written === undefined) throw new Error(`${group}/${slug} is not in ${language}.`)
          const place = splitIntoPassages(written.content).find((part) => part.anchor === anchor)
          const heading = place?.text === text ? place.heading : ''
          return { slug, title: written.title, heading, language, text }
        })
})

/** What the reader says of it, by the report that it would make. */
export const readAnswer = (
  question: Pick<EvaluationQuestion, 'text' | 'language'>,
  given: SearchAnswer
): z.output<typeof reportSchema> => {
  const said = decide({
    language: question.language,
    tools: [REPORT_TOOL],
    toolChoice: 'auto',
    items: [
      { kind: 'user', text: question.text, hearing: 'typed' },
      { kind: 'output', callId: SEARCH_CALL_ID, output: toolOutput(given) }
    ]
  })
  if (said.kind !== 'say' || said.call === null) {
    throw new Error(`${question.text}: nothing was reported.`)
  }
  return reportSchema.parse(JSON.parse(said.call.argumentsJson))
}

/** The reported sections' passages first, in the order of the report. */
const inReportedOrder = (
  passages: readonly RankedPassage[],
  sections: readonly string[]
): RankedPassage[] => {
  const placeOf = ({ slug }: RankedPassage): number => {
    const place = sections.indexOf(slug)
    return place === -1 ? sections.length : place
  }
  return passages.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** @param heard the search that finds what is read */
export const readSearch = (heard: Search, handbook: Handbook): Search => ({
  name: 'search and reader',
  about:
    "heard, then the local stand-in's reader, which says no where what it would quote does not cover the question; not the service's model",
  ask: async (question) => {
    const answer = await heard.ask(question)
    const { found, sections } = readAnswer(question, givenOf(handbook, answer))
    return found
      ? { ...answer, decision: 'answer', passages: inReportedOrder(answer.passages, sections) }
      : { ...answer, decision: 'not_found' }
  }
})
