// Counts the tokens of a response for `response.usage`.
import {
  addTokens,
  approximateTextTokens,
  itemTokens,
  NO_TOKENS,
  type TokenCount
} from '../token-count.ts'
import type { ActiveResponse, Conversation } from './state.ts'

const inputTokens = ({ session }: Conversation, response: ActiveResponse): TokenCount => {
  const tools = response.request.tools ?? session.tools
  const instructions = response.request.instructions ?? session.instructions
  const text = instructions + (tools.length > 0 ? JSON.stringify(tools) : '')
  return response.input
    .map(({ item, audioMs }) => itemTokens(item, audioMs))
    .reduce(addTokens, { text: approximateTextTokens(text), audio: 0 })
}

/** The words of a spoken answer are generated too, and count as text beside its audio. */
const outputTokens = ({ output }: ActiveResponse): TokenCount =>
  output
    .map(({ item, audioMs }) => {
      const { text, audio } = itemTokens(item, audioMs)
      const transcript =
        item.type === 'message' && item.role === 'assistant'
          ? item.content.map((part) => part.transcript ?? '').join('')
          : ''
      return { text: text + approximateTextTokens(transcript), audio }
    })
    .reduce(addTokens, NO_TOKENS)

/** @returns the input's tokens, which the next response finds in the cache, and the usage as the service shows it. */
export const usageOf = (state: Conversation, response: ActiveResponse) => {
  const input = inputTokens(state, response)
  const output = outputTokens(response)
  const cached = {
    text: Math.min(state.cached.text, input.text),
    audio: Math.min(state.cached.audio, input.audio)
  }
  return {
    input,
    resource: {
      total_tokens: input.text + input.audio + output.text + output.audio,
      input_tokens: input.text + input.audio,
      output_tokens: output.text + output.audio,
      input_token_details: {
        text_tokens: input.text,
        audio_tokens: input.audio,
        image_tokens: 0,
        cached_tokens: cached.text + cached.audio,
        cached_tokens_details: {
          text_tokens: cached.text,
          audio_tokens: cached.audio,
          image_tokens: 0
        }
      },
      output_token_details: { text_tokens: output.text, audio_tokens: output.audio }
    }
  }
}
