// Decides a response without a model: calls the search with the question, then quotes and reports the sentence that
// shares most words with it. Enough for a newcomer's first questions and for the tests. Pure.
import type { ToolCall } from './conversation/responses.ts'
import type { AnswerLanguage, ModelView, ViewItem } from './model-view.ts'
import { PHRASES, type Phrase } from './phrases.ts'
import { type Quotation, quotationFor } from './quotation.ts'
import { restated } from './restatement.ts'
import type { FunctionTool } from './session-schema.ts'
import { foldAccents } from './text-normalisation.ts'
import { readToolOutput, type ToolResult } from './tool-result.ts'

/** A piece of an answer in one language, which chooses its voice. */
export type SpokenPiece = {
  text: string
  language: AnswerLanguage
  /** It begins a message of its own. */
  isMessage?: true
}

/** `call` follows the words in the same response, as with the service's models. */
export type Answer = { kind: 'say'; pieces: SpokenPiece[]; call: ToolCall | null }

export type AnswererDecision = ({ kind: 'call' } & ToolCall) | Answer

/** The tool that gets the sources of an answer. */
const REPORT_TOOL = 'report_answer'

/** Parameter names for the question; the first one of the tool counts, or else its first text. */
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

const sayNotRecognised = ({ recognition }: UserItem, language: AnswerLanguage): Answer =>
  say(recognition === 'unable' ? 'noRecogniser' : 'unclear', language)

/** Chooses the forced tool, or else one that searches, or else the first. */
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

/** Names no section: the answerer reads no table of contents. */
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
 * Calls a tool that `tool_choice` forces even for small talk, as a real model must. An unrecognised question gets a
 * message in any case, so that the failed recognition stays visible.
 */
export const decide = (view: ModelView): AnswererDecision => {
  const { language } = view
  const lastUserAt = view.items.findLastIndex((item) => item.kind === 'user')
  const user = view.items[lastUserAt]
  if (user?.kind !== 'user') return say('nothingAsked', language)
  if (user.text === null) return sayNotRecognised(user, language)

  const after = view.items.slice(lastUserAt + 1)
  const outputs = outputsOf(after)
  const choice = toolFor(view)
  if (outputs.length === 0) {
    const answer = answerFromGiven(user.text, after, view)
    if (answer !== null) return answer
  }
  if (outputs.length > 0 && choice?.forced !== true) return answerFrom(user.text, outputs, view)

  const talk = smallTalk(user.text)
  if (choice?.forced !== true && talk !== null) return say(talk, language)
  if (choice === null) return say('noTool', language)
  return { kind: 'call', ...searchCall(choice.tool, user.text, language) }
}

/** True for a recognised question that nothing was searched for, by the model or by its client. */
export const lacksPassages = ({ items }: ModelView): boolean => {
  const lastUserAt = items.findLastIndex((item) => item.kind === 'user')
  const user = items[lastUserAt]
  const after = items.slice(lastUserAt + 1)
  return (
    user?.kind === 'user' &&
    user.text !== null &&
    outputsOf(after).length === 0 &&
    !after.some(({ kind }) => kind === 'passages')
  )
}

/** Answers from passages that came with the question; null when they do not answer it. */
const answerFromGiven = (
  question: string,
  items: readonly ViewItem[],
  view: ModelView
): Answer | null => {
  const given = items.flatMap((item) => (item.kind === 'passages' ? [item.output] : []))
  return given.length === 0 ? null : quoteFrom(question, given.map(readToolOutput), view)
}

/** The outputs of tools, without the receipts of reports. */
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

const quoteFrom = (
  question: string,
  results: readonly ToolResult[],
  view: ModelView
): Answer | null => {
  const { language } = view
  const passages = results.flatMap((result) => (result.kind === 'passages' ? result.passages : []))
  const quotation = quotationFor(restated(question, language), passages)
  return quotation === null
    ? null
    : {
        kind: 'say',
        pieces: piecesOf(quotation, language),
        call: reportCall(view, sourcesOf(quotation))
      }
}

const answerFrom = (question: string, outputs: readonly string[], view: ModelView): Answer => {
  const { language } = view
  const results = outputs.map(readToolOutput)
  const answer = quoteFrom(question, results, view)
  if (answer !== null) return answer
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

/** A list item of one word is no quote: the list's opening line stands for it. */
const sourcesOf = ({ passage, sentences }: Quotation): Source[] =>
  sentences
    .filter(({ quote }, place) => place === 0 || quote.includes(' '))
    .map(({ quote }) => ({ section: passage.section ?? '', quote }))

/** Null when the session lacks the tool, or this response may not call it. */
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
