// A microphone that speaks a question. It needs espeak-ng and pocketsphinx, which npm does not bring.
import {
  type MicrophoneFile,
  type Silence,
  speak,
  writeMicrophoneFile
} from '../../../dev/drive/microphone-file.ts'
import { findEspeak } from '../../../dev/external-tools.ts'
import type { StackAddress } from '../../../dev/local-stack.ts'
import type { Language } from '../../../src/shared/language.ts'
import { test } from './fixtures.ts'

/** The reason that speech is not possible here, or null. */
const missingForSpeech = (stack: StackAddress): string | null => {
  if (findEspeak() === null) return 'espeak-ng is missing (npm run setup)'
  return stack.recogniser === 'none' ? 'pocketsphinx is missing (npm run setup)' : null
}

/** Skips the current test, with the reason, where speech cannot be made or recognised. */
export const skipWithoutSpeech = (stack: StackAddress): void => {
  const missing = missingForSpeech(stack)
  if (missing !== null) test.skip(true, missing)
}

/**
 * A microphone that repeats `question`. Skips the test where speech is not possible.
 * @param options `silence` around the question, for a test that can do with less
 */
export const microphoneWithSpeech = (
  stack: StackAddress,
  question: string,
  { language = 'en', silence }: { language?: Language; silence?: Silence } = {}
): MicrophoneFile => {
  skipWithoutSpeech(stack)
  return writeMicrophoneFile(test.info().outputPath('mic.wav'), speak(question, language), silence)
}
