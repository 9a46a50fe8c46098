import { describe, expect, it } from 'vitest'
import type { VersionText } from '../../../../dev/section-versions.ts'
import { passagesOf } from '../../../../supabase/functions/_shared/section-passages.ts'
import { planImport } from '../../../../tools/handbook/import-plan.ts'
import { diffLines } from '../../../../tools/handbook/line-diff.ts'
import { planLines } from '../../../../tools/handbook/plan-report.ts'
import type { ImportedSection, ImportedText } from '../../../../tools/handbook/read-files.ts'
import type { StoredSection, StoredVersion } from '../../../../tools/handbook/stored-sections.ts'

const text = (content: string, more: Partial<ImportedText> = {}): ImportedText => ({
  title: 'Soup',
  content,
  questions: null,
  file: 'a/soup.md',
  page: null,
  ...more
})
const imported = (texts: ImportedSection['texts'], slug = 'soup'): ImportedSection => ({
  slug,
  category: null,
  order: null,
  texts
})
const english = (id: string, content: string, more: Partial<VersionText> = {}): StoredVersion => {
  const version = {
    category: 'food',
    sort_order: 20,
    title_en: 'Soup',
    title_es: null,
    content_en: content,
    content_es: null,
    questions_en: ['How cold?'],
    questions_es: [],
    ...more
  }
  return { id, ...version, passages: passagesOf(version) }
}
const stored = (published: StoredVersion | null, draft: StoredVersion | null = null) =>
  new Map<string, StoredSection>([['soup', { id: 's', slug: 'soup', published, draft }]])
const firstPlanned = (content: string, sections: ReturnType<typeof stored>) =>
  planImport([imported({ en: text(content) })], sections).sections[0]

describe('planImport', () => {
  it('adds new sections after the others, ten apart', () => {
    const { sections, kept } = planImport(
      [imported({ en: text('A.') }, 'a'), imported({ en: text('B.') }, 'b')],
      stored(english('v', 'Cool it.'))
    )
    expect(sections.map(({ state, text: own }) => [state, own.sort_order])).toEqual([
      ['added', 30],
      ['added', 40]
    ])
    expect(kept).toEqual(['soup'])
  })

  it('keeps the category, order, questions and other language that a file leaves out', () => {
    const published = english('v', 'Cool it.', { title_es: 'Sopa', content_es: 'Enfríela.' })
    expect(firstPlanned('Cool it fast.', stored(published))).toMatchObject({
      state: 'changed',
      basedOn: 'v',
      missing: [],
      text: {
        category: 'food',
        sort_order: 20,
        questions_en: ['How cold?'],
        content_es: 'Enfríela.',
        content_en: 'Cool it fast.'
      }
    })
    expect(firstPlanned('Cool it.', stored(published))?.state).toBe('unchanged')
  })

  it('recognises a draft that equals the files, and one that is out of date', () => {
    const published = english('v', 'Cool it.')
    const draft = english('d', 'Cool it fast.')
    const same = firstPlanned('Cool it fast.', stored(published, draft))
    expect(same).toMatchObject({ state: 'drafted', draftId: 'd', basedOn: 'd' })
    const back = firstPlanned('Cool it.', stored(published, draft))
    expect(back).toMatchObject({ state: 'unchanged', leavesDraft: true, draftId: null })
    const fresh = firstPlanned('Cool it fast.', stored(null, draft))
    expect(fresh).toMatchObject({ state: 'drafted', draftId: 'd' })
  })

  it('detects passages that the project splits in another way', () => {
    const published = english('v', 'Cool it.')
    const passages = published.passages.map((passage) => ({ ...passage, anchor: 'old' }))
    expect(firstPlanned('Cool it.', stored({ ...published, passages }))?.state).toBe('changed')
  })

  it('records the file and page of each language', () => {
    const section = imported({
      en: text('A.', { file: 'x/a.pdf', page: 3 }),
      es: text('B.', { file: 'b.md' })
    })
    expect(planImport([section], new Map()).sections[0]?.source).toEqual({
      file: 'a.pdf',
      page: 3,
      files: [{ file: 'a.pdf', page: 3 }, { file: 'b.md' }]
    })
  })

  it('formats changed lines, a missing translation and one that may be out of date', () => {
    const published = english('v', 'Ice bath.\nStir it.\nTwo hours.', {
      title_es: 'Sopa',
      content_es: 'Enfríela.'
    })
    const plan = planImport(
      [imported({ en: text('Ice bath.\nStir it well.\nTwo hours.') })],
      stored(published)
    )
    expect(planLines(plan)).toEqual([
      'soup (Soup): changed; its Spanish text stays: see that it still says the same',
      '      Ice bath.',
      '    - Stir it.',
      '    + Stir it well.',
      '      Two hours.'
    ])
    const added = planImport([imported({ es: text('Enfríela.', { title: 'Sopa' }) })], new Map())
    expect(planLines(added)[0]).toBe('soup (Sopa): added, no English translation')
  })
})

describe('diffLines', () => {
  const long = (length: number): string[] => Array.from({ length }, (_, at) => `line ${at}`)

  it('shows one unchanged line around each change, and a mark for a gap', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    expect(diffLines(before, ['a', 'B', 'c', 'd', 'e', 'f', 'G'], 1)).toEqual([
      '  a',
      '- b',
      '+ B',
      '  c',
      '  …',
      '  f',
      '- g',
      '+ G'
    ])
    expect(diffLines(before, before, 1)).toEqual([])
  })

  it('finds two new lines in a long text', () => {
    expect(diffLines(long(30_000), ['first', ...long(30_000), 'last'], 0)).toEqual([
      '+ first',
      '  …',
      '+ last'
    ])
  })

  it('shows long texts without a common line as one text replaced by the other', () => {
    const other = long(1_000).map((line) => `${line}!`)
    const lines = diffLines(long(1_000), other, 1)
    expect([lines.length, lines[999], lines[1_000]]).toEqual([2_000, '- line 999', '+ line 0!'])
  })
})
