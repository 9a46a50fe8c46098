// `node tests/evaluation/fit.ts`: fits the decision of search_handbook (private.search_thresholds) on the development half
// of the questions and prints the rows for a migration. The test half is not even loaded.
import { EMBEDDING_BATCH } from '../../local/backend/embeddings.ts'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../local/backend/handbook-files.ts'
import { runCommand, say } from '../../local/progress.ts'
import { LANGUAGES } from '../../src/shared/language.ts'
import { embeddingSource, vectorsOf } from './embedding-source.ts'
import { openHandbookDatabase } from './handbook-database.ts'
import { fitLogistic, type Sample, type Thresholds, thresholdsOf } from './logistic.ts'
import { half, loadQuestions, QUESTION_FOLDER } from './question-set.ts'
import { searchRows } from './searches/heard.ts'

/**
 * Share of answerable questions that may be refused on what the thresholds are fitted on: far below the budget of 0.03,
 * since the everyday words were written by somebody who had seen these questions, and others have fewer of theirs.
 */
const ANSWERABLE_REFUSED = 0.01
/** Share of questions without an answer that may be answered without a warning. */
const UNANSWERABLE_ANSWERED = 0.03

/** Of one question: what its best place was found by, for the two things that are decided. */
type Found = { isAnswerable: boolean; cosine: number; evidence: number; answerEvidence: number }

/** What a cosine adds to ln(1 + evidence), and the thresholds on their sum. */
const decisionOf = (
  found: readonly Found[],
  evidenceOf: (each: Found) => number
): { cosine: number; thresholds: Thresholds } => {
  const samples: Sample[] = found.map((each) => ({
    isAnswerable: each.isAnswerable,
    signals: [each.cosine, Math.log(1 + evidenceOf(each))]
  }))
  const [, ofCosine = 0, ofEvidence = 0] = fitLogistic(samples)
  const cosine = ofEvidence > 0 ? ofCosine / ofEvidence : 0
  return {
    cosine,
    thresholds: thresholdsOf(samples, [0, cosine, 1], {
      answerableRefused: ANSWERABLE_REFUSED,
      unanswerableAnswered: UNANSWERABLE_ANSWERED
    })
  }
}

const sqlRow = (model: string, found: readonly Found[], origin: string): string => {
  const maybe = decisionOf(found, ({ evidence }) => evidence)
  const answer = decisionOf(found, ({ answerEvidence }) => answerEvidence)
  say(
    `${model}: refuses ${(100 * maybe.thresholds.refused).toFixed(1)} % of those without an answer, warns at ${(100 * answer.thresholds.warned).toFixed(1)} % of the answerable`
  )
  const figures = [
    maybe.cosine,
    maybe.thresholds.maybeFrom,
    answer.cosine,
    answer.thresholds.answerFrom
  ].map((value) => value.toFixed(3))
  return `  ('${model}', ${figures.join(', ')}, null, '${origin}')`
}

await runCommand(async () => {
  const questions = (await loadQuestions(QUESTION_FOLDER)).filter(
    (question) => half(question) === 'development'
  )
  const source = embeddingSource(process.env)
  say(`${questions.length} questions. Vectors: ${source.about}.`)
  const handbook = await readHandbookFolder(HANDBOOK_FOLDER)
  const own = handbook.groups.flatMap(({ slug: group, sections }) =>
    sections
      .filter(({ slug }) => half({ id: '', group, sections: [slug] }) === 'development')
      .flatMap(({ slug: section, texts }) =>
        LANGUAGES.flatMap((language) =>
          (texts[language]?.questions ?? []).map((text) => ({ section, group, language, text }))
        )
      )
  )
  const prepared = await openHandbookDatabase(handbook, source.embed, say)
  try {
    const vectors = await vectorsOf(
      source.embed,
      [...new Set([...questions, ...own].map(({ text }) => text))],
      EMBEDDING_BATCH
    )
    const foundBy = async (withVectors: ReadonlyMap<string, number[]> | null) => {
      const found: Found[] = []
      for (const question of questions) {
        const [best] = await searchRows(prepared, question, withVectors)
        found.push({
          isAnswerable: question.sections.length > 0,
          // The stand-in's cosines say nothing about a trained model's.
          cosine: source.isReal ? (best?.cosine ?? 0) : 0,
          evidence: best?.evidence ?? 0,
          answerEvidence: best?.answer_evidence ?? 0
        })
      }
      // What a section says it answers, asked as if that section were not there: many more questions without an answer
      // than were written as such.
      for (const { section, ...question } of own) {
        const rows = await searchRows(prepared, question, withVectors)
        const best = rows.find(({ slug }) => slug !== section)
        found.push({
          isAnswerable: false,
          cosine: source.isReal ? (best?.cosine ?? 0) : 0,
          evidence: best?.evidence ?? 0,
          answerEvidence: best?.answer_evidence ?? 0
        })
      }
      return found
    }
    const origin = `${questions.length} questions of the development half and its sections'' own, ${new Date().toISOString().slice(0, 10)}`
    const rows = [
      sqlRow('none', await foundBy(null), `${origin}, by words alone`),
      sqlRow(
        source.embed.model,
        await foundBy(vectors),
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
