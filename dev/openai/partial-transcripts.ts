// Transcribes a hold while it is being spoken. Only words that two recognitions in a row agree on are sent.
import type { InputAudioBuffer } from './input-audio-buffer.ts'

/** A longer buffer is a silent track, not a question. */
const LONGEST_SPEECH_MS = 30_000

/** The words that both begin with. */
export const commonWordPrefix = (before: string, now: string): string => {
  const beforeWords = before.split(' ')
  const nowWords = now.split(' ')
  const differs = nowWords.findIndex((word, index) => word !== beforeWords[index])
  return (differs < 0 ? nowWords : nowWords.slice(0, differs)).join(' ')
}

/**
 * @param everyMs new audio between two recognitions. @param onText gets the whole agreed transcript so far.
 * @param due resolves when the transcript of a recognition that took this long is due. @param isWanted is checked before
 * each recognition.
 */
export const createPartialTranscriber = (
  buffer: InputAudioBuffer,
  everyMs: number,
  recognise: (samples: Int16Array) => Promise<string | null>,
  due: (tookMs: number) => Promise<void>,
  onText: (text: string) => void,
  isWanted: () => boolean
) => {
  let generation = 0
  let recognisedMs = 0
  let before = ''
  let isBusy = false

  const update = async (): Promise<void> => {
    const current = generation
    isBusy = true
    recognisedMs = buffer.durationMs()
    const startedMs = performance.now()
    const text = (await recognise(buffer.copy())) ?? ''
    isBusy = false
    if (current !== generation) return
    const agreed = commonWordPrefix(before, text)
    before = text
    if (agreed === '') return
    // The next recognition does not wait for it.
    await due(performance.now() - startedMs)
    if (current === generation) onText(agreed)
  }

  return {
    /** Call it when audio was added to the buffer. */
    grown: (): void => {
      const bufferedMs = buffer.durationMs()
      if (isBusy || bufferedMs - recognisedMs < everyMs || !isWanted()) return
      if (bufferedMs <= LONGEST_SPEECH_MS) void update()
    },
    /** Call it when the buffer was emptied. */
    restart: (): void => {
      generation += 1
      recognisedMs = 0
      before = ''
    }
  }
}
