// Generates responses: waits for the recognition, decides, and writes or speaks the answer at a model's pace.
import { withFault } from './answer-fault.ts'
import { type Pace, type PacedPiece, pacedPieces, truncateAudio } from './answer-pace.ts'
import { type Answer, type AnswererDecision, decide, lacksPassages } from './answerer.ts'
import type { Input } from './conversation/reducer.ts'
import type { Ending } from './conversation/responses.ts'
import { type ActiveResponse, type Conversation, findResponse } from './conversation/state.ts'
import { wordsOf } from './conversation/transcripts.ts'
import type { FaultPlan } from './fault-injection.ts'
import { type AnswerLanguage, modelView } from './model-view.ts'
import { RESPONSE_FAULTS, type ResponseFault } from './response-fault.ts'
import { inSeveralMessages, withPreamble } from './response-shape.ts'
import type { OutputAudio } from './session-connection.ts'
import { OUTPUT_RATE_HZ, type Speech, type Voice } from './speech-synthesiser.ts'

/** The real models write about three times as fast as the voice speaks: a cancel can still find one active. */
const GENERATION_SPEED = 3

/** A fast model's pace: about 100 tokens a second. */
const TEXT_WORD_MS = 10

export type AnswerWriterPorts = {
  voice: Voice
  pace: Pace
  plan: FaultPlan
  output: OutputAudio
  conversation: () => Conversation
  dispatch: (input: Input) => void
  /** Resolves when an item's audio is recognised; undefined for an item without audio. */
  recognised: (itemId: string) => Promise<void> | undefined
  pause: (delayMs: number) => Promise<void>
  onVoiceFailed: (message: string) => void
  /** An answer to a recognised question for which nothing was searched. */
  onUnfounded: () => void
}

/** Writes or speaks an answer, and calls `end` after its last word. */
type Put = (
  responseId: string,
  answer: Answer,
  signal: AbortSignal,
  end: () => void
) => Promise<void>

const firstHalf = (answer: Answer): Answer => ({
  ...answer,
  pieces: answer.pieces.slice(0, 1).map(({ text, language }) => {
    const words = wordsOf(text)
    return { text: words.slice(0, Math.ceil(words.length / 2)).join(''), language }
  })
})

type EndAs = (responseId: string, ending: Ending) => void

/** @param isMuted the output was cleared: the response goes on without audio */
const createPuts = (
  ports: AnswerWriterPorts,
  isMuted: (responseId: string) => boolean,
  endAs: EndAs
): Record<'speak' | 'write', Put> => {
  const { conversation, dispatch, output, pause, plan } = ports

  const speechOf = async ({ spoken, language }: PacedPiece): Promise<Speech> =>
    spoken === null
      ? { ok: true, samples: new Int16Array(0) }
      : ports.voice.speak(spoken, language, conversation().session.audio.output.speed)

  const write: Put = async (responseId, answer, signal, end) => {
    for (const [index, { text, isMessage = index === 0 }] of answer.pieces.entries()) {
      if (isMessage) dispatch({ type: 'decided', responseId, decision: { kind: 'message' } })
      for (const word of wordsOf(isMessage ? text : ` ${text}`)) {
        if (signal.aborted) return
        dispatch({ type: 'text_delta', responseId, delta: word, audioMs: 0 })
        await pause(TEXT_WORD_MS)
      }
    }
    if (!signal.aborted) end()
  }

  const speakWords = async (
    responseId: string,
    words: readonly string[],
    samples: Int16Array,
    signal: AbortSignal
  ): Promise<void> => {
    const isAudible = !isMuted(responseId) && samples.length > 0
    const portions = isAudible ? output.portions(samples, words.length) : []
    for (const [index, word] of words.entries()) {
      if (signal.aborted) return
      const portion = portions[index] ?? null
      const audioMs = portion === null ? 0 : durationMs(portion)
      dispatch({ type: 'text_delta', responseId, delta: word, audioMs })
      if (portion !== null) output.push(responseId, portion)
      await pause(durationMs(samples) / GENERATION_SPEED / words.length)
    }
  }

  const speak: Put = async (responseId, answer, signal, end) => {
    const pace: Pace = { ...ports.pace, brief: plan.brief() ?? ports.pace.brief }
    for (const [index, piece] of pacedPieces(answer.pieces, pace).entries()) {
      const speech = await speechOf(piece)
      if (signal.aborted) return
      if (!speech.ok) {
        const { message } = speech
        ports.onVoiceFailed(message)
        const error = { type: 'server_error', code: 'server_error', message }
        return endAs(responseId, { status: 'failed', error })
      }
      const { isMessage = index === 0 } = piece
      if (isMessage) dispatch({ type: 'decided', responseId, decision: { kind: 'message' } })
      const words = wordsOf(isMessage ? piece.text : ` ${piece.text}`)
      await speakWords(responseId, words, truncateAudio(speech.samples, piece.longestMs), signal)
    }
    if (!signal.aborted) end()
  }

  return { speak, write }
}

export const createAnswerWriter = (ports: AnswerWriterPorts) => {
  const { conversation, dispatch, output, pause, plan } = ports
  const generating = new Map<string, AbortController>()
  const muted = new Set<string>()

  const finish = (responseId: string, { call }: Answer): void => {
    dispatch({ type: 'finished', responseId, ...(call === null ? {} : { call }) })
    output.end(responseId)
  }

  const endAs: EndAs = (responseId, ending) => {
    dispatch({ type: 'decided', responseId, decision: { kind: 'ended', ending } })
    output.end(responseId)
  }

  const { speak, write } = createPuts(ports, (responseId) => muted.has(responseId), endAs)

  /** Ends the response as the fault says, after half of the words or before the first. */
  const putFault = async (
    put: Put,
    responseId: string,
    answer: Answer,
    fault: ResponseFault,
    signal: AbortSignal
  ): Promise<void> => {
    const { ending, at } = RESPONSE_FAULTS[fault]
    const end = () => {
      if (ending !== null) endAs(responseId, ending)
    }
    if (at === 'start') end()
    else await put(responseId, firstHalf(answer), signal, end)
  }

  const withPlannedFault = (answer: Answer): Answer => {
    const fault = answer.call === null ? null : plan.takeAnswerFault()
    return fault === null ? answer : withFault(answer, fault)
  }

  /** Only a session with parallel calls gets them. */
  const mayCallInParallel = ({ request }: ActiveResponse): boolean =>
    (request.parallel_tool_calls ?? conversation().session.parallel_tool_calls) !== false

  const put = async (
    response: ActiveResponse,
    decision: AnswererDecision,
    language: AnswerLanguage,
    signal: AbortSignal
  ): Promise<void> => {
    const { id: responseId } = response
    const putWords = response.modality === 'audio' ? speak : write
    if (decision.kind === 'call') {
      const isParallel = mayCallInParallel(response) && plan.takesShape('parallel_calls')
      const parallel = isParallel ? [decision] : []
      if (!plan.takesShape('preamble'))
        return dispatch({ type: 'decided', responseId, decision: { ...decision, parallel } })
      const announced = withPreamble(decision, language)
      return putWords(responseId, announced, signal, () => finish(responseId, announced))
    }
    const fault = decision.call === null ? null : plan.takeResponseFault()
    const whole = withPlannedFault(decision)
    const answer = plan.takesShape('several_messages') ? inSeveralMessages(whole) : whole
    if (fault !== null) return putFault(putWords, responseId, answer, fault, signal)
    return putWords(responseId, answer, signal, () => finish(responseId, answer))
  }

  return {
    generate: async (responseId: string): Promise<void> => {
      const abort = new AbortController()
      generating.set(responseId, abort)
      const stallMs = plan.takeStallMs()
      if (stallMs !== null) await pause(stallMs)
      const input = findResponse(conversation(), responseId)?.input ?? []
      const startedMs = performance.now()
      await Promise.all(input.map(({ item }) => ports.recognised(item.id ?? '')))
      const response = findResponse(conversation(), responseId)
      if (abort.signal.aborted || response === undefined) return
      const view = modelView(conversation(), response)
      const decision = decide(view)
      // Recognition runs within the time that the model thinks.
      const { toolPassMs, firstAudioMs } = ports.pace.times
      const tookMs = performance.now() - startedMs
      const leftMs = (decision.kind === 'call' ? toolPassMs : firstAudioMs) - tookMs
      if (leftMs > 0) await pause(leftMs)
      if (abort.signal.aborted) return
      if (decision.kind === 'say' && lacksPassages(view)) ports.onUnfounded()
      await put(response, decision, view.language, abort.signal)
      generating.delete(responseId)
      muted.delete(responseId)
    },
    stop: (responseId: string): void => {
      generating.get(responseId)?.abort()
      generating.delete(responseId)
      output.end(responseId)
    },
    /** The responses that are being written stay without further audio. */
    mute: (): void => {
      for (const responseId of generating.keys()) muted.add(responseId)
      output.clear()
    },
    stopAll: () => {
      for (const abort of generating.values()) abort.abort()
    }
  }
}

export type AnswerWriter = ReturnType<typeof createAnswerWriter>

const durationMs = (samples: Int16Array): number => (samples.length / OUTPUT_RATE_HZ) * 1_000
