// Counts tokens. Audio is exact by the documented rates; text is approximate, since the models' tokenizer is not public.
import type { ConversationItem } from 'openai/resources/realtime/realtime'

/** A person's audio: one token per 100 ms. */
const USER_AUDIO_MS_PER_TOKEN = 100
/** The assistant's audio: one token per 50 ms. */
const ASSISTANT_AUDIO_MS_PER_TOKEN = 50
/** English and Spanish prose runs at about four characters a token. */
const CHARACTERS_PER_TEXT_TOKEN = 4

export type TokenCount = { text: number; audio: number }

export const NO_TOKENS: TokenCount = { text: 0, audio: 0 }

export const approximateTextTokens = (text: string): number =>
  Math.ceil(text.length / CHARACTERS_PER_TEXT_TOKEN)

export const userAudioTokens = (audioMs: number): number =>
  Math.ceil(audioMs / USER_AUDIO_MS_PER_TOKEN)

export const assistantAudioTokens = (audioMs: number): number =>
  Math.ceil(audioMs / ASSISTANT_AUDIO_MS_PER_TOKEN)

export const addTokens = (a: TokenCount, b: TokenCount): TokenCount => ({
  text: a.text + b.text,
  audio: a.audio + b.audio
})

/** Tokens of one item as input of the next response. */
export const itemTokens = (item: ConversationItem, audioMs: number): TokenCount => {
  switch (item.type) {
    case 'function_call':
      return { text: approximateTextTokens(item.name + item.arguments), audio: 0 }
    case 'function_call_output':
      return { text: approximateTextTokens(item.output), audio: 0 }
    case 'message': {
      let text = 0
      for (const part of item.content) text += approximateTextTokens(part.text ?? '')
      const audio =
        item.role === 'assistant' ? assistantAudioTokens(audioMs) : userAudioTokens(audioMs)
      return { text, audio }
    }
    default:
      return NO_TOKENS
  }
}
