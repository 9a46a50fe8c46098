// The figures of the evaluation: that a measure says what its name says, and that an interval is one.
import { describe, expect, it } from 'vitest'
import type { Handbook } from '../../../local/backend/handbook-files.ts'
import type { Answer, RankedPassage } from '../../evaluation/answer.ts'
import { meanWithInterval } from '../../evaluation/bootstrap.ts'
import { embeddingSource } from '../../evaluation/embedding-source.ts'
import { judge, ndcg } from '../../evaluation/judging.ts'
import { fitLogistic, thresholdsOf } from '../../evaluation/logistic.ts'
import { withReport } from '../../evaluation/page.ts'
import { type EvaluationQuestion, half } from '../../evaluation/question-set.ts'
import { allMet, HEARD, rowsOf } from '../../evaluation/rows.ts'
import { bm25Search } from '../../evaluation/searches/bm25.ts'

const section = (slug: string, title: string, content: string) => ({
  slug,
  category: 'food',
  order: 1,
  texts: { en: { title, content, questions: [] } }
})
const HANDBOOK: Handbook = {
  groups: [
    {
      slug: 'harbor',
      name: 'Harbor',
      sections: [
        section('cooking', 'Cooking', '## Poultry\n\nCook chicken to 165 °F.'),
        section('hands', 'Hands', 'Wash your hands for 20 seconds.')
      ]
    }
  ],
  unanswered: { en: [], es: [] },
  problems: []
}
const question = (more: Partial<EvaluationQuestion> = {}): EvaluationQuestion => ({
  id: 'hr-en-0001',
  group: 'harbor',
  language: 'en',
  kind: 'number',
  text: 'how hot is chicken?',
  sections: ['cooking'],
  figures: ['165 °F'],
  ...more
})
const passage = (slug: string, more: Partial<RankedPassage> = {}): RankedPassage => ({
  group: 'harbor',
  slug,
  language: 'en',
  text: slug === 'cooking' ? 'Cook chicken to 165 °F.' : 'Wash your hands for 20 seconds.',
  anchor: slug === 'cooking' ? 'poultry' : '',
  ...more
})
const answer = (passages: RankedPassage[], more: Partial<Answer> = {}): Answer => ({
  decision: 'answer',
  passages,
  given: passages.length,
  ...more
})
const judged = (given: Answer, asked = question()) => judge(asked, given, HANDBOOK)

describe('a judgement', () => {
  it('counts the place of the first right section, each section once', () => {
    const { MRR, ...first } = judged(
      answer([passage('hands'), passage('hands'), passage('cooking')])
    )
    expect(first).toMatchObject({ 'recall@1': 0, 'recall@3': 1, 'given to the model': 1 })
    expect(MRR).toBe(0.5)
  })

  it('finds nothing in what is refused, and says what there would have been', () => {
    expect(judged(answer([passage('cooking')], { decision: 'not_found', given: 0 }))).toMatchObject(
      {
        'recall@1': 0,
        'recall@3': 0,
        MRR: 0,
        'refused when answerable': 1,
        'refused when unanswerable': null,
        'wrong number': 0,
        'citation correct': null,
        'recall@1 before the decision': 1
      }
    )
  })

  it('takes a maybe for no refusal, and for no outright answer', () => {
    const unanswerable = question({ kind: 'unanswerable', sections: [] })
    delete unanswerable.figures
    expect(judged(answer([passage('hands')], { decision: 'maybe' }), unanswerable)).toMatchObject({
      'recall@1': null,
      'refused when unanswerable': 0,
      'answered outright when unanswerable': 0,
      'answered with a maybe': 1,
      'citation correct': 0
    })
  })

  it('calls a number wrong when what is given lacks it, wherever else it stands', () => {
    const both = [passage('hands'), passage('cooking')]
    expect(judged(answer(both))['wrong number']).toBe(0)
    expect(judged(answer(both, { given: 1 }))['wrong number']).toBe(1)
  })

  it('follows the citation to its text', () => {
    expect(judged(answer([passage('cooking')]))['citation correct']).toBe(1)
    expect(judged(answer([passage('cooking', { anchor: 'elsewhere' })]))['citation correct']).toBe(
      0
    )
    expect(judged(answer([passage('cooking', { language: 'es' })]))['citation correct']).toBe(0)
  })

  it('sees another restaurant’s section anywhere, refused or not', () => {
    const theirs = [passage('hands'), passage('cooking', { group: 'sol' })]
    expect(judged(answer(theirs, { decision: 'not_found' }))['section of another restaurant']).toBe(
      1
    )
    expect(judged(answer([theirs[0] ?? passage('hands')]))['section of another restaurant']).toBe(0)
  })
})

describe('nDCG', () => {
  it('is 1 for the best order, less for another, 0 for nothing', () => {
    expect(ndcg(['a', 'b'], ['a', 'b'])).toBe(1)
    expect(ndcg(['b', 'a'], ['a', 'b'])).toBeCloseTo(
      (1 + 2 / Math.log2(3)) / (2 + 1 / Math.log2(3))
    )
    expect(ndcg(['c'], ['a', 'b'])).toBe(0)
  })
})

describe('an interval', () => {
  it('is the same in every run and holds the mean', () => {
    const values = Array.from({ length: 100 }, (_, place) => (place < 80 ? 1 : 0))
    const one = meanWithInterval(values)
    expect(one).toEqual(meanWithInterval(values))
    expect(one?.value).toBeCloseTo(0.8)
    // The binomial's own: 0.8 ± 1.96 · 0.04.
    expect(one?.low).toBeCloseTo(0.72, 1)
    expect(one?.high).toBeCloseTo(0.88, 1)
  })

  it('of one value is that value, and of none is none', () => {
    expect(meanWithInterval([1, 1, 1])).toEqual({ value: 1, low: 1, high: 1 })
    expect(meanWithInterval([])).toBeNull()
  })
})

describe('rows', () => {
  const one = { question: question(), judgement: judged(answer([passage('cooking')])) }
  const whole = half(one.question)

  it('have a budget for all questions of Heard’s search on the test half, and nowhere else', () => {
    const budgets = (search: string) =>
      rowsOf(search, [one], whole).filter(({ budget }) => budget !== null)
    expect(budgets('BM25')).toEqual([])
    expect(rowsOf(HEARD, [one], whole === 'test' ? 'development' : 'test')).toEqual([])
    expect(budgets(HEARD).every(({ language, kind }) => language === 'all' && kind === 'all')).toBe(
      true
    )
    expect(budgets(HEARD).length > 0).toBe(whole === 'test')
  })

  it('are all met, not all met, or not judged', () => {
    const [row] = rowsOf(HEARD, [one], whole)
    if (row === undefined) throw new Error('no row')
    expect(allMet([{ ...row, met: true }])).toBe(true)
    expect(
      allMet([
        { ...row, met: true },
        { ...row, met: false }
      ])
    ).toBe(false)
    expect(allMet([{ ...row, met: null }])).toBeNull()
  })
})

describe('the fit', () => {
  const samples = Array.from({ length: 200 }, (_, place) => ({
    isAnswerable: place % 4 !== 0,
    // Informative, the wrong way round, and constant.
    signals: [place % 4 === 0 ? (place % 10) / 10 : 1 + (place % 10) / 10, -(place % 4), 3]
  }))
  const weights = fitLogistic(samples)

  it('weighs what tells answerable from unanswerable, and nothing against', () => {
    expect(weights[1]).toBeGreaterThan(1)
    expect(weights[2]).toBe(0)
    expect(weights[3]).toBe(0)
  })

  it('refuses no more of the answerable than allowed', () => {
    const thresholds = thresholdsOf(samples, weights, {
      answerableRefused: 0.02,
      unanswerableAnswered: 0.05
    })
    expect(thresholds.refused).toBe(1)
    expect(thresholds.answerFrom).toBeGreaterThanOrEqual(thresholds.maybeFrom)
  })

  it('does not fit on nothing', () => {
    expect(() => fitLogistic([])).toThrow(RangeError)
  })
})

describe('BM25', () => {
  it('prefers rare words, ignores accents, and finds nothing without a word in common', async () => {
    const search = bm25Search(HANDBOOK)
    expect((await search.ask(question({ text: 'CHÍCKEN to go' }))).passages[0]?.slug).toBe(
      'cooking'
    )
    expect((await search.ask(question({ text: 'bicycle' }))).decision).toBe('not_found')
  })
})

describe('the vectors', () => {
  it('are the real service’s only with a key of its own', () => {
    expect(embeddingSource({}).isReal).toBe(false)
    expect(embeddingSource({ OPENAI_API_KEY: ' ' }).isReal).toBe(false)
    expect(embeddingSource({ OPENAI_API_KEY: 'sk-local-x' }).isReal).toBe(false)
    expect(embeddingSource({ OPENAI_API_KEY: 'sk-proj-x' }).isReal).toBe(true)
  })
})

describe('the page', () => {
  it('keeps what is written around the report, and guesses nothing', () => {
    const first = withReport('# Answers\n\nBefore.\n', 'one')
    const second = withReport(`${first}\nAfter.\n`, 'two')
    expect(second).toMatch(/Before\.[\s\S]*two[\s\S]*After\./)
    expect(second).not.toContain('one')
    expect(() => withReport(second.replace(/<!-- eval:handbook end -->/, ''), 'x')).toThrow(
      /marker/
    )
  })
})
