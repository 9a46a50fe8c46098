// `npm run eval:handbook`: asks the handbook search every question of both sets, measures the given passages and compares
// them with plain searches.
import { CommandError, runCommand, say } from '../../dev/run-command.ts'
import { EMBEDDING_BATCH } from '../../dev/supabase/seed-embeddings.ts'
import { ablate, ablationTable } from './ablation.ts'
import { ablationText, evaluationText, writePart } from './answers-document.ts'
import { type Options, onlyOf, readOptions, USAGE } from './cli-options.ts'
import { embeddingSource, vectorsOf } from './embedding-source.ts'
import { askedOf, describeMiss, evaluateSearch } from './evaluate-search.ts'
import { type HandbookDatabase, openHandbookDatabase } from './handbook-database.ts'
import { checkSet } from './question-checks.ts'
import { half, loadSet, SET_NAMES, type SetName } from './question-set.ts'
import { allMet, buildResultRows, REQUESTS, type Row } from './result-rows.ts'
import {
  asText,
  breakdown,
  budgetTable,
  comparison,
  requestTable,
  type Table
} from './result-tables.ts'
import { judgeRequest } from './search-measures.ts'
import type { Asked, Search } from './search-result.ts'
import { firstPlanSearch, fullTextSearch, vectorSearch } from './searches/baselines.ts'
import { bm25Search } from './searches/bm25.ts'
import { offlineSearch } from './searches/offline-copy.ts'
import {
  PRODUCT_SEARCHES,
  productSearch,
  QUERY_PARTS,
  type Vectors
} from './searches/product-search.ts'

const print = (text: string): boolean => process.stdout.write(`${text}\n`)

/** @throws CommandError with every problem of the sets */
const loadSets = async () => {
  const sets = await Promise.all(SET_NAMES.map(loadSet))
  const problems = sets.flatMap(checkSet)
  if (problems.length > 0) throw new CommandError(problems.join('\n'))
  return sets
}

const searchesOn = async (prepared: HandbookDatabase, vectors: Vectors): Promise<Search[]> => [
  ...[vectors, null].flatMap((used) =>
    QUERY_PARTS.map((sent) => productSearch(prepared, sent, used))
  ),
  await firstPlanSearch(prepared, vectors),
  fullTextSearch(prepared),
  vectorSearch(prepared, vectors),
  bm25Search(prepared.groups),
  await offlineSearch(prepared.groups, prepared.database)
]

type AskedBySet = ReadonlyMap<SetName, readonly Asked[]>

const evaluate = async (
  searches: readonly Search[],
  bySet: AskedBySet,
  { parts, misses }: Options
): Promise<Row[]> => {
  const rows: Row[] = []
  for (const [set, asked] of bySet) {
    for (const search of searches) {
      say(`${set}: ${search.name} …`)
      const judged = await evaluateSearch(search, asked, (each, answer) => {
        const isShown = misses && PRODUCT_SEARCHES.includes(search.name)
        const miss = isShown ? describeMiss(search.name, each, answer) : null
        if (miss !== null) print(miss)
      })
      for (const part of parts) rows.push(...buildResultRows(search.name, set, part, judged))
    }
    const requests = asked.map((each) => ({
      question: each.question,
      judgement: judgeRequest(each)
    }))
    for (const part of parts) rows.push(...buildResultRows(REQUESTS, set, part, requests))
  }
  return rows
}

const tablesOf = (rows: readonly Row[], searches: readonly Search[]): Table[] => {
  const places = [
    ...new Map(rows.map(({ set, half }) => [`${set} ${half}`, { set, half }])).values()
  ]
  const others = searches.map(({ name }) => name).filter((name) => !PRODUCT_SEARCHES.includes(name))
  return [
    budgetTable(rows),
    requestTable(rows),
    ...places.flatMap((place) => {
      const plain = comparison(rows, place, ['named', 'own words', ...others], 'without intervals')
      return [
        comparison(rows, place, PRODUCT_SEARCHES, 'with intervals'),
        ...(others.length === 0
          ? []
          : [{ ...plain, title: `${plain.title}, beside plain searches` }]),
        breakdown(rows, place)
      ]
    })
  ].filter(({ lines, headings }) => lines.length > 0 && headings.length > 1)
}

const run = async (options: Options): Promise<void> => {
  const sets = await loadSets()
  const bySet = new Map(
    sets
      .filter(({ name }) => options.sets.includes(name))
      .map((set): [SetName, Asked[]] => [
        set.name,
        askedOf(set).filter(({ question }) => {
          const own = half(question)
          return options.ablation
            ? own === 'development' && question.sections.length > 0
            : options.parts.includes('all') || options.parts.includes(own)
        })
      ])
  )
  const asked = [...bySet.values()].flat()
  const source = embeddingSource(process.env)
  const origin = { date: new Date().toISOString().slice(0, 10), embedding: source.about }
  say(`${asked.length} questions. Vectors: ${source.about}.`)
  // One database has all restaurants: a search must not find those of others.
  const groups = sets.flatMap(({ handbook }) => handbook.groups)
  const prepared = await openHandbookDatabase(groups, source.embed, say)
  try {
    const texts = asked.flatMap(({ question, request }) => [question.text, request.restated])
    const vectors = await vectorsOf(source.embed, texts, EMBEDDING_BATCH)
    if (options.ablation) {
      const rows = await ablate(prepared, bySet, vectors, say)
      const table = ablationTable(rows)
      print(`\n${asText(table)}\n\nVectors: ${source.about}.`)
      if (options.write) await writePart('ablation', ablationText(origin, table))
      if (options.json) print(JSON.stringify({ embedding: source.about, rows, met: null }))
      return
    }
    const searches = onlyOf(await searchesOn(prepared, vectors), options.only)
    const rows = await evaluate(searches, bySet, options)
    const tables = tablesOf(rows, searches)
    for (const table of tables) print(`\n${asText(table)}`)
    print(`\nVectors: ${source.about}.`)
    if (options.write) await writePart('evaluation', evaluationText(origin, tables, searches))
    if (options.json) {
      print(JSON.stringify({ embedding: source.about, rows, met: allMet(rows) }))
    }
  } finally {
    await prepared.database.close()
  }
}

await runCommand(async () => {
  const options = readOptions()
  if (options.help) print(USAGE)
  else await run(options)
  return 0
})
