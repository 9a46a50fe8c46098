// Saves how Postgres executes one search: the plans of every statement in it, as it ran, with times and pages.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openDatabase } from '../../../local/backend/database.ts'
import { EMBEDDING_MODEL } from '../../../supabase/functions/_shared/embedding.ts'
import type { DataFolder } from './data-folder.ts'
import { denseVector } from './dense-vector.ts'
import type { Question } from './measure.ts'

/** Looking up who may do what takes less, and is the same for every size. */
const LEAST_MS = 1
/** Plans settle after five executions (Postgres 17, "plan_cache_mode"). */
const EXECUTIONS_BEFORE = 6

const SETTINGS = `
load 'auto_explain';
set auto_explain.log_min_duration = ${LEAST_MS};
set auto_explain.log_analyze = on;
set auto_explain.log_buffers = on;
set auto_explain.log_nested_statements = on;
set auto_explain.log_level = notice;
set client_min_messages = notice;
`

/** A vector in a plan is 1,536 numbers that say nothing to a reader. */
const withoutVectors = (plan: string): string =>
  plan.replaceAll(/'\[[-\d.,e]{100,}\]'/g, "'[…]'").replaceAll(/'\{[-\d.,e]{100,}\}'/g, "'{…}'")

const SEARCH = `select * from public.search_handbook(
  _group_id => $1, _question_id => gen_random_uuid(), search_query => $2, search_language => $3,
  query_embedding => $4, _embedding_model => $5)`

/** Writes a text file. @param head what the plans are of */
export const savePlans = async (
  folder: DataFolder,
  question: Question,
  file: string,
  head: string
): Promise<void> => {
  const database = await openDatabase({
    dataDir: `${folder.path}/postgres`,
    explains: true
  })
  try {
    const [cook] = await database.query<{ user_id: string }>(
      'select user_id from public.group_memberships where group_id = $1',
      [folder.tenant.groupId]
    )
    if (cook === undefined) throw new Error('The bench has no cook.')
    const parameters = [
      folder.tenant.groupId,
      question.text,
      question.language,
      JSON.stringify([...denseVector(question.text)]),
      EMBEDDING_MODEL
    ]
    const plans: string[] = []
    const viewer = { role: 'authenticated', userId: cook.user_id } as const
    const search = (onNotice?: (text: string) => void) =>
      database.transaction(
        (sql) =>
          sql.query(
            SEARCH,
            parameters,
            onNotice === undefined
              ? {}
              : { onNotice: ({ message }) => onNotice(withoutVectors(message ?? '')) }
          ),
        viewer
      )
    for (let time = 0; time < EXECUTIONS_BEFORE; time += 1) await search()
    await database.execute(SETTINGS)
    await search((plan) => plans.push(plan))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(
      file,
      `${head}\n"${question.text}" (${question.language}); statements that took ${LEAST_MS} ms or more, ` +
        `inner ones first, each with the time of looking on in it.\n\n${plans.join('\n\n')}\n`
    )
  } finally {
    await database.close()
  }
}
