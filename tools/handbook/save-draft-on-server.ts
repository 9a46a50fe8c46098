// Saves a draft through the project's edge function, which embeds it with the server's key. For machines without a key.
import { setTimeout as pause } from 'node:timers/promises'
import { FunctionsHttpError } from '@supabase/supabase-js'
import { z } from 'zod'
import { CommandError } from '../../dev/run-command.ts'
import { LANGUAGES } from '../../src/shared/language.ts'
import type { PlannedSection } from './import-plan.ts'
import type { Project } from './project.ts'

const FUNCTION = 'handbook'
/** The gateway has no such function, or it does not start. */
const ABSENT = [404, 503]
const TOO_FAST = 429
/** A thousand sections meet the function's rate limit several times. */
const ATTEMPTS = 20
const WAIT_SECONDS = { least: 1, most: 30 } as const

const savedSchema = z.object({
  versionId: z.uuid().nullable(),
  embedded: z.int(),
  withoutVector: z.int()
})
const refusalSchema = z.object({ error: z.string(), message: z.string() })

type ServerDraft =
  | ({ ok: true } & z.output<typeof savedSchema>)
  /** The project has no such function. */
  | { ok: false }

const textsOf = ({ text }: PlannedSection): Record<string, unknown> =>
  Object.fromEntries(
    LANGUAGES.flatMap((language) => {
      const title = text[`title_${language}`]
      const content = text[`content_${language}`]
      const questions = text[`questions_${language}`]
      return title === null || content === null ? [] : [[language, { title, content, questions }]]
    })
  )

const waitSeconds = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after')) || 0
  return Math.min(WAIT_SECONDS.most, Math.max(WAIT_SECONDS.least, seconds))
}

/** @throws CommandError with the function's sentence */
export const saveDraftOnServer = async (
  { client, scope }: Project,
  section: PlannedSection
): Promise<ServerDraft> => {
  const { slug, text, basedOn, source } = section
  const { file, page } = source
  const body = {
    operation: 'draft',
    organisationId: scope.organisationId,
    groupId: scope.groupId,
    section: {
      slug,
      category: text.category,
      order: text.sort_order,
      texts: textsOf(section),
      source: { file, page }
    },
    basedOn
  }
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { data, error } = await client.functions.invoke<unknown>(FUNCTION, { body })
    if (error === null) return { ok: true, ...savedSchema.parse(data) }
    if (!(error instanceof FunctionsHttpError)) {
      throw new CommandError(`Drafting the section ${slug}: the project could not be reached.`)
    }
    const response: unknown = error.context
    if (!(response instanceof Response)) throw error
    if (response.status === TOO_FAST) {
      await pause(waitSeconds(response) * 1_000)
      continue
    }
    const refusal = refusalSchema.safeParse(await response.json().catch(() => null))
    if (refusal.success && refusal.data.error !== 'not_found') {
      throw new CommandError(`Drafting the section ${slug}: ${refusal.data.message}`)
    }
    if (ABSENT.includes(response.status)) return { ok: false }
    throw new CommandError(
      `Drafting the section ${slug}: the project answered with ${response.status}.`
    )
  }
  throw new CommandError(`Drafting the section ${slug}: the project is too busy.`)
}
