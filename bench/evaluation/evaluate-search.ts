// Asks one search all questions and judges its answers.
import { say } from '../../dev/run-command.ts'
import { type EvaluationSet, half } from './question-set.ts'
import type { Judged } from './result-rows.ts'
import { judge, missingFacts } from './search-measures.ts'
import type { Answer, Asked, Search } from './search-result.ts'

const QUESTIONS_PER_LINE = 200

export const askedOf = ({ questions, requests }: EvaluationSet): Asked[] => {
  const byId = new Map(requests.map((request) => [request.id, request]))
  return questions.map((question) => {
    const request = byId.get(question.id)
    if (request === undefined) throw new Error(`${question.id} has no request.`)
    return { question, request }
  })
}

export const evaluateSearch = async (
  search: Search,
  asked: readonly Asked[],
  onAnswer: (asked: Asked, answer: Answer) => void
): Promise<Judged[]> => {
  const judged: Judged[] = []
  for (const each of asked) {
    const answer = await search.ask(each)
    onAnswer(each, answer)
    judged.push({ question: each.question, judgement: judge(each, answer) })
    if (judged.length % QUESTIONS_PER_LINE === 0) {
      say(`  ${search.name}: ${judged.length} of ${asked.length}`)
    }
  }
  return judged
}

/** The missed facts of a question; null without any, and for the test half. */
export const describeMiss = (
  name: string,
  { question, request }: Asked,
  { given }: Answer
): string | null => {
  if (half(question) !== 'development') return null
  const missing = missingFacts(question.facts, given)
  if (missing.length === 0) return null
  const listed = (slugs: readonly string[]): string => [...new Set(slugs)].join(', ') || 'nothing'
  return `${name} · ${question.id} ${question.kind} · ${question.text}
    restated: ${request.restated} · named: ${listed(request.sections)}
    given: ${listed(given.map(({ slug }) => slug))} · right: ${listed(question.sections)}
    lacks: ${missing.map(({ en, es }) => en ?? es).join(' · ')}
`
}
