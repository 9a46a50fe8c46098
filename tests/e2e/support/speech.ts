// What a spoken question needs that npm does not bring.
import type { StackAddress } from '../../../local/stack.ts'
import { findEspeak } from '../../../local/tools.ts'

/** Why a question cannot be spoken here, or null. */
export const missingForSpeech = (stack: StackAddress): string | null => {
  if (findEspeak() === null) return 'espeak-ng is missing (npm run setup)'
  return stack.ears === 'none' ? 'pocketsphinx is missing (npm run setup)' : null
}
