// Starts the longest test files first, so that no worker is left with one at the end. A clean clone has no times of an
// earlier run.
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take half a minute and more on two cores, the longest first, by their paths in this folder. */
const LONGEST = [
  'package/update.test.ts',
  'backend/data-folder-lock.test.ts',
  'backend/handbook-import.test.ts',
  'package/packed-app.test.ts',
  'backend/supabase-cli.test.ts',
  'backend/handbook-oversight.test.ts',
  'fidelity/recorder.test.ts',
  'fidelity/webrtc-helper.test.ts',
  'fidelity/speech-recogniser.test.ts'
]

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.indexOf(relative(import.meta.dirname, moduleId).replaceAll('\\', '/'))
  return at === -1 ? LONGEST.length : at
}

export class LongestFirstSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}
