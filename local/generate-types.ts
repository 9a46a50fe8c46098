// `npm run types`: writes the types of the database anew, after a migration has been added. It takes a few seconds.
import { writeFile } from 'node:fs/promises'
import { fromProject } from './paths.ts'
import { PlainError, runCommand, say } from './progress.ts'
import { generateDatabaseTypes, TYPES_FILE } from './supabase-cli/database-types.ts'
import { whyNoSupabaseCli } from './supabase-cli/supabase-cli.ts'

await runCommand(async () => {
  const reason = whyNoSupabaseCli()
  if (reason !== null) throw new PlainError(`No types: ${reason}.`)
  say('Applying the migrations to an empty Postgres and reading what they made …')
  await writeFile(fromProject(TYPES_FILE), await generateDatabaseTypes())
  say(`Wrote ${TYPES_FILE}.`)
  return 0
})
