// What an import would change, and how a change reads.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passagesOf } from '../../../../supabase/functions/_shared/section-passages.ts'
import { planImport } from '../../../../tools/handbook/import-plan.ts'
import { diffLines, withContext } from '../../../../tools/handbook/line-diff.ts'
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
const imported = (
  texts: ImportedSection['texts'],
  more: Partial<ImportedSection> = {}
): ImportedSection => ({
  slug: 'soup',
  category: null,
  order: null,
  texts,
  ...more
})
const version = (
  id: string,
  own: Partial<Omit<StoredVersion, 'id' | 'passages'>>
): StoredVersion => {
  const stored = {
    category: 'food',
    sort_order: 20,
    title_en: null,
    title_es: null,
    content_en: null,
    content_es: null,
    questions_en: [],
    questions_es: [],
    ...own
  }
  return { id, ...stored, passages: passagesOf(stored) }
}
const english = (id: string, content: string, more: Partial<StoredVersion> = {}): StoredVersion =>
  version(id, { title_en: 'Soup', content_en: content, questions_en: ['How cold?'], ...more })
const stored = (published: StoredVersion | null, draft: StoredVersion | null = null) =>
  new Map<string, StoredSection>([['soup', { id: 's', slug: 'soup', published, draft }]])

describe('a plan', () => {
  it('adds what is new behind the others, ten apart', () => {
    const { sections, kept } = planImport(
      [imported({ en: text('A.') }, { slug: 'a' }), imported({ en: text('B.') }, { slug: 'b' })],
      stored(english('v', 'Cool it.'))
    )
    expect(sections.map(({ state, text: own }) => [state, own.sort_order])).toEqual([
      ['added', 30],
      ['added', 40]
    ])
    expect(kept).toEqual(['soup'])
  })

  it('keeps what a file says nothing of: category, order, questions, the other language', () => {
    const published = english('v', 'Cool it.', { title_es: 'Sopa', content_es: 'Enfríela.' })
    const { sections } = planImport([imported({ en: text('Cool it fast.') })], stored(published))
    expect(sections[0]).toMatchObject({
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
    expect(
      planImport([imported({ en: text('Cool it.') })], stored(published)).sections[0]?.state
    ).toBe('unchanged')
  })

  it('knows a draft that says the same, and one that says what nobody wants any more', () => {
    const published = english('v', 'Cool it.')
    const draft = english('d', 'Cool it fast.')
    const same = planImport([imported({ en: text('Cool it fast.') })], stored(published, draft))
      .sections[0]
    expect(same).toMatchObject({ state: 'drafted', draftId: 'd', basedOn: 'd' })
    const back = planImport([imported({ en: text('Cool it.') })], stored(published, draft))
      .sections[0]
    expect(back).toMatchObject({ state: 'unchanged', leavesDraft: true, draftId: null })
    const fresh = planImport([imported({ en: text('Cool it fast.') })], stored(null, draft))
      .sections[0]
    expect(fresh).toMatchObject({ state: 'drafted', draftId: 'd' })
  })

  it('notices passages that are cut otherwise than those in the project', () => {
    const published = english('v', 'Cool it.')
    const [passage] = published.passages
    const older = {
      ...published,
      passages: passage === undefined ? [] : [{ ...passage, anchor: 'old' }]
    }
    expect(planImport([imported({ en: text('Cool it.') })], stored(older)).sections[0]?.state).toBe(
      'changed'
    )
  })

  it('says where each language came from', () => {
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

  it('reads as lines: what is new, what is gone, what is missing, and a translation left behind', () => {
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

describe('a difference of lines', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 })

  it('has both texts in it, in order', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after)
        expect(diff.filter(({ mark }) => mark !== '+').map((line) => line.text)).toEqual(before)
        expect(diff.filter(({ mark }) => mark !== '-').map((line) => line.text)).toEqual(after)
      })
    )
  })

  it('keeps as many lines as the two have in common', () => {
    const kept = (before: string[], after: string[]): number =>
      diffLines(before, after).filter(({ mark }) => mark === ' ').length
    expect(kept(['a', 'b', 'c', 'd'], ['b', 'x', 'd', 'a'])).toBe(2)
    expect(kept(['a', 'b'], ['a', 'b'])).toBe(2)
    const long = (length: number): string[] => Array.from({ length }, (_, at) => `line ${at}`)
    expect(kept(long(1_500), ['first', ...long(1_500), 'last'])).toBe(1_500)
    // Beyond what anybody reads it is one piece for another, and quick.
    expect(kept(long(30_000), ['first', ...long(30_000), 'last'])).toBe(0)
  })

  it('is shown with a line around each change, and a mark where lines are left out', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    expect(withContext(diffLines(before, ['a', 'B', 'c', 'd', 'e', 'f', 'G']), 1)).toEqual([
      '  a',
      '- b',
      '+ B',
      '  c',
      '  …',
      '  f',
      '- g',
      '+ G'
    ])
    expect(withContext(diffLines(before, before), 1)).toEqual([])
  })
})
