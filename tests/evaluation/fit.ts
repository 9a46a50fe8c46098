// `node tests/evaluation/fit.ts`: fits the decision of search_handbook (private.search_thresholds) on the development half
// of the questions and prints the rows for a migration. The test half is not even loaded.
import { EMBEDDING_BATCH } from '../../local/backend/embeddings.ts'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../local/backend/handbook-files.ts'
import { runCommand, say } from '../../local/progress.ts'
import { embeddingSource, vectorsOf } from './embedding-source.ts'
import { openHandbookDatabase } from './handbook-database.ts'
import { fitLogistic, type Sample, thresholdsOf } from './logistic.ts'
import { half, loadQuestions, QUESTION_FOLDER } from './question-set.ts'
import { searchRows } from './searches/heard.ts'

/**
 * Share of answerable questions that may be refused on what the thresholds are fitted on: below the budget of 0.03, since
 * other questions are always somewhat worse.
 */
const ANSWERABLE_REFUSED = 0.02
/** Share of unanswerable questions that may be answered without a warning. */
const UNANSWERABLE_ANSWERED = 0.05

const sqlRow = (model: string, samples: readonly Sample[], origin: string): string => {
  const weights = fitLogistic(samples)
  const [bias = 0, cosine = 0, evidence = 0, coverage = 0] = weights
  const { answerFrom, maybeFrom, refused, warned } = thresholdsOf(samples, weights, {
    answerableRefused: ANSWERABLE_REFUSED,
    unanswerableAnswered: UNANSWERABLE_ANSWERED
  })
  say(
    `${model}: refuses ${(100 * refused).toFixed(1)} % of the unanswerable, warns at ${(100 * warned).toFixed(1)} % of the answerable`
  )
  const figures = [bias, cosine, evidence, coverage, answerFrom, maybeFrom].map((value) =>
    value.toFixed(3)
  )
  return `  ('${model}', ${figures.join(', ')}, null, '${origin}')`
}

await runCommand(async () => {
  const questions = (await loadQuestions(QUESTION_FOLDER)).filter(
    (question) => half(question) === 'development'
  )
  const source = embeddingSource(process.env)
  say(`${questions.length} questions. Vectors: ${source.about}.`)
  const prepared = await openHandbookDatabase(
    await readHandbookFolder(HANDBOOK_FOLDER),
    source.embed,
    say
  )
  try {
    const vectors = await vectorsOf(
      source.embed,
      [...new Set(questions.map(({ text }) => text))],
      EMBEDDING_BATCH
    )
    const samplesOf = async (withVectors: ReadonlyMap<string, number[]> | null) => {
      const samples: Sample[] = []
      for (const question of questions) {
        const [best] = await searchRows(prepared, question, withVectors)
        samples.push({
          isAnswerable: question.sections.length > 0,
          // The stand-in's cosines say nothing about a trained model's.
          signals: [
            source.isReal ? (best?.cosine ?? 0) : 0,
            Math.log(1 + (best?.evidence ?? 0)),
            best?.section_coverage ?? 0
          ]
        })
      }
      return samples
    }
    const origin = `${questions.length} questions of the development half, ${new Date().toISOString().slice(0, 10)}`
    const rows = [
      sqlRow('none', await samplesOf(null), `${origin}, by words alone`),
      sqlRow(
        source.embed.model,
        await samplesOf(vectors),
        source.isReal
          ? `${origin}, with its own vectors`
          : `${origin}, ordered with the local stand-in''s vectors; cosines left out`
      )
    ]
    process.stdout.write(`${rows.join(',\n')};\n`)
    return 0
  } finally {
    await prepared.database.close()
  }
})
