// What the "model" does with a response. It knows nothing: it calls the search tool, then quotes the sentences
// of the result that answer the question best, or says what is missing; and where it is given a tool for that, it
// reports what its answer was taken from. Pure.

import { figureAskedFor } from './figure-questions.ts'
import type { AnswerLanguage, ModelView, ViewItem } from './model-view.ts'
import { saysWhatWasAsked } from './reader.ts'
import { sentencesOf } from './sentence.ts'
import type { FunctionTool } from './session-schema.ts'
import { type ReadPassage, readToolOutput } from './tool-result.ts'
import { contentStems, folded, tokens } from './words.ts'

/** Pieces of an answer, each in one language: the voice changes with them. */
export type SpokenPiece = { text: string; language: AnswerLanguage }

export type AnswererDecision =
  | { kind: 'call'; name: string; argumentsJson: string }
  /** `call` follows the words in the same response, as the service's own models do it. */
  | { kind: 'say'; pieces: SpokenPiece[]; call: { name: string; argumentsJson: string } | null }

/** A tool of this name is told what the answer was taken from. */
const REPORT_TOOL = 'report_answer'

const SENTENCES = {
  en: {
    greeting: 'Hello. Ask me anything about the handbook.',
    thanks: 'You are welcome.',
    notFound: 'That is not in the handbook. Please ask a manager.',
    failed: 'I could not reach the handbook. Please try again, or ask a manager.',
    unclear: 'I did not catch that. Please say it again.',
    noRecogniser: 'I cannot hear on this machine. Please type your question.',
    wrongLanguage: 'I can only hear English on this machine. Please type your question.',
    otherLanguage: 'The handbook has this only in Spanish:',
    noTool: 'I can only answer from the handbook, and I have no way to search it.',
    nothingAsked: 'What would you like to know?'
  },
  // As the screen and the instructions speak: tú.
  es: {
    greeting: 'Hola. Pregúntame lo que quieras sobre el manual.',
    thanks: 'De nada.',
    notFound: 'Eso no está en el manual. Por favor, pregúntale a un encargado.',
    failed: 'No pude consultar el manual. Inténtalo de nuevo o pregúntale a un encargado.',
    unclear: 'No te entendí. Por favor, repite la pregunta.',
    noRecogniser: 'En esta máquina no puedo oír. Por favor, escribe tu pregunta.',
    wrongLanguage: 'En esta máquina solo puedo oír inglés. Por favor, escribe tu pregunta.',
    otherLanguage: 'El manual lo tiene solo en inglés:',
    noTool: 'Solo puedo contestar con el manual y no tengo cómo consultarlo.',
    nothingAsked: '¿Qué quieres saber?'
  }
} as const

/** An answer is two or three sentences: what a cook can hold in the head with hands in the sink. */
const MOST_SENTENCES = 3

/** Past this many characters a further sentence is not added. */
const COMFORTABLE_CHARACTERS = 220

/** A further sentence must say at least this share of what the best one says about the question. */
const FURTHER_SENTENCE_SHARE = 0.5

/** Each passage counts this much less than the one ranked before it: the search knows the order. */
const RANK_DECAY = 0.82

const GREETING =
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|hola|buen[oa]s(?: (?:dias|tardes|noches))?)$/
const THANKS = /^(?:thanks|thank you(?: very much)?|ok thanks|gracias|muchas gracias)$/

const smallTalk = (question: string): 'greeting' | 'thanks' | null => {
  const words = folded(question)
    .replace(/[^a-z ]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (GREETING.test(words)) return 'greeting'
  return THANKS.test(words) ? 'thanks' : null
}

type UserItem = Extract<ViewItem, { kind: 'user' }>
type OutputItem = Extract<ViewItem, { kind: 'output' }>

const say = (text: string, language: AnswerLanguage): AnswererDecision => ({
  kind: 'say',
  pieces: [{ text, language }],
  call: null
})

const saidNotHeard = (user: UserItem, language: AnswerLanguage): AnswererDecision => {
  const words = SENTENCES[language]
  if (user.hearing !== 'unable') return say(words.unclear, language)
  return say(language === 'es' ? words.wrongLanguage : words.noRecogniser, language)
}

/** The tool to call: the one that is forced, or else one that searches, or else the only one. */
const toolFor = (view: ModelView): { tool: FunctionTool; forced: boolean } | null => {
  const { toolChoice, tools } = view
  if (toolChoice === 'none') return null
  if (typeof toolChoice === 'object') {
    const tool = tools.find(({ name }) => name === toolChoice.name)
    return tool === undefined ? null : { tool, forced: true }
  }
  const asking = tools.filter(({ name }) => name !== REPORT_TOOL)
  const tool = asking.find(({ name }) => name.includes('search')) ?? asking[0]
  return tool === undefined ? null : { tool, forced: toolChoice === 'required' }
}

/** The question goes in `query`, or in the first text that the tool asks for. */
const argumentsFor = (tool: FunctionTool, question: string): string => {
  const properties = tool.parameters?.properties
  if (typeof properties !== 'object' || properties === null)
    return JSON.stringify({ query: question })
  const names = Object.keys(properties)
  const texts = names.filter((name) => {
    const property: unknown = Reflect.get(properties, name)
    return (
      typeof property === 'object' &&
      property !== null &&
      Reflect.get(property, 'type') === 'string'
    )
  })
  const name = names.includes('query') ? 'query' : texts[0]
  return JSON.stringify(name === undefined ? {} : { [name]: question })
}

/**
 * Decides one response.
 *
 * A tool that is forced by `tool_choice` is called even for small talk, as a real model must; but when
 * nothing at all was understood there is nothing to put in the query, and inventing one would hide the
 * failed recognition. Then, and only then, a forced call is answered with a message that says so.
 */
export const decide = (view: ModelView): AnswererDecision => {
  const { language } = view
  const words = SENTENCES[language]
  const lastUserAt = view.items.findLastIndex((item) => item.kind === 'user')
  const user = view.items[lastUserAt]
  if (user?.kind !== 'user') return say(words.nothingAsked, language)
  if (user.text === null) return saidNotHeard(user, language)

  const since = view.items.slice(lastUserAt + 1)
  const reports = new Set(
    since.flatMap((item) =>
      item.kind === 'call' && item.name === REPORT_TOOL ? [item.callId] : []
    )
  )
  // The receipt of a report says nothing of the handbook.
  const outputs = since.filter(
    (item): item is OutputItem => item.kind === 'output' && !reports.has(item.callId)
  )
  const choice = toolFor(view)
  if (outputs.length > 0 && choice?.forced !== true) {
    const answer = answerFrom(user.text, outputs, language)
    return { kind: 'say', pieces: answer.pieces, call: reportOf(view, answer) }
  }

  const talk = smallTalk(user.text)
  if (choice?.forced !== true && talk !== null) return say(words[talk], language)
  if (choice === null) return say(words.noTool, language)
  return {
    kind: 'call',
    name: choice.tool.name,
    argumentsJson: argumentsFor(choice.tool, user.text)
  }
}

type Answer = {
  pieces: SpokenPiece[]
  /** Slugs that it was taken from; null where there is nothing to report: the handbook was not read. */
  sections: readonly string[] | null
}

/** Only where the session has the tool and this response may use it. */
const reportOf = (
  { tools, toolChoice }: ModelView,
  { sections }: Answer
): { name: string; argumentsJson: string } | null =>
  sections === null || toolChoice === 'none' || !tools.some(({ name }) => name === REPORT_TOOL)
    ? null
    : {
        name: REPORT_TOOL,
        argumentsJson: JSON.stringify({ found: sections.length > 0, sections })
      }

const answerFrom = (
  question: string,
  outputs: readonly OutputItem[],
  language: AnswerLanguage
): Answer => {
  const words = SENTENCES[language]
  const only = (text: string, sections: Answer['sections']): Answer => ({
    pieces: [{ text, language }],
    sections
  })
  const results = outputs.map(({ output }) => readToolOutput(output))
  const found = results.flatMap((result) => (result.kind === 'passages' ? [result] : []))
  const passages = found.flatMap((result) => result.passages)
  if (passages.length === 0) {
    return results.some(({ kind }) => kind === 'failed')
      ? only(words.failed, null)
      : only(words.notFound, [])
  }
  const inLanguage = passages.filter((passage) => passage.language === language)
  // The best passage decides: a poor match in the right language is worth less than the answer.
  const quoted =
    passages[0]?.language === language
      ? inLanguage
      : passages.filter((passage) => passage.language === passages[0]?.language)
  const quotedLanguage = quoted[0]?.language ?? language
  const quotes = quotesFrom(question, quoted)
  const isCertain = found.some(({ isUncertain }) => !isUncertain)
  if (quotes.length === 0 || !(isCertain || saysWhatWasAsked(question, quoted, quotes))) {
    return only(words.notFound, [])
  }
  const pieces: SpokenPiece[] =
    quotedLanguage === language ? [] : [{ text: words.otherLanguage, language }]
  for (const { text } of quotes) pieces.push({ text, language: quotedLanguage })
  // The section of what answers best comes first, wherever it stands in what is said.
  const bySection = quotes.toSorted((a, b) => b.score - a.score)
  return { pieces, sections: [...new Set(bySection.flatMap(({ slug }) => slug ?? []))] }
}

export type Quote = {
  text: string
  /** Of the passage that it stands in. */
  slug: string | undefined
  score: number
}
type Candidate = Quote & { order: number }

/**
 * The sentences that share most with the question, in the order of the handbook. Words that few of the
 * sentences have count more than words that all have.
 */
export const quotesFrom = (question: string, passages: readonly ReadPassage[]): Quote[] => {
  const language = passages[0]?.language ?? 'en'
  const plain = folded(question)
  const figure = figureAskedFor(plain)
  // "How hot does chicken have to be" is about chicken: the words that ask for the figure are answered by the
  // figure, and would otherwise be found in the hot box.
  const about = contentStems(
    figure === undefined ? plain : plain.replace(figure.asks, ' '),
    language
  )
  const asked = new Set(about.length > 0 ? about : contentStems(question, language))
  const all = passages.flatMap((passage, rank) =>
    sentencesOf(passage.text).map((sentence) => ({
      ...sentence,
      slug: passage.slug,
      rank,
      stems: new Set(contentStems(`${sentence.lead ?? ''} ${sentence.text}`, language)),
      sectionStems: new Set(contentStems(passage.section, language))
    }))
  )
  const seenIn = (stemmed: string): number => all.filter(({ stems }) => stems.has(stemmed)).length
  const weight = new Map(
    [...asked].map((stemmed) => [stemmed, Math.log(1 + all.length / (1 + seenIn(stemmed)))])
  )
  const candidates: Candidate[] = all.map((sentence, order) => {
    let score = 0
    for (const [stemmed, value] of weight) {
      if (sentence.stems.has(stemmed)) score += value
      // The section's title says what its sentences are about without repeating it.
      else if (sentence.sectionStems.has(stemmed)) score += value * 0.5
    }
    // Half a word's worth at least, so that a figure decides between sentences that say the same.
    if (figure?.shows.test(sentence.text) === true) score = score * 1.6 + 0.3
    const listed = sentence.lead === null ? sentence.text : `${sentence.lead} ${sentence.text}`
    return { text: listed, slug: sentence.slug, score: score * RANK_DECAY ** sentence.rank, order }
  })
  const ranked = candidates.toSorted((a, b) => b.score - a.score || a.order - b.order)
  const best = ranked[0]
  if (best === undefined) return []
  const chosen = [best]
  // Where nothing overlaps (another language, say) the section's opening is the best guess there is.
  const rest = best.score > 0 ? ranked.slice(1) : candidates.slice(1)
  for (const candidate of rest) {
    const length = chosen.reduce((sum, { text }) => sum + text.length, 0)
    if (chosen.length >= MOST_SENTENCES || length + candidate.text.length > COMFORTABLE_CHARACTERS)
      break
    if (candidate.score < best.score * FURTHER_SENTENCE_SHARE) break
    if (tokens(candidate.text).join(' ') !== tokens(best.text).join(' ')) chosen.push(candidate)
  }
  const next = candidates.find(({ order }) => order === best.order + 1)
  const length = best.text.length + (next?.text.length ?? 0)
  // One sentence alone is curt: what the handbook says next belongs to it.
  if (chosen.length === 1 && next !== undefined && length <= COMFORTABLE_CHARACTERS)
    chosen.push(next)
  return withoutRepeatedLeads(chosen.toSorted((a, b) => a.order - b.order))
}

/** Two items of one list are said with their lead once. */
const withoutRepeatedLeads = (sentences: readonly Quote[]): Quote[] => {
  const leads = new Set<string>()
  return sentences.map((sentence) => {
    const lead = /^(.*?:)\s/.exec(sentence.text)?.[1]
    if (lead === undefined) return sentence
    if (leads.has(lead)) return { ...sentence, text: sentence.text.slice(lead.length).trim() }
    leads.add(lead)
    return sentence
  })
}
