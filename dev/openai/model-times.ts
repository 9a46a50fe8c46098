// The times that a model takes: none of its own, the same for every decision, or those that are published for the service.

export type ModelTimes = {
  /** From `response.create` to a complete tool call. */
  toolPassMs: number
  /** From `response.create` to the first audio. */
  firstAudioMs: number
  /** From the sound of a word to its transcript, and from the commit to the whole transcript. */
  transcriptMs: number
}

/** The stand-in's own: recognition and synthesis take what they take. */
export const OWN_TIMES: ModelTimes = { toolPassMs: 0, firstAudioMs: 0, transcriptMs: 0 }

export const SERVICE_TIMES: ModelTimes = {
  /**
   * The server's time to its first byte, of gpt-realtime (github.com/kwindla/aiewf-eval, "audio timing deep dive").
   * No figure is published for a pass that ends in a call. The same benchmark's turns with a tool take 1.1 s longer than
   * its others (gpt-realtime-1.5: 2,251 against 1,152 ms), so this one favours clients that take two passes.
   */
  toolPassMs: 732,
  /** gpt-realtime-2.1 at minimal reasoning (Artificial Analysis, 2026-10-03); 1.12 s for gpt-realtime-2 (The Batch, May 2026). */
  firstAudioMs: 970,
  /**
   * OpenAI publishes no figure for gpt-live-transcribe. Streaming transcription takes 50 to 150 ms after the end of speech
   * (bolna.ai/docs/concepts/latency).
   */
  transcriptMs: 150
}

/** No client waits longer. */
const LONGEST_MS = 60_000

/** @param text `service`, or the milliseconds of every decision. Null for neither. */
export const readModelTimes = (text: string): ModelTimes | null => {
  if (text === 'service') return SERVICE_TIMES
  const ms = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isInteger(ms) && ms >= 0 && ms <= LONGEST_MS
    ? { toolPassMs: ms, firstAudioMs: ms, transcriptMs: 0 }
    : null
}
