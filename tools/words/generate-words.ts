// Writes the word lists of the migrations after a change of src/shared/words: `npm run words`.
import { writeFile } from 'node:fs/promises'
import { fromProject } from '../../dev/paths.ts'
import { runCommand, say } from '../../dev/run-command.ts'
import { renderMigrationWordLists } from './migration-word-lists.ts'

await runCommand(async () => {
  for (const { path, before, after } of await renderMigrationWordLists()) {
    if (after !== before) await writeFile(fromProject(path), after)
    say(after === before ? `${path} has these words already.` : `Wrote ${path}.`)
  }
  return 0
})
