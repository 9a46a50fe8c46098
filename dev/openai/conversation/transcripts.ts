// Sends the transcript of a user's audio: words before the commit, and the whole after it.
import type { ConversationItem } from 'openai/resources/realtime/realtime'
import { approximateTextTokens, userAudioTokens } from '../token-count.ts'
import { change, type Draft, emit, replaceItem } from './draft.ts'
import { findItem, type RecognisedSpeech, type Recognition } from './state.ts'

/** The older models; the price list has the newer ones by the minute. */
const TOKEN_BILLED = /^gpt-4o-/

/** Words with the space before them: joined, the pieces are the text. */
export const wordsOf = (text: string): string[] => text.match(/\s*\S+/gu) ?? []

const isTranscribed = ({ state }: Draft): boolean =>
  state.session.audio.input.transcription !== null

/** The words that `sent` lacks. Words that were sent stay; only `completed` corrects them. */
const unsentWords = (text: string, sent: string): string[] => {
  if (sent === '') return wordsOf(text)
  return text.startsWith(`${sent} `) ? wordsOf(text.slice(sent.length)) : []
}

const emitWords = (draft: Draft, itemId: string, words: readonly string[]) => {
  for (const delta of words)
    emit(draft, {
      type: 'conversation.item.input_audio_transcription.delta',
      item_id: itemId,
      content_index: 0,
      delta
    })
}

/** Sends deltas while audio comes, as gpt-live-transcribe does, under the item id of the later commit. */
export const addPartialTranscript = (draft: Draft, text: string) => {
  if (!isTranscribed(draft)) return
  const { partialTranscript, speechItemId } = draft.state
  const words = unsentWords(text, partialTranscript?.text ?? '')
  if (words.length === 0) return
  const itemId = partialTranscript?.itemId ?? speechItemId ?? draft.context.newId('item')
  change(draft, { partialTranscript: { itemId, text } })
  emitWords(draft, itemId, words)
}

/** The model reads what was recognised, whether the session asks for a transcript or not. */
export const storeRecognition = (
  draft: Draft,
  itemId: string,
  recognition: RecognisedSpeech
): void => replaceItem(draft, itemId, (stored) => ({ ...stored, recognition }))

/** Sends the transcript of an item whose recognition is stored. */
export const completeTranscript = (draft: Draft, itemId: string) => {
  const stored = findItem(draft.state, itemId)
  const recognition = stored?.recognition ?? null
  if (stored === undefined || recognition === null || !isTranscribed(draft)) return
  if (recognition.kind !== 'recognised')
    return emit(draft, {
      type: 'conversation.item.input_audio_transcription.failed',
      item_id: itemId,
      content_index: 0,
      error: { type: 'transcription_error', ...failureOf(recognition) }
    })
  const { text: transcript } = recognition
  replaceItem(draft, itemId, ({ item, ...rest }) => ({
    ...rest,
    item: withTranscript(item, transcript)
  }))
  emitWords(draft, itemId, unsentWords(transcript, stored.partialTranscript ?? ''))
  emit(draft, {
    type: 'conversation.item.input_audio_transcription.completed',
    item_id: itemId,
    content_index: 0,
    transcript,
    usage: usageOf(draft, stored.audioMs, transcript)
  })
}

/** By tokens or by duration, as the model is billed. */
const usageOf = ({ state }: Draft, audioMs: number, transcript: string) => {
  const model = state.session.audio.input.transcription?.model ?? ''
  if (!TOKEN_BILLED.test(model))
    return { type: 'duration' as const, seconds: Math.ceil(audioMs / 1_000) }
  const audio_tokens = userAudioTokens(audioMs)
  const output_tokens = approximateTextTokens(transcript)
  return {
    type: 'tokens' as const,
    input_tokens: audio_tokens,
    output_tokens,
    total_tokens: audio_tokens + output_tokens,
    input_token_details: { audio_tokens, text_tokens: 0 }
  }
}

const failureOf = (recognition: Exclude<Recognition, { kind: 'recognised' }>) => {
  if (recognition.kind !== 'unable')
    return { code: 'audio_unintelligible', message: 'The audio could not be transcribed.' }
  return {
    code: 'server_error',
    message: 'This stand-in has no speech recogniser: install pocketsphinx and pocketsphinx-en-us.'
  }
}

const withTranscript = (item: ConversationItem, transcript: string): ConversationItem =>
  item.type === 'message' && item.role === 'user'
    ? { ...item, content: item.content.map((part) => ({ ...part, transcript })) }
    : item
