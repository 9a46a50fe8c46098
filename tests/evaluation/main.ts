// `npm run eval:handbook`: asks the handbook search every question of tests/evaluation/questions and says how often it was
// right, beside plain searches on the same handbook.
import { parseArgs } from 'node:util'
import { EMBEDDING_BATCH } from '../../local/backend/embeddings.ts'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../local/backend/handbook-files.ts'
import { fromProject } from '../../local/paths.ts'
import { PlainError, runCommand, say } from '../../local/progress.ts'
import type { Search } from './answer.ts'
import { embeddingSource, vectorsOf } from './embedding-source.ts'
import { openHandbookDatabase } from './handbook-database.ts'
import { judge } from './judging.ts'
import { writePage } from './page.ts'
import {
  type EvaluationQuestion,
  type Half,
  half,
  loadQuestions,
  QUESTION_FOLDER
} from './question-set.ts'
import { allMet, type Judged, type Row, rowsOf } from './rows.ts'
import { bm25Search } from './searches/bm25.ts'
import { heardSearch } from './searches/heard.ts'
import { offlineSearch } from './searches/offline.ts'
import { fullTextSearch, planSearch, vectorSearch } from './searches/plain.ts'
import { readSearch } from './searches/read.ts'
import { asText, breakdown, comparison } from './table.ts'

const USAGE = `npm run eval:handbook -- [options]

  --half HALF   development or test; both by default. The budgets are those of the test half; whoever changes the search
                looks at the development half only
  --only NAME   one search only, several times for several
  --misses      each question of the development half that Heard's search missed, and what it said instead
  --write       writes docs/answers.md (all searches, both halves)
  --json        one JSON object as the last line: rows (name, search, half, language, kind, n, value, low, high, budget,
                met) and met, for all budgets

With OPENAI_API_KEY the vectors are the real service's, without it the local stand-in's; the output says which.
The exit code is 0 when everything ran, whether the budgets were met or not.`

const HALVES: readonly Half[] = ['development', 'test']
const isHalf = (name: string): name is Half => HALVES.some((each) => each === name)
/** Questions between two lines of progress. */
const QUESTIONS_PER_LINE = 100

const askAll = async (
  search: Search,
  questions: readonly EvaluationQuestion[],
  handbook: Parameters<typeof judge>[2],
  onAnswer: (question: EvaluationQuestion, answer: Awaited<ReturnType<Search['ask']>>) => void
): Promise<Judged[]> => {
  const judged: Judged[] = []
  for (const question of questions) {
    const answer = await search.ask(question)
    onAnswer(question, answer)
    judged.push({ question, judgement: judge(question, answer, handbook) })
    if (judged.length % QUESTIONS_PER_LINE === 0) {
      say(`  ${search.name}: ${judged.length} of ${questions.length}`)
    }
  }
  return judged
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      half: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      misses: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  if (values.half !== undefined && !isHalf(values.half)) {
    throw new PlainError(`--half is development or test, not ${values.half}.`, 64)
  }
  if (values.write && (values.half !== undefined || values.only.length > 0)) {
    throw new PlainError('--write takes all searches and both halves.', 64)
  }
  const halves = values.half === undefined ? HALVES : [values.half]
  const questions = (await loadQuestions(QUESTION_FOLDER)).filter((question) =>
    halves.includes(half(question))
  )
  const handbook = await readHandbookFolder(HANDBOOK_FOLDER)
  const source = embeddingSource(process.env)
  say(`${questions.length} questions. Vectors: ${source.about}.`)
  const prepared = await openHandbookDatabase(handbook, source.embed, say)
  try {
    const vectors = await vectorsOf(
      source.embed,
      [...new Set(questions.map(({ text }) => text))],
      EMBEDDING_BATCH
    )
    const heard = await heardSearch(prepared, vectors)
    const all = [
      heard,
      readSearch(heard, handbook),
      await heardSearch(prepared, null),
      await planSearch(prepared, vectors),
      fullTextSearch(prepared),
      vectorSearch(prepared, vectors),
      bm25Search(handbook),
      await offlineSearch(handbook, prepared.database)
    ]
    const unknown = values.only.find((name) => !all.some((search) => search.name === name))
    if (unknown !== undefined) {
      throw new PlainError(
        `--only ${unknown}: there are ${all.map(({ name }) => name).join(', ')}.`,
        64
      )
    }
    const searches = all.filter(
      ({ name }) => values.only.length === 0 || values.only.includes(name)
    )
    const rows: Row[] = []
    for (const search of searches) {
      say(`${search.name} …`)
      const judged = await askAll(search, questions, handbook, (question, answer) => {
        if (!values.misses || half(question) !== 'development') return
        const judgement = judge(question, answer, handbook)
        const isWrong = judgement['recall@1'] === 0 || judgement['refused when unanswerable'] === 0
        if (!isWrong) return
        const slugs = [...new Set(answer.passages.map(({ slug }) => slug))].slice(0, 4)
        process.stdout.write(
          `${search.name} · ${question.id} ${question.kind} · ${question.text}\n    ${answer.decision}: ${slugs.join(', ')}; right: ${question.sections.join(', ') || 'none'}\n`
        )
      })
      for (const part of halves) rows.push(...rowsOf(search.name, judged, part))
    }
    for (const part of halves) {
      process.stdout.write(`\n${asText(comparison(rows, part))}\n`)
      if (searches.some(({ name }) => name === 'heard')) {
        process.stdout.write(`\n${asText(breakdown(rows, part))}\n`)
      }
    }
    process.stdout.write(`\nVectors: ${source.about}.\n`)
    const met = allMet(rows)
    if (values.write) {
      const date = new Date().toISOString().slice(0, 10)
      const path = fromProject('docs/answers.md')
      await writePage(path, { date, embedding: source.about, searches, rows })
      say('Written to docs/answers.md.')
    }
    if (values.json) {
      process.stdout.write(`${JSON.stringify({ embedding: source.about, rows, met })}\n`)
    }
    return 0
  } finally {
    await prepared.database.close()
  }
})
