// Compares the migrations of the project's database with this checkout's, as the Supabase CLI lists them.
import { z } from 'zod'
import { type Finding, passed, refused } from './check-step.ts'
import { openSupabaseCli, supabaseCliUnavailableReason } from './supabase-cli.ts'

const listSchema = z.object({
  migrations: z.array(z.object({ local: z.string(), remote: z.string() }))
})

export const checkMigrations = async (project: {
  databaseUrl: string
  databasePassword: string
}): Promise<Finding> => {
  const reason = supabaseCliUnavailableReason()
  if (reason !== null) return refused(reason)
  const cli = await openSupabaseCli()
  try {
    const list = await cli.run(
      ['migration', 'list', '--db-url', project.databaseUrl, '--output-format', 'json'],
      { PGPASSWORD: project.databasePassword }
    )
    if (list.exitCode !== 0) {
      const line = list.stderr.split('\n').find((one) => one.startsWith('failed'))
      return refused(line ?? `supabase migration list ended with ${list.exitCode}`)
    }
    const { migrations } = listSchema.parse(JSON.parse(list.stdout))
    const lacking = migrations.filter(({ remote }) => remote === '').map(({ local }) => local)
    const unknown = migrations.filter(({ local }) => local === '').map(({ remote }) => remote)
    if (lacking.length === 0 && unknown.length === 0) {
      return passed(`all ${migrations.length} are applied`)
    }
    return refused(
      [
        ...(lacking.length === 0 ? [] : [`not applied: ${lacking.join(', ')} (supabase db push)`]),
        ...(unknown.length === 0 ? [] : [`not in this checkout: ${unknown.join(', ')}`])
      ].join('; ')
    )
  } finally {
    await cli.close()
  }
}
