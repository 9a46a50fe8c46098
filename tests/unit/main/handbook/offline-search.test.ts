import { beforeAll, describe, expect, it } from 'vitest'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../../../dev/supabase/handbook-files.ts'
import type { OfflineSection, OfflineTerm } from '../../../../src/main/handbook/offline-handbook.ts'
import { PASSAGE_LIMIT_CHARACTERS } from '../../../../src/main/handbook/offline-passages.ts'
import {
  buildOfflineIndex,
  type OfflineIndex
} from '../../../../src/main/handbook/offline-search.ts'
import { citationsOf, searchAnswerSchema } from '../../../../src/shared/handbook.ts'
import { LANGUAGES, type Language } from '../../../../src/shared/language.ts'
import { KITCHEN_TERMS } from '../../../../src/shared/words/kitchen-terms.ts'

const section = (slug: string, texts: Partial<Record<Language, [string, string]>>) => {
  const textOf = (language: Language) => {
    const [title, content] = texts[language] ?? []
    return title === undefined || content === undefined ? null : { title, content }
  }
  return {
    slug,
    category: 'food',
    updatedAt: '2026-11-20T09:00:00+00:00',
    en: textOf('en'),
    es: textOf('es')
  } satisfies OfflineSection
}

const small = [
  section('cooking', {
    en: [
      'Cooking temperatures',
      '## Poultry\n\nCook chicken to 165 °F.\n\n## Fish\n\nCook salmon to 145 °F.'
    ],
    es: ['Temperaturas de cocción', '## Aves\n\nCocine el pollo a 165 °F.']
  }),
  section('hands', {
    en: ['Washing hands', 'Wash hands for 20 seconds with soap at the sink by the door.'],
    es: ['Lavarse las manos', 'Lávese las manos 20 segundos con jabón.']
  }),
  section('parking', {
    en: ['Parking', 'Park your car behind the building, by the Zamboni garage.']
  }),
  section('uniform', {
    en: [
      'Uniform',
      '## Aprons\n\nA clean apron every shift.\n\n## Shoes\n\nBlack shoes, clean apron.'
    ]
  })
]

describe('on a small handbook', () => {
  let index: OfflineIndex
  beforeAll(async () => {
    index = await buildOfflineIndex(small, KITCHEN_TERMS)
  })
  const citationsFor = (question: string, language: Language) =>
    citationsOf(index.search(question, language).passages)

  it('answers with the passage, its heading and its section', () => {
    expect(index.search('How hot does chicken have to be?', 'en')).toEqual({
      found: true,
      passages: [
        {
          slug: 'cooking',
          title: 'Cooking temperatures',
          heading: 'Poultry',
          language: 'en',
          anchor: 'poultry',
          text: 'Cook chicken to 165 °F.',
          needsManager: false
        }
      ],
      nearest: [],
      named: 0,
      method: 'offline'
    })
  })

  it('cites a section once for several passages', () => {
    const answer = index.search('Is a clean apron needed?', 'en')
    expect(answer.passages.map(({ heading }) => heading).sort()).toEqual(['Aprons', 'Shoes'])
    expect(citationsOf(answer.passages).map(({ slug }) => slug)).toEqual(['uniform'])
  })

  it.each([
    ['¿A qué temperatura va el pollo?', 'cooking', 'Temperaturas de cocción', 'es', 'aves'],
    ['¿jabón para las manos?', 'hands', 'Lavarse las manos', 'es', ''],
    // Sections without a Spanish text.
    ['¿zamboni?', 'parking', 'Parking', 'en', ''],
    ['¿Dónde estaciono mi carro?', 'parking', 'Parking', 'en', '']
  ])('quotes for %s the section %s, in Spanish where it can', (question, ...expected) => {
    const [slug, title, language, anchor] = expected
    expect(citationsFor(question, 'es')).toEqual([{ slug, title, language, anchor }])
  })

  it('finds a section by the other terms of a concept', () => {
    expect(citationsFor('Does the hen have a temp?', 'en')[0]?.slug).toBe('cooking')
    expect(index.search('What shoes?', 'en').passages[0]?.heading).toBe('Shoes')
  })

  it('joins a word that the recogniser split', () => {
    expect(citationsFor('where is the zam boni', 'en')[0]?.slug).toBe('parking')
    expect(citationsFor('con que ja bon me lavo', 'es')[0]?.slug).toBe('hands')
    // Two known words are not joined.
    expect(citationsFor('car park', 'en')[0]?.slug).toBe('parking')
  })

  it('matches a word with a recognition error', () => {
    expect(index.search('chiken', 'en').found).toBe(false)
    expect(citationsFor('hot chiken poultry', 'en')[0]?.slug).toBe('cooking')
  })

  it.each([
    'What is the wifi password?',
    'chicken lottery numbers wifi password',
    'How do I do it?',
    '?!',
    '🍗',
    'constructor __proto__ toString'
  ])('does not answer %j', (question) => {
    const nothing = { found: false, passages: [], named: 0, method: 'offline' }
    for (const language of LANGUAGES) {
      expect(index.search(question, language)).toMatchObject(nothing)
    }
  })

  it('names up to three nearest sections when it finds nothing, in the question’s language', () => {
    const nearest = (question: string, language: Language) =>
      index.search(question, language).nearest
    expect(nearest('chicken lottery numbers wifi password', 'en')).toEqual([
      { slug: 'cooking', title: 'Cooking temperatures', language: 'en', anchor: 'poultry' }
    ])
    expect(nearest('lotería de pollo, contraseña y números', 'es')).toEqual([
      { slug: 'cooking', title: 'Temperaturas de cocción', language: 'es', anchor: 'aves' }
    ])
    const all = nearest('soap salmon zamboni black lottery', 'en')
    expect(all).toHaveLength(3)
    expect(new Set(all.map(({ slug }) => slug)).size).toBe(3)
    expect(nearest('wifi password', 'en')).toEqual([])
  })

  it('marks passages about allergens, illness, injury and chemicals for a manager', async () => {
    const categories = ['allergens', 'illness', 'injury', 'chemicals', 'safety', '']
    const own = await buildOfflineIndex(
      categories.map((category, at) => ({
        ...section(`s${at}`, { en: [`Title ${at}`, `The zamboni number ${at} stands here.`] }),
        category
      })),
      []
    )
    const { passages } = own.search('zamboni', 'en')
    expect(passages).toHaveLength(6)
    for (const { slug, needsManager } of passages) {
      expect([slug, needsManager]).toEqual([slug, Number(slug.slice(1)) < 4])
    }
  })

  it('finds nothing in an empty handbook', async () => {
    const empty = await buildOfflineIndex([], KITCHEN_TERMS)
    expect(empty.search('How hot does chicken have to be?', 'en')).toMatchObject({
      found: false,
      nearest: []
    })
  })
})

describe('with the organisation’s terms', () => {
  const words = (concept: string, en: string[], es: string[] = []): OfflineTerm[] => [
    ...en.map((term) => ({ concept, language: 'en' as const, term })),
    ...es.map((term) => ({ concept, language: 'es' as const, term }))
  ]
  const index = buildOfflineIndex(small, [
    ...words('garage', ['ice barn', 'zamboni garage'], ['granero']),
    ...words('chicken', ['chicken', 'bird'], ['pollo']),
    ...words('nothing', ['out of'])
  ])
  const slugFor = async (question: string, language: Language) =>
    (await index).search(question, language).passages[0]?.slug

  it('finds a section by any of them, in both languages', async () => {
    expect(await slugFor('how long for the bird', 'en')).toBe('cooking')
    expect(await slugFor('¿y el granero?', 'es')).toBe('parking')
  })

  it('matches a phrase only when the question has all of its words', async () => {
    expect(await slugFor('where is the ice barn', 'en')).toBe('parking')
    expect(await slugFor('where is the barn', 'en')).toBeUndefined()
    expect(await slugFor('ice', 'en')).toBeUndefined()
  })

  it('ignores a term that the organisation removed', async () => {
    expect(await slugFor('what is the poultry', 'en')).toBe('cooking')
    expect(await slugFor('what is the turkey', 'en')).toBeUndefined()
  })

  it('ignores a term of filler words', async () => {
    expect(await slugFor('out of', 'en')).toBeUndefined()
  })
})

it('returns at most six passages, within the limits of the backend', async () => {
  const long = 'The walk-in fan hums. '.repeat(400)
  const index = await buildOfflineIndex([section('fan', { en: ['Fan', long] }), ...small], [])
  const { passages } = index.search('walk-in fan hums', 'en')
  const lengths = passages.map(({ text }) => text.length)
  expect(lengths.length).toBeGreaterThanOrEqual(3)
  for (const length of lengths) expect(length).toBeLessThanOrEqual(PASSAGE_LIMIT_CHARACTERS)
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(4_800)

  const many = Array.from({ length: 9 }, (_, at) =>
    section(`fan-${at}`, { en: [`Fan ${at}`, 'The walk-in fan hums.'] })
  )
  const short = await buildOfflineIndex(many, [])
  expect(short.search('walk-in fan hums', 'en').passages).toHaveLength(6)
})

describe('on the sample handbook', () => {
  type Asked = { question: string; slug: string | null; language: Language }
  /** Every second question, for speed. The limits were fitted to all questions: a lower bound, no proof. */
  const half = (asked: Asked[]) => asked.filter((_, at) => at % 2 === 1)
  const answered: Record<Language, Asked[]> = { en: [], es: [] }
  const unanswered: Record<Language, Asked[]> = { en: [], es: [] }
  let index: OfflineIndex

  beforeAll(async () => {
    const handbook = await readHandbookFolder(HANDBOOK_FOLDER)
    const sections = handbook.groups.find(({ slug }) => slug === 'harbor-and-rye')?.sections ?? []
    const written = sections.map(({ slug, texts: { en, es } }) =>
      section(slug, {
        ...(en && { en: [en.title, en.content] }),
        ...(es && { es: [es.title, es.content] })
      })
    )
    index = await buildOfflineIndex(written, KITCHEN_TERMS)
    for (const language of LANGUAGES) {
      answered[language] = sections.flatMap(({ slug, texts }) =>
        (texts[language]?.questions ?? []).map((question) => ({ question, slug, language }))
      )
      unanswered[language] = handbook.unanswered[language].map((question) => ({
        question,
        slug: null,
        language
      }))
    }
  })

  const share = (asked: readonly Asked[], is: (slugs: string[], one: Asked) => boolean) => {
    const right = asked.filter((one) => {
      const answer = index.search(one.question, one.language)
      expect(searchAnswerSchema.safeParse(answer).success).toBe(true)
      const slugs = citationsOf(answer.passages).map(({ slug }) => slug)
      return is(slugs, one)
    })
    return right.length / asked.length
  }

  it.each(LANGUAGES)('finds the section of a question in %s', (language) => {
    const asked = half(answered[language])
    expect(asked.length).toBeGreaterThan(100)
    expect(share(asked, (slugs, one) => slugs.includes(one.slug ?? ''))).toBeGreaterThanOrEqual(0.9)
    expect(share(asked, (slugs, one) => slugs[0] === one.slug)).toBeGreaterThanOrEqual(0.88)
    expect(share(asked, (slugs) => slugs.length === 0)).toBeLessThanOrEqual(0.08)
  })

  it('finds nothing for unanswered questions', () => {
    const asked = [...unanswered.en, ...unanswered.es]
    expect(share(half(asked), (slugs) => slugs.length === 0)).toBeGreaterThanOrEqual(0.8)
    expect(share(asked, (slugs) => slugs.length === 0)).toBeGreaterThanOrEqual(0.85)
  })
})
