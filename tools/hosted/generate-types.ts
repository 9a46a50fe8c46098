// Writes the types of the database after a new migration: `npm run types`.
import { writeFile } from 'node:fs/promises'
import { fromProject } from '../../dev/paths.ts'
import { CommandError, runCommand, say } from '../../dev/run-command.ts'
import { generateDatabaseTypes, TYPES_FILE } from './database-types.ts'
import { supabaseCliUnavailableReason } from './supabase-cli.ts'

await runCommand(async () => {
  const reason = supabaseCliUnavailableReason()
  if (reason !== null) throw new CommandError(`No types: ${reason}.`)
  say('Applying the migrations to an empty Postgres and reading what they made …')
  await writeFile(fromProject(TYPES_FILE), await generateDatabaseTypes())
  say(`Wrote ${TYPES_FILE}.`)
  return 0
})
