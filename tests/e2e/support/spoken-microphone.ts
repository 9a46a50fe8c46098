// What a spoken question needs that npm does not bring, and the microphone that asks one.
import {
  type MicrophoneFile,
  type Silence,
  speak,
  writeMicrophoneFile
} from '../../../dev/drive/microphone-file.ts'
import { findEspeak } from '../../../dev/external-tools.ts'
import type { StackAddress } from '../../../dev/local-stack.ts'
import { test } from './fixtures.ts'

/** Why a question cannot be spoken here, or null. */
const missingForSpeech = (stack: StackAddress): string | null => {
  if (findEspeak() === null) return 'espeak-ng is missing (npm run setup)'
  return stack.recogniser === 'none' ? 'pocketsphinx is missing (npm run setup)' : null
}

/** Skips the test under way, and says why, where nobody can speak or nobody can hear. */
export const skipWithoutSpeech = (stack: StackAddress): void => {
  const missing = missingForSpeech(stack)
  if (missing !== null) test.skip(true, missing)
}

/**
 * A microphone into which somebody says `question` in English again and again. Skips the test where that is not
 * possible, or would be heard by nobody.
 * @param silence around the question; less than usual where nothing is late and a round is waited for
 */
export const microphoneWithSpeech = (
  stack: StackAddress,
  question: string,
  silence?: Silence
): MicrophoneFile => {
  skipWithoutSpeech(stack)
  return writeMicrophoneFile(test.info().outputPath('mic.wav'), speak(question, 'en'), silence)
}
