// placeholder until measured
import type { Hearing } from './conversation.ts'

export type Ears = {
  kind: 'pocketsphinx' | 'none'
  /** Samples: mono at 24 kHz. */
  listen: (
    samples: Int16Array,
    language: 'en' | 'es'
  ) => Promise<Exclude<Hearing, { kind: 'pending' }>>
}
export const openEars = async (_questions: readonly string[]): Promise<Ears> => ({
  kind: 'none',
  listen: async () => ({ kind: 'unable', reason: 'no_recogniser' })
})
