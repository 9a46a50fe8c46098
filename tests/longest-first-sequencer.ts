// The order of test files: those that take the longest begin first, so that no worker is left with one of them at the
// end, beside others that have nothing to do. A clean clone has no times of an earlier run to tell by.
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take half a minute and more on two cores, the longest first, by their paths in this folder. */
const LONGEST = [
  'backend/handbook-import.test.ts',
  'backend/handbook-oversight.test.ts',
  'package/update.test.ts',
  'backend/data-folder-lock.test.ts',
  'backend/stack-seeding.test.ts',
  'package/packed-app.test.ts',
  'backend/supabase-cli.test.ts'
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
