// Generates responses: waits for the recognition, decides, and writes or speaks the answer at a model's pace.
import { withFault } from './answer-fault.ts'
import { type Pace, type PacedPiece, pacedPieces, truncateAudio } from './answer-pace.ts'
import { type Answer, decide } from './answerer.ts'
import type { Input } from './conversation/reducer.ts'
import { type Conversation, findResponse } from './conversation/state.ts'
import { wordsOf } from './conversation/transcripts.ts'
import type { FaultPlan } from './fault-injection.ts'
import { modelView } from './model-view.ts'
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
}

export const createAnswerWriter = (ports: AnswerWriterPorts) => {
  const { conversation, dispatch, output, pause, plan } = ports
  const generating = new Map<string, AbortController>()
  const muted = new Set<string>()

  const speechOf = async ({ spoken, language }: PacedPiece): Promise<Speech> =>
    spoken === null
      ? { ok: true, samples: new Int16Array(0) }
      : ports.voice.speak(spoken, language, conversation().session.audio.output.speed)

  const finish = (responseId: string, { call }: Answer): void =>
    dispatch({ type: 'finished', responseId, ...(call === null ? {} : { call }) })

  const write = async (responseId: string, answer: Answer, signal: AbortSignal): Promise<void> => {
    dispatch({ type: 'decided', responseId, decision: { kind: 'message' } })
    for (const word of wordsOf(answer.pieces.map(({ text }) => text).join(' '))) {
      if (signal.aborted) return
      dispatch({ type: 'text_delta', responseId, delta: word, audioMs: 0 })
      await pause(TEXT_WORD_MS)
    }
    if (!signal.aborted) finish(responseId, answer)
  }

  const speakWords = async (
    responseId: string,
    words: readonly string[],
    samples: Int16Array,
    signal: AbortSignal
  ): Promise<void> => {
    const isAudible = !muted.has(responseId) && samples.length > 0
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

  const speak = async (responseId: string, answer: Answer, signal: AbortSignal): Promise<void> => {
    const pace: Pace = { ...ports.pace, brief: plan.brief() ?? ports.pace.brief }
    for (const [index, piece] of pacedPieces(answer.pieces, pace).entries()) {
      const speech = await speechOf(piece)
      if (signal.aborted) return
      if (!speech.ok) {
        const { message } = speech
        ports.onVoiceFailed(message)
        const decision = { kind: 'failed', code: 'server_error', message } as const
        dispatch({ type: 'decided', responseId, decision })
        return output.end(responseId)
      }
      if (index === 0) dispatch({ type: 'decided', responseId, decision: { kind: 'message' } })
      const words = wordsOf(index === 0 ? piece.text : ` ${piece.text}`)
      await speakWords(responseId, words, truncateAudio(speech.samples, piece.longestMs), signal)
    }
    if (signal.aborted) return
    finish(responseId, answer)
    output.end(responseId)
  }

  const withPlannedFault = (answer: Answer): Answer => {
    const fault = answer.call === null ? null : plan.takeAnswerFault()
    return fault === null ? answer : withFault(answer, fault)
  }

  return {
    generate: async (responseId: string): Promise<void> => {
      const abort = new AbortController()
      generating.set(responseId, abort)
      const stallMs = plan.takeStallMs()
      if (stallMs !== null) await pause(stallMs)
      const input = findResponse(conversation(), responseId)?.input ?? []
      // Recognition runs within the time that the model thinks.
      const { decisionDelayMs } = ports.pace
      await Promise.all([
        decisionDelayMs > 0 ? pause(decisionDelayMs) : undefined,
        ...input.map(({ item }) => ports.recognised(item.id ?? ''))
      ])
      const response = findResponse(conversation(), responseId)
      if (abort.signal.aborted || response === undefined) return
      const decision = decide(modelView(conversation(), response))
      if (decision.kind === 'call') dispatch({ type: 'decided', responseId, decision })
      else {
        const put = response.modality === 'audio' ? speak : write
        await put(responseId, withPlannedFault(decision), abort.signal)
      }
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
