// What a question finds, on the real search functions in a real Postgres.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addSection,
  errorOf,
  HARBOR,
  openRestaurants,
  type Restaurants,
  SOL
} from './support/restaurants.ts'

const MODEL = 'text-embedding-3-small'
const DIMENSIONS = 1_536

type Row = {
  rank: number
  slug: string
  title: string
  heading: string
  language: string
  is_translation_missing: boolean
  content: string
  context: string
  cosine: number | null
  coverage: number
  found: boolean
  method: string
  anchor: string
  decision: 'answer' | 'maybe' | 'not_found'
  evidence: number
  rare_hits: number
  number_hits: number
  agreement: boolean
}

/** A unit vector with 1 on an axis of its own for each name: equal names agree, others are strangers. */
const axes = new Map<string, number>()
const vectorOf = (...names: string[]): number[] => {
  const vector = new Array<number>(DIMENSIONS).fill(0)
  for (const name of names) {
    const axis = axes.get(name) ?? axes.size
    axes.set(name, axis)
    vector[axis] = 1 / Math.sqrt(names.length)
  }
  return vector
}

let restaurants: Restaurants
beforeAll(async () => {
  restaurants = await openRestaurants()
  const { database } = restaurants
  await database.query('update public.role_policies set daily_limit = null')
  const topics: [RegExp, string][] = [
    [/chicken|pollo/i, 'chicken'],
    [/soup|sopa/i, 'cooling'],
    [/hands|manos/i, 'hands'],
    [/oyster/i, 'oysters'],
    [/agave/i, 'agave']
  ]
  const vectors = {
    model: MODEL,
    of: (text: string) => vectorOf(topics.find(([word]) => word.test(text))?.[1] ?? text)
  }
  await addSection(
    database,
    HARBOR,
    'cooking',
    {
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
    },
    vectors
  )
  await addSection(
    database,
    HARBOR,
    'cooling',
    {
      en: {
        title: 'Cooling food',
        passages: ['Cool hot soup from 135 °F to 70 °F within two hours.']
      },
      es: {
        title: 'Enfriar alimentos',
        passages: ['Enfría la sopa caliente de 135 °F a 70 °F en dos horas.']
      }
    },
    vectors
  )
  await addSection(
    database,
    HARBOR,
    'hand-washing',
    {
      en: { title: 'Hand washing', passages: ['Wash your hands for 20 seconds with warm water.'] }
    },
    vectors
  )
  await addSection(
    database,
    HARBOR,
    'oysters',
    {
      en: {
        title: 'Shellfish tags',
        passages: ['Keep the tag of every oyster bag for 90 days after the last one is sold.']
      }
    },
    vectors
  )
  await addSection(
    database,
    SOL,
    'agave',
    {
      en: {
        title: 'Agave syrup',
        passages: ['Agave syrup stands behind the bar, never the chicken.']
      }
    },
    vectors
  )
})
afterAll(() => restaurants.database.close())

type Ask = { embedding?: number[] | null; groupId?: string; limit?: number; model?: string }

const ask = (
  question: string,
  language: 'en' | 'es',
  { embedding = null, groupId = HARBOR, limit = 3, model = MODEL }: Ask = {}
): Promise<Row[]> =>
  restaurants.as<Row>(
    groupId === HARBOR ? restaurants.kiosk : restaurants.stranger,
    `select * from public.search_handbook($1, $2, $3, $4, $5, $6, $7)`,
    [
      groupId,
      randomUUID(),
      question,
      language,
      embedding === null ? null : JSON.stringify(embedding),
      model,
      limit
    ]
  )
const found = (rows: Row[]): string[] => rows.filter((row) => row.found).map((row) => row.slug)

describe('by words alone', () => {
  it.each([
    ['en', 'How hot does chicken have to be?', 'cooking'],
    ['en', 'how long do i wash my hands', 'hand-washing'],
    ['en', 'Uh, hey, so can you tell me how long we keep oyster tags please?', 'oysters'],
    ['es', '¿A qué temperatura tiene que estar el pollo?', 'cooking'],
    ['es', 'a que temperatura tiene que estar el pollo', 'cooking'],
    ['es', 'ENFRIAR LA SOPA', 'cooling']
  ] as const)('%s: "%s" finds %s first', async (language, question, slug) => {
    const rows = await ask(question, language)
    expect(found(rows)[0]).toBe(slug)
    expect(rows[0]).toMatchObject({ rank: 1, method: 'keyword', cosine: null })
  })

  it.each([
    ['en', 'What is the wifi password?'],
    ['es', '¿Cuál es la contraseña del internet?'],
    ['en', 'What should we do?'],
    ['en', '???']
  ] as const)('%s: "%s" is not in the handbook', async (language, question) => {
    expect(found(await ask(question, language))).toEqual([])
  })

  it('answers nothing outright of which it has a small word only', async () => {
    const rows = await ask('Who won the game last night?', 'en')
    expect(rows[0]?.decision).not.toBe('answer')
  })

  it('says the same decision on every row, and takes an answer from none when it is no', async () => {
    for (const question of ['How hot does chicken have to be?', 'soup of the wifi password']) {
      const rows = await ask(question, 'en', { limit: 10 })
      expect(new Set(rows.map(({ decision }) => decision)).size).toBeLessThanOrEqual(1)
      expect(rows.some(({ found: isFound }) => isFound)).toBe(rows[0]?.decision !== 'not_found')
    }
  })

  it('tells of rare words, of numbers and of where it stands', async () => {
    const [best] = await ask('What cooks to 155?', 'en')
    expect(best).toMatchObject({ number_hits: 1, anchor: '' })
    const [oysters] = await ask('oyster tags', 'en')
    expect(oysters?.rare_hits).toBeGreaterThan(0)
  })

  it('finds what a recogniser has split or misspelt', async () => {
    for (const question of [
      'how long do we keep oister tags',
      'how long do we keep oy ster tags'
    ]) {
      expect(found(await ask(question, 'en'))[0], question).toBe('oysters')
    }
  })

  it('holds to a number: 155 is ground beef', async () => {
    const [best] = await ask('What cooks to 155?', 'en')
    expect(best).toMatchObject({ found: true, content: 'Ground beef must reach 155 °F.' })
  })

  it('quotes what matched together with its neighbours, once', async () => {
    const rows = await ask('What cooks to 155?', 'en')
    expect(rows[0]?.context).toMatch(
      /Chicken and all poultry[\s\S]*Ground beef must reach 155 °F\./
    )
    expect(rows.filter((row) => row.slug === 'cooking')).toHaveLength(1)
  })

  it('puts a text with the figure asked for above one that only has the words', async () => {
    const { database } = restaurants
    await addSection(database, HARBOR, 'a-shelf-plan', {
      en: { title: 'Shelf plan', passages: ['Hot chicken goes on the hot shelf.'] }
    })
    const rows = await ask('How hot does chicken have to be?', 'en')
    await database.query(`delete from public.manual_sections where slug = 'a-shelf-plan'`)
    expect(rows.map((row) => row.slug)).toEqual(expect.arrayContaining(['a-shelf-plan']))
    expect(rows[0]?.slug).toBe('cooking')
  })

  it('leaves out a section that has half of the question beside one that has all of it', async () => {
    const rows = await ask('How hot does chicken have to be?', 'en')
    expect(found(rows)).toEqual(['cooking'])
  })

  it('understands a number that a recogniser wrote out', async () => {
    const [best] = await ask('How long until it is down to seventy?', 'en')
    expect(best?.slug).toBe('cooling')
  })

  it('takes "how hot" for a question about degrees', async () => {
    const [best] = await ask('How hot does chicken have to be?', 'en')
    expect(best?.content).toContain('165 °F')
    expect(best?.coverage).toBeGreaterThan(0.5)
  })

  it('weighs a rare word above common ones', async () => {
    const rows = await ask('How many seconds do I wash with hot water?', 'en')
    expect(rows[0]?.slug).toBe('hand-washing')
  })

  it('takes quotes, operators and backslashes for what they are: text', async () => {
    for (const question of [
      `it's "chicken" & !(soup) | 'x':*`,
      String.raw`chicken \ '' \\'`,
      'a:b <-> c'
    ]) {
      expect(await errorOf(ask(question, 'en'))).toBeUndefined()
    }
  })
})

describe('in two languages', () => {
  it('answers in the asker’s language where the section has it', async () => {
    const english = await ask('How hot does chicken have to be?', 'en')
    const spanish = await ask('¿Qué tan caliente va el pollo?', 'es')
    expect(english[0]).toMatchObject({ language: 'en', title: 'Cooking temperatures' })
    expect(spanish[0]).toMatchObject({
      language: 'es',
      title: 'Temperaturas de cocción',
      is_translation_missing: false
    })
  })

  it('returns the other language, and says so, where there is no translation', async () => {
    const [best] = await ask('¿Cuántos segundos me lavo las manos?', 'es')
    expect(best).toMatchObject({
      slug: 'hand-washing',
      language: 'en',
      is_translation_missing: true,
      found: true
    })
  })

  it('finds what only the vectors connect, and answers with the translation', async () => {
    const [best] = await ask('¿Cuánto calor para la gallina?', 'es', {
      embedding: vectorOf('chicken')
    })
    expect(best).toMatchObject({ slug: 'cooking', language: 'es', found: true, method: 'hybrid' })
    expect(best?.cosine).toBeCloseTo(1, 5)
  })

  it('never returns the same place twice, once per language', async () => {
    const rows = await ask('pollo chicken 165', 'es', { embedding: vectorOf('chicken'), limit: 10 })
    const places = rows.map((row) => `${row.slug} ${row.content}`)
    expect(new Set(places).size).toBe(places.length)
    expect(rows.filter((row) => row.content.includes('165'))).toHaveLength(1)
  })
})

describe('with vectors', () => {
  it('a stranger of a vector does not make an answer of a question without words in common', async () => {
    const rows = await ask('What is the wifi password?', 'en', { embedding: vectorOf('wifi') })
    expect(rows.length).toBeGreaterThan(0)
    expect(found(rows)).toEqual([])
  })

  it('is not misled by a vector without a direction', async () => {
    const zeros = new Array<number>(DIMENSIONS).fill(0)
    expect(found(await ask('What is the wifi password?', 'en', { embedding: zeros }))).toEqual([])
    expect(found(await ask('How hot is chicken?', 'en', { embedding: zeros }))[0]).toBe('cooking')
  })

  it('keeps the order by words when the vectors are chance', async () => {
    const byWords = found(await ask('How hot does chicken have to be?', 'en'))
    const nearHands = vectorOf(
      'hands',
      ...Array.from({ length: 99 }, (_, index) => `noise ${index}`)
    )
    const rows = await ask('How hot does chicken have to be?', 'en', { embedding: nearHands })
    expect(found(rows)).toEqual(byWords)
    expect(rows[0]?.slug).toBe('cooking')
  })

  it('compares nothing across models', async () => {
    const rows = await ask('What is the wifi password?', 'en', {
      embedding: vectorOf('chicken'),
      model: 'another-model'
    })
    expect(found(rows)).toEqual([])
  })

  it('lets words and vectors that agree rise above one of them alone', async () => {
    const rows = await ask('seconds', 'en', { embedding: vectorOf('hands') })
    expect(rows[0]?.slug).toBe('hand-washing')
  })
})

describe('the other restaurant', () => {
  it('never answers, however well its words and vectors fit', async () => {
    const rows = await ask('agave syrup behind the bar', 'en', {
      embedding: vectorOf('agave'),
      limit: 20
    })
    expect(rows.map((row) => row.slug)).not.toContain('agave')
    const theirs = await ask('chicken', 'en', {
      groupId: SOL,
      embedding: vectorOf('chicken'),
      limit: 20
    })
    expect([...new Set(theirs.map((row) => row.slug))]).toEqual(['agave'])
  })

  it('does not change what is rare here', async () => {
    const before = await ask('chicken seconds', 'en')
    for (let section = 0; section < 5; section += 1) {
      await addSection(restaurants.database, SOL, `seconds-${section}`, {
        en: { title: 'Chicken', passages: ['Chicken chicken.'] }
      })
    }
    const after = await ask('chicken seconds', 'en')
    expect(after.map((row) => [row.slug, row.coverage])).toEqual(
      before.map((row) => [row.slug, row.coverage])
    )
  })
})

describe('search_manual', () => {
  it('searches by words, for a member, and counts nothing', async () => {
    const { as, cook } = restaurants
    const rows = await as<Row>(cook, `select * from public.search_manual($1, 'chicken', 'en')`, [
      HARBOR
    ])
    expect(rows[0]).toMatchObject({ slug: 'cooking', found: true, method: 'keyword' })
    expect(await as(cook, 'select * from public.get_voice_access($1)', [HARBOR])).toMatchObject([
      { daily_count: 0 }
    ])
  })

  it('refuses a language or a length that is none', async () => {
    const { as, cook } = restaurants
    for (const [question, language] of [
      ['chicken', 'fr'],
      ['', 'en'],
      ['x'.repeat(1_001), 'en']
    ]) {
      const search = as(cook, 'select * from public.search_manual($1, $2, $3)', [
        HARBOR,
        question,
        language
      ])
      expect((await errorOf(search))?.code).toBe('HR400')
    }
  })
})

describe('a changed title', () => {
  it('is searched for at once', async () => {
    const { database } = restaurants
    expect(found(await ask('bivalves', 'en'))).toEqual([])
    await database.query(
      `update public.manual_section_versions v set title_en = 'Bivalves'
       from public.manual_sections s where s.id = v.section_id and s.slug = 'oysters'`
    )
    expect(found(await ask('bivalves', 'en'))[0]).toBe('oysters')
  })
})

describe('what is no question', () => {
  const refusal = async (question: string, language = 'en', groupId = HARBOR) =>
    (
      await errorOf(
        restaurants.as(restaurants.kiosk, 'select * from public.search_handbook($1, $2, $3, $4)', [
          groupId,
          randomUUID(),
          question,
          language
        ])
      )
    )?.code
  const asked = async () => {
    const [row] = await restaurants.database.query<{ count: number }>(
      'select count(*)::int as count from public.asked_questions'
    )
    return row?.count
  }

  it('is refused, and neither counted nor recorded', async () => {
    const before = await asked()
    expect(await refusal('x'.repeat(10_000))).toBe('HR400')
    expect(await refusal(' ')).toBe('HR400')
    expect(await refusal('chicken', 'fr')).toBe('HR400')
    // Postgres takes no null byte in a text; the function refuses it before.
    expect(await refusal('chick\u0000en')).toBe('22021')
    expect(await refusal('chicken', 'en', randomUUID())).toBe('HR001')
    expect(await refusal('chicken', 'en', SOL)).toBe('HR001')
    expect(await asked()).toBe(before)
  })

  it('is text when it looks like SQL, and does nothing', async () => {
    for (const question of [
      "chicken'; drop table public.manual_passages; --",
      "' or 1=1 --",
      '$$ select 1 $$',
      "\\'); select pg_sleep(9); --"
    ]) {
      expect(await refusal(question), question).toBeUndefined()
    }
    expect(found(await ask('How hot does chicken have to be?', 'en'))[0]).toBe('cooking')
  })

  it('is anybody’s whose membership was revoked in mid-session', async () => {
    const { database, cook } = restaurants
    const search = () =>
      restaurants.as(cook, `select * from public.search_handbook($1, $2, 'chicken', 'en')`, [
        HARBOR,
        randomUUID()
      ])
    expect(await errorOf(search())).toBeUndefined()
    await database.query('delete from public.group_memberships where user_id = $1', [cook.userId])
    try {
      expect((await errorOf(search()))?.code).toBe('HR001')
    } finally {
      await database.query(
        `insert into public.group_memberships (user_id, group_id, role) values ($1, $2, 'crew')`,
        [cook.userId, HARBOR]
      )
    }
  })
})

describe('a question that was searched', () => {
  it('is recorded with what was decided, in the language that was spoken', async () => {
    const questionId = randomUUID()
    await restaurants.as(
      restaurants.kiosk,
      `select * from public.search_handbook($1, $2, ' What is the wifi password? ', 'en',
         conversation_language => 'fr')`,
      [HARBOR, questionId]
    )
    expect(
      await restaurants.database.query(
        `select language, question, decision, method, section_id, search_ms >= 0 as timed
         from public.asked_questions where question_id = $1`,
        [questionId]
      )
    ).toEqual([
      {
        language: 'fr',
        question: 'What is the wifi password?',
        decision: 'not_found',
        method: 'keyword',
        section_id: null,
        timed: true
      }
    ])
  })
})
