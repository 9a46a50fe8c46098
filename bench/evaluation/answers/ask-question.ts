// Asks one question as the kiosk does: the first response searches, the next one answers and reports.
import type { RealtimeResponse } from 'openai/resources/realtime/realtime'
import { withPassages } from '../../../src/renderer/call/answer-citations.ts'
import { readToolCall } from '../../../src/renderer/call/tool-calls.ts'
import type { ToolCall } from '../../../src/renderer/turn/turn-events.ts'
import type { Result } from '../../../src/shared/failure.ts'
import {
  type AnswerReport,
  failedToolOutput,
  type HandbookQuestion,
  type Passage,
  reportOutput,
  SEARCH_TOOL_NAME,
  type SearchAnswer,
  toolOutput
} from '../../../src/shared/handbook.ts'
import type { EvaluationQuestion } from '../question-set.ts'
import { type RealtimeConnection, RealtimeConnectionError } from './realtime-connection.ts'
import { addUsage, NO_USAGE, type Usage } from './token-prices.ts'

/** As in the kiosk. */
const MOST_SEARCHES = 3

export type Run = {
  question: EvaluationQuestion
  /** The last search. */
  searchedFor: HandbookQuestion | null
  passages: readonly Passage[]
  answer: string
  /** Null without a valid report. */
  report: AnswerReport | null
  usage: Usage
  /** Null for an answer. */
  failure: string | null
}

export type RunPorts = {
  openRealtimeConnection: () => Promise<RealtimeConnection>
  session: object
  search: (asked: HandbookQuestion) => Promise<Result<SearchAnswer>>
}

const callsOf = ({ output = [] }: RealtimeResponse): ToolCall[] =>
  output.flatMap((item) =>
    item.type === 'function_call'
      ? [readToolCall({ name: item.name, call_id: item.call_id ?? '', arguments: item.arguments })]
      : []
  )

const textOf = ({ output = [] }: RealtimeResponse): string =>
  output
    .flatMap((item) =>
      item.type === 'message' && item.role === 'assistant'
        ? item.content.map((part) => part.text ?? '')
        : []
    )
    .join(' ')
    .trim()

const usageOf = ({ usage }: RealtimeResponse): Usage => ({
  input: usage?.input_tokens ?? 0,
  cached: usage?.input_token_details?.cached_tokens ?? 0,
  output: usage?.output_tokens ?? 0
})

const outputFor = async (
  run: Run,
  call: ToolCall,
  search: RunPorts['search']
): Promise<{ run: Run; output: string }> => {
  switch (call.tool) {
    case 'report': {
      if (call.report === null) return { run, output: reportOutput('bad_request') }
      if (run.answer === '') return { run, output: reportOutput('not_answered_yet') }
      return { run: { ...run, report: call.report }, output: reportOutput(null) }
    }
    case 'search': {
      if (call.question === null) return { run, output: failedToolOutput('bad_request') }
      const searched = { ...run, searchedFor: call.question }
      const found = await search(call.question)
      if (!found.ok) {
        const { code } = found.error
        return { run: { ...searched, failure: code }, output: failedToolOutput(code) }
      }
      const passages = withPassages(run.passages, found.value.passages)
      return { run: { ...searched, passages }, output: toolOutput(found.value) }
    }
    case 'unknown':
      return { run, output: failedToolOutput('bad_request') }
  }
}

const converse = async (
  line: RealtimeConnection,
  blank: Run,
  { session, search }: RunPorts
): Promise<Run> => {
  let run = blank
  line.send({ type: 'session.update', session: { type: 'realtime', ...session } })
  await line.next('session.updated')
  line.send({
    type: 'conversation.item.create',
    item: {
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: run.question.text }]
    }
  })
  line.send({
    type: 'response.create',
    response: { tool_choice: { type: 'function', name: SEARCH_TOOL_NAME } }
  })
  for (let searches = 0; ; searches += 1) {
    const { response } = await line.next('response.done')
    run = {
      ...run,
      usage: addUsage(run.usage, usageOf(response)),
      answer: `${run.answer} ${textOf(response)}`.trim()
    }
    if (response.status !== 'completed') {
      const code = response.status_details?.error?.code ?? response.status_details?.reason
      throw new RealtimeConnectionError(
        code ?? 'response_failed',
        `The response is ${response.status}.`
      )
    }
    const calls = callsOf(response)
    for (const call of calls) {
      const answered = await outputFor(run, call, search)
      run = answered.run
      line.send({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: call.callId, output: answered.output }
      })
    }
    if (!calls.some(({ tool }) => tool === 'search')) return run
    line.send({
      type: 'response.create',
      response: { tool_choice: searches + 1 >= MOST_SEARCHES ? 'none' : 'auto' }
    })
  }
}

/** A failure of the service is in the run. */
export const askQuestion = async (question: EvaluationQuestion, ports: RunPorts): Promise<Run> => {
  const blank: Run = {
    question,
    searchedFor: null,
    passages: [],
    answer: '',
    report: null,
    usage: NO_USAGE,
    failure: null
  }
  let line: RealtimeConnection | null = null
  try {
    line = await ports.openRealtimeConnection()
    return await converse(line, blank, ports)
  } catch (error) {
    if (!(error instanceof RealtimeConnectionError)) throw error
    return { ...blank, failure: error.code }
  } finally {
    line?.close()
  }
}
