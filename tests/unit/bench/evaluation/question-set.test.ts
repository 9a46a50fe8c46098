import { beforeAll, describe, expect, it } from 'vitest'
import { holdsExcerpt } from '../../../../bench/evaluation/excerpts.ts'
import {
  checkAgainstHandbook,
  checkSet,
  holdsFigure,
  wordOverlap
} from '../../../../bench/evaluation/question-checks.ts'
import {
  type EvaluationQuestion,
  type EvaluationSet,
  half,
  KINDS,
  type Kind,
  loadQuestions,
  loadRequests,
  loadSet,
  UNANSWERABLE_KINDS
} from '../../../../bench/evaluation/question-set.ts'
import { EvaluationSetError } from '../../../../bench/evaluation/yaml-lists.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

/** As in the README of the sample set. */
const SHARES: Readonly<Partial<Record<Kind, number>>> = {
  plain: 0.3,
  number: 0.15,
  cross_language: 0.15,
  slang: 0.1,
  damaged: 0.1,
  unanswerable: 0.2
}
const SHARE_TOLERANCE = 0.02

let sample: EvaluationSet
let heldOut: EvaluationSet
beforeAll(async () => {
  sample = await loadSet('sample')
  heldOut = await loadSet('held-out')
})

/** Questions of the development and of the test half. */
const halves = ({ questions }: EvaluationSet): [number, number] => {
  const developing = questions.filter((question) => half(question) === 'development').length
  return [developing, questions.length - developing]
}

const question = (changes: Partial<EvaluationQuestion> = {}): EvaluationQuestion => ({
  id: 'hr-en-0001',
  group: 'harbor-and-rye',
  language: 'en',
  kind: 'plain',
  text: 'hand is on fire from the flat top',
  sections: ['burns'],
  facts: [{ en: 'burn' }],
  ...changes
})

describe('both sets', () => {
  it('pass the checks, and keep the questions in their halves', () => {
    expect([checkSet(sample), halves(sample)]).toEqual([[], [256, 257]])
    expect([checkSet(heldOut), halves(heldOut)]).toEqual([[], [94, 56]])
  })

  it('have no section in both halves', () => {
    for (const { questions } of [sample, heldOut]) {
      const bySection = Map.groupBy(
        questions.filter(({ sections }) => sections.length > 0),
        ({ group, sections: [best] }) => `${group}/${best}`
      )
      const split = [...bySection].filter(([, some]) => new Set(some.map(half)).size > 1)
      expect(split.map(([section]) => section)).toEqual([])
    }
  })
})

describe('the sample set', () => {
  it('has the mixture of its README', () => {
    const shareOf = (fits: (question: EvaluationQuestion) => boolean): number =>
      sample.questions.filter(fits).length / sample.questions.length
    expect(Math.abs(shareOf(({ language }) => language === 'es') - 0.5)).toBeLessThan(
      SHARE_TOLERANCE
    )
    for (const kind of KINDS) {
      const drift = Math.abs(shareOf((each) => each.kind === kind) - (SHARES[kind] ?? 0))
      expect(drift, kind).toBeLessThan(SHARE_TOLERANCE)
    }
  })

  it('covers every section of every restaurant', () => {
    const about = new Set(
      sample.questions.map(({ group, sections: [best] }) => `${group}/${best ?? ''}`)
    )
    const silent = sample.handbook.groups
      .flatMap(({ slug, sections }) => sections.map((section) => `${slug}/${section.slug}`))
      .filter((section) => !about.has(section))
    expect(silent).toEqual([])
  })
})

it('has every kind, and every kind of unanswerable question, in the held-out set', () => {
  const { questions } = heldOut
  expect(new Set(questions.map(({ kind }) => kind))).toEqual(new Set(KINDS))
  expect(
    new Set(questions.flatMap(({ unanswerable_kind: kind }) => (kind === undefined ? [] : kind)))
  ).toEqual(new Set(UNANSWERABLE_KINDS))
})

it('keeps a question in its half when other questions are added', () => {
  expect(half(question({ sections: ['burns', 'chemicals'] }))).toBe('test')
  expect(half(question({ id: 'hr-en-0999' }))).toBe('test')
  expect(half(question({ sections: [] }))).toBe('development')
})

describe('the loader', () => {
  const folder = temporaryFolder()

  const problemsOf = async (
    files: Record<string, string>,
    load: (folder: string) => Promise<unknown> = loadQuestions
  ): Promise<readonly string[]> => {
    for (const [name, text] of Object.entries(files)) folder.write(name, text)
    const refused: unknown = await load(folder.path).catch((error: unknown) => error)
    if (!(refused instanceof EvaluationSetError)) throw new Error('the set was not refused')
    return refused.problems
  }
  const entry = (lines: string): string =>
    `- group: harbor-and-rye\n  language: en\n  text: how\n${lines}`
  const FACTS = '  facts: [{ en: hot }]\n'

  it('names a file that is not YAML, and one that is no list', async () => {
    const problems = await problemsOf({ 'a.yaml': '- id: [', 'b.yaml': 'id: hr-en-0001\n' })
    expect(problems).toEqual([
      expect.stringMatching(/^a\.yaml: is not YAML: /),
      'b.yaml: is not a list.'
    ])
  })

  it('refuses a folder without lists', async () => {
    expect(await problemsOf({ 'README.md': '' })).toEqual([
      expect.stringMatching(/holds no \.yaml file\.$/)
    ])
  })

  it('names file, id and field of every invalid entry', async () => {
    const problems = await problemsOf({
      'a.yaml': [
        entry(`  id: hr-en-0002\n  kind: plain\n  sections: []\n${FACTS}`),
        entry(`  id: hr-en-0003\n  kind: number\n  sections: [burns]\n${FACTS}`),
        entry(`  id: hr-en-0004\n  kind: unanswerable\n  sections: [burns]\n${FACTS}`),
        entry(`  id: hr-es-0005\n  kind: plain\n  sections: [burns, burns]\n${FACTS}`),
        entry('  id: hr-en-0006\n  kind: one_word\n  sections: [burns]\n'),
        entry('  id: hr-en-0007\n  kind: plain\n  sections: [burns]\n  facts: [{}]\n'),
        entry(`  kind: plain\n  sections: [burns]\n  slug: burns\n${FACTS}`)
      ].join('')
    })
    expect(problems).toEqual([
      'a.yaml: hr-en-0002: sections names no section, yet the question has an answer.',
      'a.yaml: hr-en-0003: figures is missing, yet the question turns on a number.',
      'a.yaml: hr-en-0004: sections is not empty, yet nothing answers.',
      'a.yaml: hr-en-0004: facts is not empty, yet nothing answers.',
      'a.yaml: hr-es-0005: id names another language than en.',
      'a.yaml: hr-es-0005: sections names a section twice.',
      'a.yaml: hr-en-0006: facts names no fact, yet the question has an answer.',
      'a.yaml: hr-en-0007: facts.0 has no excerpt.',
      expect.stringMatching(/^a\.yaml: entry 7: id /),
      expect.stringMatching(/^a\.yaml: entry 7: .*slug/)
    ])
  })

  it('refuses an id that another file has taken', async () => {
    const one = entry(`  id: hr-en-0001\n  kind: plain\n  sections: [burns]\n${FACTS}`)
    expect(await problemsOf({ 'a.yaml': one, 'b.yaml': one })).toEqual([
      'b.yaml: hr-en-0001: id is taken by an entry of a.yaml.'
    ])
  })

  it('refuses a request that names more sections than the search takes', async () => {
    const request = '- id: hr-en-0001\n  restated: How?\n  sections: [a, b, c, d]\n'
    expect(await problemsOf({ 'en.yaml': request }, loadRequests)).toEqual([
      expect.stringMatching(/^en\.yaml: hr-en-0001: sections /)
    ])
  })
})

describe('the checks', () => {
  const problemsOf = (...some: EvaluationQuestion[]) => checkAgainstHandbook(some, sample.handbook)

  it.each<[Partial<EvaluationQuestion>, string]>([
    [{ group: 'elsewhere' }, 'there is no group elsewhere.'],
    [{ sections: ['trompo'], facts: [] }, 'harbor-and-rye has no section trompo.'],
    [{ figures: ['25 minutes'] }, 'no section it names has the figure 25 minutes.'],
    [{ facts: [{ en: 'never said' }] }, 'no section it names says "never said" in en.'],
    [{ facts: [{ es: 'burn' }] }, 'no section it names says "burn" in es.'],
    [{ kind: 'cross_language' }, 'burns exists in en, so nothing is crossed.'],
    [
      { language: 'es', sections: ['lockers'], facts: [] },
      'lockers lacks es, so it is cross_language.'
    ],
    [
      { text: 'I burned my arm on the flat top' },
      'is nearly the handbook\'s own question "I burned my hand on the flat top!".'
    ]
  ])('refuse a question with %j: %s', (changes, problem) => {
    expect(problemsOf(question(changes))).toEqual([`hr-en-0001: ${problem}`])
  })

  it('refuse a question without a request, and a request without its section or question', () => {
    const set: EvaluationSet = {
      ...sample,
      questions: [question(), question({ id: 'hr-en-0002', text: 'grease is in my eye' })],
      requests: [
        { id: 'hr-en-0001', sections: ['trompo'], restated: 'What do I do?' },
        { id: 'hr-en-0003', sections: [], restated: 'What do I do?' }
      ]
    }
    expect(checkSet(set)).toEqual([
      'hr-en-0003: there is a request and no question.',
      'hr-en-0001: its request names trompo, and harbor-and-rye has no such section.',
      'hr-en-0002: there is no request.'
    ])
  })

  it('refuse a question that is asked twice', () => {
    expect(problemsOf(question(), question({ id: 'hr-en-0002' }))).toEqual([
      'hr-en-0002: is nearly hr-en-0001.'
    ])
  })

  it('fold case, Markdown and white space of an excerpt, and nothing else', () => {
    const text = '## Poultry\n\n- Cook **chicken** to\n  165 °F\n\n| Duck | 155 °F |\n|---|---|'
    expect(holdsExcerpt(text, 'cook chicken to 165 °f')).toBe(true)
    expect(holdsExcerpt(text, 'Duck 155 °F')).toBe(true)
    expect(holdsExcerpt(text, 'cook chicken 165 °F')).toBe(false)
    expect(holdsExcerpt('más de cuatro', 'mas de cuatro')).toBe(false)
  })

  it('count words in common without case, accents or punctuation', () => {
    expect(wordOverlap('¿Qué tan frío?', 'que tan frio')).toBe(1)
    expect(wordOverlap('one two', 'two three')).toBe(0.5)
    expect(wordOverlap('one', 'two')).toBe(0)
    expect(wordOverlap('', '')).toBe(0)
  })

  it('find a figure over a line end, and not inside another', () => {
    expect(holdsFigure('for no more than 4\nhours.', '4 hours')).toBe(true)
    expect(holdsFigure('at least 24 hours', '4 hours')).toBe(false)
    expect(holdsFigure('at -4 °F (-20 °C)', '4 °F')).toBe(false)
    expect(holdsFigure('is written 0.5, not', '5')).toBe(false)
    expect(holdsFigure('by 7:00 p.m. In summer', '7:00 p.m.')).toBe(true)
  })
})
