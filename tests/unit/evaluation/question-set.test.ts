// The questions that judge the handbook search: that the set in the repository keeps its own rules, and
// that the rules refuse what breaks them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  HANDBOOK_FOLDER,
  type Handbook,
  readHandbookFolder
} from '../../../local/backend/handbook-files.ts'
import { checkAgainstHandbook, holdsFigure, wordOverlap } from '../../evaluation/question-checks.ts'
import {
  type EvaluationQuestion,
  half,
  KINDS,
  type Kind,
  loadQuestions,
  QUESTION_FOLDER,
  QuestionSetError
} from '../../evaluation/question-set.ts'

/** Shares of all questions, as the budget of the answers has them. */
const SHARES: Record<Kind, number> = {
  plain: 0.3,
  number: 0.15,
  cross_language: 0.15,
  slang: 0.1,
  damaged: 0.1,
  unanswerable: 0.2
}
/** How far a share may drift while the set grows. */
const SHARE_TOLERANCE = 0.02
const FEWEST_QUESTIONS = 400

let questions: EvaluationQuestion[]
let handbook: Handbook
beforeAll(async () => {
  questions = await loadQuestions(QUESTION_FOLDER)
  handbook = await readHandbookFolder(HANDBOOK_FOLDER)
})

const shareOf = (fits: (question: EvaluationQuestion) => boolean): number =>
  questions.filter(fits).length / questions.length

describe('the question set', () => {
  it('names sections and figures that are in the handbook, and repeats no question', () => {
    expect(handbook.problems).toEqual([])
    expect(checkAgainstHandbook(questions, handbook)).toEqual([])
  })

  it('is as large and as mixed as the budget says', () => {
    expect(questions.length).toBeGreaterThanOrEqual(FEWEST_QUESTIONS)
    expect(Math.abs(shareOf(({ language }) => language === 'es') - 0.5)).toBeLessThan(
      SHARE_TOLERANCE
    )
    for (const kind of KINDS) {
      const drift = Math.abs(shareOf((question) => question.kind === kind) - SHARES[kind])
      expect(drift, kind).toBeLessThan(SHARE_TOLERANCE)
    }
  })

  it('asks about every section of every restaurant', () => {
    const asked = new Set(questions.map(({ group, sections: [best] }) => `${group}/${best ?? ''}`))
    const silent = handbook.groups
      .flatMap(({ slug, sections }) => sections.map((section) => `${slug}/${section.slug}`))
      .filter((section) => !asked.has(section))
    expect(silent).toEqual([])
  })

  it('parts into two halves of about one size, in each language and kind, by section', () => {
    const halvesOf = new Map<string, Set<string>>()
    for (const question of questions) {
      const [best] = question.sections
      if (best === undefined) continue
      const section = `${question.group}/${best}`
      halvesOf.set(section, (halvesOf.get(section) ?? new Set()).add(half(question)))
    }
    expect([...halvesOf].filter(([, halves]) => halves.size > 1)).toEqual([])
    const developing = (some: EvaluationQuestion[]) =>
      some.filter((question) => half(question) === 'development').length / some.length
    for (const language of ['en', 'es'] as const) {
      const some = questions.filter((question) => question.language === language)
      expect(Math.abs(developing(some) - 0.5), language).toBeLessThan(0.1)
    }
    for (const kind of KINDS) {
      const some = questions.filter((question) => question.kind === kind)
      expect(Math.abs(developing(some) - 0.5), kind).toBeLessThan(0.2)
    }
  })

  it('keeps a question in its half whatever else is added', () => {
    const question = (id: string, sections: string[]): EvaluationQuestion => ({
      id,
      group: 'harbor-and-rye',
      language: 'en',
      kind: 'plain',
      text: 'a question',
      sections
    })
    // As computed once; another answer here moves questions that thresholds were fitted on.
    expect(half(question('hr-en-0001', ['burns', 'chemicals']))).toBe('test')
    expect(half(question('hr-en-0999', ['burns']))).toBe('test')
    expect(half(question('hr-en-0001', []))).toBe('development')
  })
})

describe('the loader', () => {
  const folders: string[] = []
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
  })

  const problemsOf = async (files: Record<string, string>): Promise<string[]> => {
    const folder = await mkdtemp(join(tmpdir(), 'heard-questions-'))
    folders.push(folder)
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    const refused: unknown = await loadQuestions(folder).catch((error: unknown) => error)
    if (!(refused instanceof QuestionSetError)) throw new Error('the set was not refused')
    return refused.problems
  }
  const entry = (lines: string): string => `- group: harbor-and-rye\n  language: en\n${lines}`

  it('refuses a file that is not YAML, or no list, by its name', async () => {
    const problems = await problemsOf({ 'a.yaml': '- id: [', 'b.yaml': 'id: hr-en-0001\n' })
    expect(problems).toEqual([
      expect.stringMatching(/^a\.yaml: is not YAML: /),
      'b.yaml: is not a list of questions.'
    ])
  })

  it('refuses a folder without questions', async () => {
    expect(await problemsOf({ 'README.md': '' })).toEqual([
      expect.stringMatching(/holds no \.yaml file of questions\.$/)
    ])
  })

  it('names file, id and field of an entry that does not fit, and goes on to the next', async () => {
    const problems = await problemsOf({
      'a.yaml': [
        entry('  id: hr-en-0001\n  kind: plain\n  text: ""\n  sections: [burns]\n'),
        entry('  id: hr-en-0002\n  kind: plain\n  text: how\n  sections: []\n'),
        entry('  id: hr-en-0003\n  kind: number\n  text: how\n  sections: [burns]\n'),
        entry('  id: hr-en-0004\n  kind: unanswerable\n  text: how\n  sections: [burns]\n'),
        entry('  id: hr-es-0005\n  kind: plain\n  text: how\n  sections: [burns, burns]\n'),
        entry('  kind: plain\n  text: how\n  sections: [burns]\n  slug: burns\n')
      ].join('')
    })
    expect(problems).toEqual([
      expect.stringMatching(/^a\.yaml: hr-en-0001: text /),
      'a.yaml: hr-en-0002: sections names no section, yet the question has an answer.',
      'a.yaml: hr-en-0003: figures is missing, yet the question turns on a number.',
      'a.yaml: hr-en-0004: sections is not empty, yet nothing answers.',
      'a.yaml: hr-es-0005: id names another language than en.',
      'a.yaml: hr-es-0005: sections names a section twice.',
      expect.stringMatching(/^a\.yaml: entry 6: id /),
      expect.stringMatching(/^a\.yaml: entry 6: .*slug/)
    ])
  })

  it('refuses an id that another file has taken', async () => {
    const one = entry('  id: hr-en-0001\n  kind: plain\n  text: how\n  sections: [burns]\n')
    expect(await problemsOf({ 'a.yaml': one, 'b.yaml': one })).toEqual([
      'b.yaml: hr-en-0001: id is taken by a question of a.yaml.'
    ])
  })
})

describe('the checks against the handbook', () => {
  const question = (changes: Partial<EvaluationQuestion>): EvaluationQuestion => ({
    id: 'hr-en-0001',
    group: 'harbor-and-rye',
    language: 'en',
    kind: 'plain',
    text: 'hand is on fire from the flat top',
    sections: ['burns'],
    ...changes
  })
  const problemsOf = (...some: EvaluationQuestion[]) => checkAgainstHandbook(some, handbook)

  it('refuse a group, a section and a figure that are not there', () => {
    expect(problemsOf(question({ group: 'elsewhere' }))).toEqual([
      'hr-en-0001: there is no group elsewhere.'
    ])
    expect(problemsOf(question({ sections: ['trompo'] }))).toEqual([
      'hr-en-0001: harbor-and-rye has no section trompo.'
    ])
    expect(problemsOf(question({ figures: ['25 minutes'] }))).toEqual([
      'hr-en-0001: no section it names has the figure 25 minutes.'
    ])
  })

  it('refuse a language that is not crossed, and one that is without saying so', () => {
    expect(problemsOf(question({ kind: 'cross_language' }))).toEqual([
      'hr-en-0001: burns exists in en, so nothing is crossed.'
    ])
    expect(problemsOf(question({ language: 'es', sections: ['lockers'] }))).toEqual([
      'hr-en-0001: lockers lacks es, so it is cross_language.'
    ])
  })

  it("refuse the handbook's own question with a word changed, and one asked twice", () => {
    expect(problemsOf(question({ text: 'I burned my arm on the flat top' }))).toEqual([
      'hr-en-0001: is nearly the handbook\'s own question "I burned my hand on the flat top!".'
    ])
    expect(problemsOf(question({}), question({ id: 'hr-en-0002' }))).toEqual([
      'hr-en-0002: is nearly hr-en-0001.'
    ])
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
