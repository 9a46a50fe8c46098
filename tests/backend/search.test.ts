// Tests which sections search_handbook finds.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addMember,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  PIER,
  SOL,
  setUpRestaurants
} from './support/restaurants.ts'
import {
  DIMENSIONS,
  type FoundPassage,
  givenSlugs,
  MODEL,
  type Question,
  searchAs
} from './support/search.ts'
import { addSection, english, type Place, type SectionTexts } from './support/sections.ts'

const axes = new Map<string, number>()
/**
 * A vector with a coordinate on an axis of its own for each name, and the rest of its length on an axis that no other
 * vector has: its cosine with `vectorOf({ name: 1 })` is the given one.
 */
const vectorOf = (cosines: Record<string, number>): number[] => {
  const vector = new Array<number>(DIMENSIONS).fill(0)
  for (const [name, cosine] of Object.entries(cosines)) {
    const axis = axes.get(name) ?? axes.size
    axes.set(name, axis)
    vector[axis] = cosine
  }
  const rest = 1 - vector.reduce((sum, value) => sum + value * value, 0)
  vector[DIMENSIONS - 1] = Math.sqrt(Math.max(0, rest))
  return vector
}

/** Passages about one of these have its vector. */
const TOPICS: [RegExp, string][] = [
  [/chicken|pollo|beef|molida/i, 'cooking'],
  [/soup|sopa/i, 'cooling'],
  [/hands|manos/i, 'hands'],
  [/oyster/i, 'oysters'],
  [/agave/i, 'agave']
]
const VECTORS = {
  model: MODEL,
  of: (text: string) => vectorOf({ [TOPICS.find(([word]) => word.test(text))?.[1] ?? text]: 1 })
}

const restaurants = setUpRestaurants()
const add = (...[place, slug, texts]: [Place, string, SectionTexts]): Promise<string> =>
  addSection(restaurants.database, place, slug, texts, VECTORS)

beforeAll(async () => {
  await restaurants.database.query('update public.role_policies set daily_limit = null')
  await add(HARBOR, 'cooking', {
    en: {
      title: 'Cooking temperatures',
      passages: [
        'Chicken and all poultry must reach 165 °F for 15 seconds.',
        'Ground beef must reach 155 °F.'
      ]
    },
    es: {
      title: 'Temperaturas de cocción',
      passages: [
        'El pollo y todas las aves llegan a 165 °F por 15 segundos.',
        'La carne molida llega a 155 °F.'
      ]
    }
  })
  await add(HARBOR, 'cooling', {
    en: {
      title: 'Cooling food',
      passages: ['Cool hot soup from 135 °F to 70 °F within two hours.']
    },
    es: {
      title: 'Enfriar alimentos',
      passages: ['Enfría la sopa caliente de 135 °F a 70 °F en dos horas.']
    }
  })
  await add(
    HARBOR,
    'hand-washing',
    english('Hand washing', 'Wash your hands for 20 seconds with warm water.')
  )
  await add(HARBOR, 'propinas', {
    es: { title: 'Propinas', passages: ['Las propinas se reparten cada viernes.'] }
  })
  const tags = 'Keep the tag of every oyster bag for 90 days after the last one is sold.'
  await add({ brand: HARBOR_BRAND }, 'oysters', english('Shellfish tags', tags))
  await add(PIER, 'lobsters', english('Lobster tank', 'Feed the lobsters after closing.'))
  const syrup = 'Agave syrup stands behind the bar, never the chicken.'
  await add(SOL, 'agave', english('Agave syrup', syrup))
})

const ask = (question: string, asked: Omit<Question, 'question'> = {}): Promise<FoundPassage[]> =>
  searchAs(restaurants, restaurants.kiosk, { question, ...asked })
const found = async (question: string, asked: Omit<Question, 'question'> = {}): Promise<string[]> =>
  givenSlugs(await ask(question, asked))

/** Adds sections for the time of `work`. */
const withSections = async (
  texts: Record<string, SectionTexts>,
  work: () => Promise<void>
): Promise<void> => {
  for (const [slug, text] of Object.entries(texts)) await add(HARBOR, slug, text)
  try {
    await work()
  } finally {
    await restaurants.database.query('delete from public.manual_sections where slug = any ($1)', [
      Object.keys(texts)
    ])
  }
}

describe('a search by words', () => {
  it.each([
    ['en', 'How hot does chicken have to be?', 'cooking'],
    ['en', 'how long do i wash my hands', 'hand-washing'],
    ['en', 'Uh, hey, so can you tell me how long we keep oyster tags please?', 'oysters'],
    ['es', '¿A qué temperatura tiene que estar el pollo?', 'cooking'],
    ['es', 'ENFRIAR LA SOPA', 'cooling']
  ] as const)(
    'finds the section with the answer first, %s: %s',
    async (language, question, slug) => {
      const rows = await ask(question, { language })
      expect(rows[0]).toMatchObject({ rank: 1, slug, is_given: true, method: 'keyword' })
    }
  )

  it.each([
    ['en', 'What is the wifi password?'],
    ['es', '¿Cuál es la contraseña del internet?'],
    ['en', 'What should we do?'],
    ['en', '???']
  ] as const)('finds nothing when no section has a word, %s: %s', async (language, question) => {
    expect(await ask(question, { language })).toEqual([])
  })

  it('ranks the section with the rarest word first', async () => {
    await withSections(
      {
        'mop-a': english('A', 'The mop. Mop with a mop.'),
        'mop-b': english('B', 'The mop. Mop with a mop.'),
        'mop-c': english('C', 'The mop. Mop with a mop.'),
        ammonia: english('D', 'Lock the ammonia away.')
      },
      async () => expect((await found('mop with ammonia'))[0]).toBe('ammonia')
    )
  })

  it('counts a word in the title more than in the text', async () => {
    await withSections(
      {
        gloves: english('Gloves', 'Hooks: seven.'),
        hooks: english('Hooks', 'Gloves: seven.')
      },
      async () => {
        expect(await found('gloves')).toEqual(['gloves', 'hooks'])
        expect(await found('hooks')).toEqual(['hooks', 'gloves'])
      }
    )
  })

  it('ranks a short passage before a long one with more mentions', async () => {
    const filler = Array.from({ length: 160 }, (_, n) => `filler${n}`).join(' ')
    await withSections(
      {
        short: english('One', 'Dry the squeegee. Hang the squeegee up.'),
        long: {
          en: { title: 'Two', passages: [`squeegee squeegee squeegee squeegee ${filler}`] }
        }
      },
      async () => expect(await found('squeegee')).toEqual(['short', 'long'])
    )
  })

  it('gives another section beside one with the word in many passages', async () => {
    const passages = Array.from(
      { length: 20 },
      (_, n) => `Squeegee, squeegee, squeegee: step ${n}. ${'Again and again. '.repeat(20)}`
    )
    await withSections(
      {
        long: { en: { title: 'Squeegee', passages } },
        short: english('One', 'Hang the squeegee up.')
      },
      async () => expect(await found('squeegee')).toEqual(['long', 'short'])
    )
  })

  it('finds a section by its example questions', async () => {
    const text = { title: 'Gloves', passages: ['Change them often.'] }
    await withSections(
      { gloves: { en: { ...text, questions: ['May I wear mittens?'] } }, other: { en: text } },
      async () => expect(await found('mittens')).toEqual(['gloves'])
    )
  })
})

describe('a search by vectors', () => {
  it('finds a section without a word of the question, in its language', async () => {
    const [best, ...others] = await ask('¿Cuánto calor para la gallineta?', {
      language: 'es',
      vector: vectorOf({ cooking: 0.6 })
    })
    expect(best).toMatchObject({
      slug: 'cooking',
      language: 'es',
      is_given: true,
      method: 'hybrid'
    })
    expect(others.filter(({ slug, language }) => slug === 'cooking' && language === 'en')).toEqual(
      []
    )
  })

  it('returns three sections that are not given when none is near', async () => {
    const vector = vectorOf({ hands: 0.15, cooling: 0.14, oysters: 0.13, cooking: 0.12 })
    const rows = await ask('What is the wifi password?', { vector })
    expect(rows.map(({ slug, is_given }) => [slug, is_given])).toEqual([
      ['hand-washing', false],
      ['cooling', false],
      ['oysters', false]
    ])
  })

  it('returns each of the nearest sections once', async () => {
    const vector = vectorOf({ cooking: 0.15, hands: 0.14, cooling: 0.13, oysters: 0.12 })
    const rows = await ask('What is the wifi password?', { vector })
    expect(rows.map(({ slug }) => slug)).toEqual(['cooking', 'hand-washing', 'cooling'])
  })

  it('adds the cosine to the words', async () => {
    const question = 'seconds'
    const [first, second] = await found(question)
    expect([first, second].toSorted()).toEqual(['cooking', 'hand-washing'])
    for (const [topic, slug] of [
      ['cooking', 'cooking'],
      ['hands', 'hand-washing']
    ] as const) {
      expect((await found(question, { vector: vectorOf({ [topic]: 0.9 }) }))[0]).toBe(slug)
    }
  })

  it.each([
    ['of another model', { vector: vectorOf({ hands: 1 }), model: 'another-model' }, 'keyword'],
    ['of zeros', { vector: new Array<number>(DIMENSIONS).fill(0) }, 'hybrid']
  ] as const)('ignores a vector %s', async (_name, asked, method) => {
    const byWords = await ask('How hot does chicken have to be?')
    expect(byWords[0]).toMatchObject({ slug: 'cooking', embedding_model: MODEL })
    expect(await ask('How hot does chicken have to be?', asked)).toEqual(
      byWords.map((row) => ({ ...row, method }))
    )
    expect(await ask('What is the wifi password?', asked)).toEqual([])
  })
})

describe('the language of a passage', () => {
  it.each([
    ['en', 'en', 'Cooking temperatures', 'How hot does chicken have to be?'],
    ['es', 'es', 'Temperaturas de cocción', '¿Qué tan caliente va el pollo?']
  ] as const)(
    'is the question’s when the section has both, %s',
    async (language, given, title, question) => {
      const rows = (await ask(question, { language })).filter(({ slug }) => slug === 'cooking')
      expect(rows[0]).toMatchObject({ title })
      expect(new Set(rows.map((row) => row.language))).toEqual(new Set([given]))
    }
  )

  it.each([
    ['es', 'en', 'hand-washing', '¿Cuántos segundos me lavo las manos?'],
    ['en', 'es', 'propinas', 'When do we get our tips?']
  ] as const)(
    'is the other one when the section has no other, %s',
    async (language, given, slug, question) => {
      const [best] = await ask(question, { language })
      expect(best).toMatchObject({ slug, language: given, is_given: true })
      expect(best?.title).not.toBe('')
    }
  )
})

describe('a restatement', () => {
  it('finds a section that the question does not', async () => {
    const question = 'is it happy yet'
    expect(await found(question)).toEqual([])
    expect(await found(question, { restated: 'Is the soup cool?' })).toEqual(['cooling'])
  })

  it.each([
    ['empty', ''],
    ['of spaces', ' \t '],
    ['equal to the question', 'How hot does chicken have to be?']
  ])('changes nothing when it is %s', async (_name, restated) => {
    const question = 'How hot does chicken have to be?'
    expect(await ask(question, { restated })).toEqual(await ask(question))
  })

  it('hides nothing when it is in the wrong language', async () => {
    const rows = await ask('¿Qué tan caliente va el pollo?', {
      language: 'es',
      restated: 'How hot must the bird be before it may be served?'
    })
    expect(rows[0]).toMatchObject({ slug: 'cooking', language: 'es' })
  })
})

describe('the text of a question', () => {
  const asked = async (): Promise<number | undefined> => {
    return restaurants.value<number>('select count(*)::int as count from public.asked_questions')
  }

  it.each<[string, Question]>([
    ['an empty question', { question: ' ' }],
    ['a question of 1,001 characters', { question: 'x'.repeat(1_001) }],
    ['a restatement of 1,001 characters', { question: 'soup', restated: 'x'.repeat(1_001) }]
  ])('raises HR400 and is not recorded when it is %s', async (_name, question) => {
    const before = await asked()
    const error = await errorOf(searchAs(restaurants, restaurants.kiosk, question))
    expect(error).toMatchObject({ code: 'HR400', message: 'bad_request' })
    expect(await asked()).toBe(before)
  })

  it('may have 1,000 characters', async () => {
    const longest = 'soup '.repeat(200)
    expect(await found(longest, { restated: longest })).toEqual(['cooling'])
  })

  it('may have any characters: operators, quotes, SQL', async () => {
    const odd = fc.constantFrom(
      ...'\'"\\:*&|!()<->%$;,.-_^~`[]{}@#/+=?¿ \t\n',
      'chicken',
      'soup',
      "' or 1=1 --",
      '$$',
      'é',
      '漢',
      '🔥',
      '\u0001',
      '\uFEFF'
    )
    const text = fc
      .oneof(
        fc.array(odd, { minLength: 1, maxLength: 40 }).map((parts) => parts.join('')),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })
      )
      // Postgres takes no null character in a text.
      .filter((text) => text.trim() !== '' && !text.includes('\0'))
    await fc.assert(
      fc.asyncProperty(text, text, text, async (question, restated, slug) => {
        const error = await errorOf(ask(question, { restated, sections: [slug] }))
        expect(error).toBeUndefined()
      }),
      { numRuns: 60 }
    )
    expect(await found('How hot does chicken have to be?')).toContain('cooking')
  })
})

describe('another restaurant’s section', () => {
  it('is not found by words, vector or name', async () => {
    for (const [slug, question, topic] of [
      ['agave', 'agave syrup behind the bar', 'agave'],
      ['lobsters', 'feed the lobsters in the tank', 'Feed the lobsters after closing.']
    ] as const) {
      const rows = await ask(question, { vector: vectorOf({ [topic]: 1 }), sections: [slug] })
      expect(rows.map((row) => row.slug)).not.toContain(slug)
    }
    const theirs = await searchAs(restaurants, restaurants.stranger, {
      groupId: SOL,
      question: 'chicken',
      vector: vectorOf({ cooking: 1 })
    })
    expect(theirs.map((row) => row.slug)).toEqual(['agave'])
  })

  it('does not change the rarity of words here', async () => {
    const before = await ask('chicken seconds')
    for (let section = 0; section < 5; section += 1) {
      await add(SOL, `seconds-${section}`, english('Seconds', 'Seconds.'))
      await add(PIER, `seconds-${section}`, english('Seconds', 'Seconds.'))
    }
    expect(await ask('chicken seconds')).toEqual(before)
    await restaurants.database.query(
      `delete from public.manual_sections where slug like 'seconds-%'`
    )
  })
})

describe('a small handbook', () => {
  it('is searched when it has one section', async () => {
    const search = (question: string, sections: string[] = []) =>
      searchAs(restaurants, restaurants.stranger, { groupId: SOL, question, sections })
    expect(givenSlugs(await search('Where is the agave syrup?'))).toEqual(['agave'])
    expect(await search('wifi')).toEqual([])
    expect(givenSlugs(await search('wifi', ['agave']))).toEqual(['agave'])
  })

  it('finds nothing when it has no section', async () => {
    const { database } = restaurants
    const group = await restaurants.value<string>(
      `with brand as (
         insert into public.organisations (name, slug) values ('Empty', 'empty') returning id
       )
       insert into public.groups (organisation_id, name, slug) select id, 'Empty', 'empty' from brand returning id`
    )
    const person = await addMember(database, group ?? '')
    await database.query(
      `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai) values ($1, 'crew', true, true)`,
      [group]
    )
    const questionId = randomUUID()
    const rows = await searchAs(restaurants, person, {
      groupId: group ?? '',
      questionId,
      question: 'How hot is chicken?',
      sections: ['cooking'],
      vector: vectorOf({ cooking: 1 })
    })
    expect(rows).toEqual([])
    const recorded = await database.query(
      'select is_found from public.asked_questions where question_id = $1',
      [questionId]
    )
    expect(recorded).toEqual([{ is_found: false }])
  })
})
