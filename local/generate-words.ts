// `npm run words`: writes the word lists of the migrations anew, after src/shared/words has changed.
import { writeFile } from 'node:fs/promises'
import { fromProject } from './paths.ts'
import { runCommand, say } from './progress.ts'
import { migrationsWithWords } from './word-blocks.ts'

await runCommand(async () => {
  for (const { path, before, after } of await migrationsWithWords()) {
    if (after !== before) await writeFile(fromProject(path), after)
    say(after === before ? `${path} has these words already.` : `Wrote ${path}.`)
  }
  return 0
})
