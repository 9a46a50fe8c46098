// A live transcript: what is still being said is listened to again and again, and the words that two listenings in a
// row agree on are told.
import type { InputAudioBuffer } from './input-audio-buffer.ts'

/** New audio between two listenings; one takes a few hundred milliseconds. */
const LISTEN_EVERY_MS = 400

/** A buffer longer than any question is a silent track, not a person. */
const LONGEST_SPEECH_MS = 30_000

/** The words that both begin with. */
export const commonWordPrefix = (before: string, now: string): string => {
  const beforeWords = before.split(' ')
  const nowWords = now.split(' ')
  const differs = nowWords.findIndex((word, index) => word !== beforeWords[index])
  return (differs < 0 ? nowWords : nowWords.slice(0, differs)).join(' ')
}

export type PartialTranscriber = {
  /** Audio was added to the buffer. */
  grown: () => void
  /** The buffer was emptied: what is being listened to is no longer in it. */
  restart: () => void
}

/** @param tell gets all that is agreed on so far. @param isWanted is asked before each listening. */
export const createPartialTranscriber = (
  input: InputAudioBuffer,
  listen: (samples: Int16Array) => Promise<string | null>,
  tell: (text: string) => void,
  isWanted: () => boolean
): PartialTranscriber => {
  let buffer = 0
  let heardMs = 0
  let before = ''
  let listening = false

  const hear = async (): Promise<void> => {
    const listenedTo = buffer
    listening = true
    heardMs = input.durationMs()
    const text = (await listen(input.copy())) ?? ''
    listening = false
    if (listenedTo !== buffer) return
    const agreed = commonWordPrefix(before, text)
    before = text
    if (agreed !== '') tell(agreed)
  }

  return {
    grown: () => {
      const bufferedMs = input.durationMs()
      if (listening || bufferedMs - heardMs < LISTEN_EVERY_MS || !isWanted()) return
      if (bufferedMs <= LONGEST_SPEECH_MS) void hear()
    },
    restart: () => {
      buffer += 1
      heardMs = 0
      before = ''
    }
  }
}
