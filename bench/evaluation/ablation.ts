// Measures what each part of the search adds: the share of questions of the development halves that are given their facts,
// without that part. Each part is removed in a transaction that is rolled back.
import type { Transaction } from '@electric-sql/pglite'
import type { HandbookDatabase } from './handbook-database.ts'
import type { SetName } from './question-set.ts'
import type { Table } from './result-tables.ts'
import { missingFacts } from './search-measures.ts'
import type { Asked } from './search-result.ts'
import {
  parseSearchRows,
  type QueryParts,
  searchParameters,
  toSearchResult,
  type Vectors
} from './searches/product-search.ts'
import { changeConstant } from './sql-function-constants.ts'

type Change = (sql: Transaction) => Promise<unknown>

const constant =
  (name: string, constantName: string, value: string): Change =>
  (sql) =>
    changeConstant(sql, name, constantName, value)

const statement =
  (text: string): Change =>
  (sql) =>
    sql.exec(text)

const NO_VECTORS = 'no vectors'

const STEPS: readonly (readonly [name: string, change: Change])[] = [
  ['as it is', async () => {}],
  [NO_VECTORS, async () => {}],
  ['no words of a kitchen', statement('delete from public.handbook_terms')],
  [
    'words of a kitchen find sections, but do not rank',
    constant('rank_passages', '_synonym_weight', '0')
  ],
  [
    "no questions of the section's own",
    statement(`update public.manual_section_versions set questions_en = '{}', questions_es = '{}'`)
  ],
  [
    'the title counts as the content',
    constant('rank_passages', '_weights', `'{0, 0.25, 0.125, 0.25}'`)
  ],
  ['the length does not count', constant('rank_passages', '_b', '0')],
  ['a word counts once, in any field', constant('rank_passages', '_k1', '0')],
  ['filler words count', statement('delete from private.question_stop_words')],
  ['no particles of verbs ("call out")', constant('content_words', '_particles', `'{}'`)],
  [
    'no neighbours of a passage',
    async (sql) => {
      await changeConstant(sql, 'find_passages', '_run', '0')
      await changeConstant(sql, 'find_passages', '_named_run', '0')
    }
  ],
  ['one passage of a section', constant('find_passages', '_most_of_a_section', '1')],
  ['three passages', constant('find_passages', '_most_passages', '3')]
]

const QUERY_PARTS = ['own words', 'named'] as const satisfies readonly QueryParts[]

/** The share of a set's questions that are given all their facts. */
type AblationRow = {
  /** The removed part. */
  name: string
  search: QueryParts
  set: SetName
  n: number
  value: number
}

const factsGiven = async (
  sql: Transaction,
  { groups, askerOf, embed }: HandbookDatabase,
  asked: readonly Asked[],
  sent: QueryParts,
  vectors: Vectors | null
): Promise<number> => {
  let given = 0
  for (const each of asked) {
    const { organisationId, groupId } = askerOf(each.question.group)
    // Without the access checks and the record of public.search_handbook, which change no result.
    const { rows } = await sql.query(
      'select * from private.find_passages($1, $2, $3, $4, $5, $6, $7, $8) order by rank',
      [organisationId, groupId, ...searchParameters(each, sent, vectors, embed.model)]
    )
    const answer = toSearchResult(parseSearchRows(rows), groups)
    if (missingFacts(each.question.facts, answer.given).length === 0) given += 1
  }
  return given / asked.length
}

/** @param asked answerable questions of the development half, by set */
export const ablate = async (
  prepared: HandbookDatabase,
  asked: ReadonlyMap<SetName, readonly Asked[]>,
  vectors: Vectors,
  log: (line: string) => void
): Promise<AblationRow[]> => {
  const rows: AblationRow[] = []
  for (const [name, change] of STEPS) {
    log(`${name} …`)
    await prepared.database.transaction(async (sql) => {
      await change(sql)
      for (const [set, questions] of asked) {
        for (const search of QUERY_PARTS) {
          const used = name === NO_VECTORS ? null : vectors
          const value = await factsGiven(sql, prepared, questions, search, used)
          rows.push({ name, search, set, n: questions.length, value })
        }
      }
      await sql.rollback()
    })
  }
  return rows
}

export const ablationTable = (rows: readonly AblationRow[]): Table => {
  const columns = [...new Map(rows.map((row) => [`${row.set}, ${row.search}`, row])).entries()]
  return {
    title: 'Facts given without one part, development halves',
    headings: ['', ...columns.map(([heading, { n }]) => `${heading} (n ${n})`)],
    lines: [...new Set(rows.map(({ name }) => name))].map((name) => [
      name,
      ...columns.map(([, { set, search }]) => {
        const row = rows.find(
          (each) => each.name === name && each.set === set && each.search === search
        )
        return row === undefined ? '–' : (row.value * 100).toFixed(1)
      })
    ])
  }
}
