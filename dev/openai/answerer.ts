// What the "model" does with a response. It is no reader: it calls the search with the words it heard, quotes the sentence
// that shares most of its words with the question, or says that there is none, and reports the quote. Enough for a
// newcomer's first questions and for the tests; a real model does better on every other question. Pure.
import type { AnswerLanguage, ModelView, ViewItem } from './model-view.ts'
import { PHRASES, type Phrase } from './phrases.ts'
import { type Quotation, quotationFor } from './quotation.ts'
import type { FunctionTool } from './session-schema.ts'
import { restated } from './synonyms.ts'
import { foldAccents } from './text-normalisation.ts'
import { readToolOutput } from './tool-result.ts'

/** Pieces of an answer, each in one language: the voice changes with them. */
export type SpokenPiece = { text: string; language: AnswerLanguage }

export type ToolCall = { name: string; argumentsJson: string }

/** `call` follows the words in the same response, as the service's own models do it. */
export type Answer = { kind: 'say'; pieces: SpokenPiece[]; call: ToolCall | null }

export type AnswererDecision = ({ kind: 'call' } & ToolCall) | Answer

/** A tool of this name is told what the answer was taken from. */
const REPORT_TOOL = 'report_answer'

/** Names that a question is put into, the first one that the tool has; else the tool's first text. */
const QUESTION_PARAMETERS = ['question', 'query']

const GREETING =
  /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|hola|buen[oa]s(?: (?:dias|tardes|noches))?)$/
const THANKS = /^(?:thanks|thank you(?: very much)?|ok thanks|gracias|muchas gracias)$/

const smallTalk = (question: string): 'greeting' | 'thanks' | null => {
  const words = foldAccents(question)
    .replace(/[^a-z ]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (GREETING.test(words)) return 'greeting'
  return THANKS.test(words) ? 'thanks' : null
}

const say = (phrase: Phrase, language: AnswerLanguage): Answer => ({
  kind: 'say',
  pieces: [{ text: PHRASES[language][phrase], language }],
  call: null
})

type UserItem = Extract<ViewItem, { kind: 'user' }>

const sayNotHeard = ({ hearing }: UserItem, language: AnswerLanguage): Answer => {
  if (hearing !== 'unable') return say('unclear', language)
  return say(language === 'es' ? 'wrongLanguage' : 'noRecogniser', language)
}

/** The tool to call: the one that is forced, or else one that searches, or else the first. */
const toolFor = ({
  toolChoice,
  tools
}: ModelView): { tool: FunctionTool; forced: boolean } | null => {
  if (toolChoice === 'none') return null
  if (typeof toolChoice === 'object') {
    const tool = tools.find(({ name }) => name === toolChoice.name)
    return tool === undefined ? null : { tool, forced: true }
  }
  const asking = tools.filter(({ name }) => name !== REPORT_TOOL)
  const tool = asking.find(({ name }) => name.includes('search')) ?? asking[0]
  return tool === undefined ? null : { tool, forced: toolChoice === 'required' }
}

/** The types of a tool's parameters, by name. */
const parameterTypes = ({ parameters }: FunctionTool): Map<string, unknown> => {
  const properties = parameters?.properties
  if (typeof properties !== 'object' || properties === null) return new Map()
  return new Map(
    Object.entries(properties).map(([name, schema]: [string, unknown]) => [
      name,
      typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'type') : undefined
    ])
  )
}

/** It has no table of contents to choose from: it names no section. */
const searchCall = (tool: FunctionTool, question: string, language: AnswerLanguage): ToolCall => {
  const types = parameterTypes(tool)
  const [firstText] = [...types].flatMap(([name, type]) => (type === 'string' ? [name] : []))
  const place = QUESTION_PARAMETERS.find((name) => types.has(name)) ?? firstText
  const given = {
    ...(types.get('sections') === 'array' ? { sections: [] } : {}),
    ...(place === undefined ? {} : { [place]: question }),
    ...(types.has('restated') ? { restated: restated(question, language) } : {})
  }
  return { name: tool.name, argumentsJson: JSON.stringify(given) }
}

/**
 * Decides one response.
 *
 * A tool that is forced by `tool_choice` is called even for small talk, as a real model must. A question that was not
 * understood has no words to search for: then a forced call is answered with a message, so that a failed recognition
 * stays visible.
 */
export const decide = (view: ModelView): AnswererDecision => {
  const { language } = view
  const lastUserAt = view.items.findLastIndex((item) => item.kind === 'user')
  const user = view.items[lastUserAt]
  if (user?.kind !== 'user') return say('nothingAsked', language)
  if (user.text === null) return sayNotHeard(user, language)

  const outputs = outputsOf(view.items.slice(lastUserAt + 1))
  const choice = toolFor(view)
  if (outputs.length > 0 && choice?.forced !== true) return answerFrom(user.text, outputs, view)

  const talk = smallTalk(user.text)
  if (choice?.forced !== true && talk !== null) return say(talk, language)
  if (choice === null) return say('noTool', language)
  return { kind: 'call', ...searchCall(choice.tool, user.text, language) }
}

/** The outputs of tools; the receipt of a report says nothing of the handbook. */
const outputsOf = (items: readonly ViewItem[]): string[] => {
  const reports = new Set(
    items.flatMap((item) =>
      item.kind === 'call' && item.name === REPORT_TOOL ? [item.callId] : []
    )
  )
  return items.flatMap((item) =>
    item.kind === 'output' && !reports.has(item.callId) ? [item.output] : []
  )
}

const answerFrom = (question: string, outputs: readonly string[], view: ModelView): Answer => {
  const { language } = view
  const results = outputs.map(readToolOutput)
  const passages = results.flatMap((result) => (result.kind === 'passages' ? result.passages : []))
  const quotation = quotationFor(restated(question, language), passages)
  if (quotation !== null) {
    return {
      kind: 'say',
      pieces: piecesOf(quotation, language),
      call: reportCall(view, sourcesOf(quotation))
    }
  }
  const text = results.find((result) => result.kind === 'text')
  if (text !== undefined) {
    return { kind: 'say', pieces: [{ text: text.text, language: text.language }], call: null }
  }
  if (results.some(({ kind }) => kind === 'failed')) return say('failed', language)
  return { ...say('notFound', language), call: reportCall(view, []) }
}

const piecesOf = ({ passage, sentences }: Quotation, language: AnswerLanguage): SpokenPiece[] => [
  ...(passage.language === language ? [] : [{ text: PHRASES[language].otherLanguage, language }]),
  ...sentences.map(({ text }) => ({ text, language: passage.language })),
  ...(passage.needsManager ? [{ text: PHRASES[language].caution, language }] : [])
]

type Source = { section: string; quote: string }

/** A list's item of one word is no quote; the line that opens the list is reported for it. */
const sourcesOf = ({ passage, sentences }: Quotation): Source[] =>
  sentences
    .filter(({ quote }, place) => place === 0 || quote.includes(' '))
    .map(({ quote }) => ({ section: passage.section ?? '', quote }))

/** Only where the session has the tool and this response may use it. */
const reportCall = (
  { tools, toolChoice }: ModelView,
  sources: readonly Source[]
): ToolCall | null =>
  toolChoice === 'none' || !tools.some(({ name }) => name === REPORT_TOOL)
    ? null
    : {
        name: REPORT_TOOL,
        argumentsJson: JSON.stringify({ found: sources.length > 0, sources })
      }
