// What the model and people are told, in each language of the conversation.
import assert from 'node:assert/strict'
import * as kiosk from '../../src/shared/language.ts'
import { instructionsFor, roleOf } from '../../supabase/functions/_shared/instructions.ts'
import { inOrder, KITCHEN_WORD_LIMIT } from '../../supabase/functions/_shared/kitchen-words.ts'
import {
  CONVERSATION_LANGUAGES,
  languageSchema,
  searchLanguageOf
} from '../../supabase/functions/_shared/language.ts'
import { ROLES } from '../../supabase/functions/_shared/languages/phrases.ts'
import { PHRASES } from '../../supabase/functions/_shared/languages/phrases-of.ts'
import { REFUSAL_STATUS } from '../../supabase/functions/_shared/refusals.ts'
import { stationSchema } from '../../supabase/functions/_shared/station.ts'

const WORDS = [
  { term: 'walk-in', means: 'the cold room' },
  { term: "86'd", means: 'out of stock' }
]
/** Marks that turn the direction of a line (UAX #9), and spaces that nobody sees. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/

/** Every text of a language, with its place. */
const textsOf = (value: unknown, place: string): [string, string][] =>
  typeof value === 'string'
    ? [[place, value]]
    : Object.entries(value ?? {}).flatMap(([key, part]) => textsOf(part, `${place}.${key}`))

Deno.test('the functions and the kiosk know the same languages', () => {
  assert.deepEqual([...CONVERSATION_LANGUAGES], [...kiosk.CONVERSATION_LANGUAGES])
  assert.deepEqual([...languageSchema.options], [...kiosk.LANGUAGES])
  for (const language of CONVERSATION_LANGUAGES) {
    assert.equal(searchLanguageOf(language), kiosk.searchLanguageOf(language))
  }
})

Deno.test('no text is missing, borrowed from another language, or carries invisible marks', () => {
  const codes = Object.keys(REFUSAL_STATUS).sort()
  const seen = new Map<string, string>()
  for (const language of CONVERSATION_LANGUAGES) {
    const phrases = PHRASES[language]
    assert.deepEqual(Object.keys(phrases.refusals).sort(), codes)
    assert.deepEqual(Object.keys(phrases.roles), [...ROLES])
    for (const [place, text] of textsOf(phrases, language)) {
      assert.notEqual(text.trim(), '', place)
      assert.equal(text, text.trim().normalize('NFC'), place)
      assert.doesNotMatch(text, INVISIBLE, place)
      assert.equal(seen.get(text), undefined, `${place} is ${seen.get(text)}`)
      seen.set(text, place)
    }
  }
})

Deno.test('every language is written in its own script', () => {
  for (const [language, script] of [
    ['zh-CN', /\p{Script=Han}/u],
    ['zh-HK', /\p{Script=Han}/u],
    ['ko', /\p{Script=Hangul}/u],
    ['ar', /\p{Script=Arabic}/u]
  ] as const) {
    for (const [place, text] of textsOf(PHRASES[language], language)) {
      assert.match(text, script, place)
    }
  }
  // Some characters that only one of the two ways of writing Chinese has.
  const simplified = textsOf(PHRASES['zh-CN'], '')
    .map(([, text]) => text)
    .join('')
  const traditional = textsOf(PHRASES['zh-HK'], '')
    .map(([, text]) => text)
    .join('')
  assert.doesNotMatch(simplified, /[們這問語廚單錯過嘅係]/)
  assert.doesNotMatch(traditional, /[们这问语厨单错过]/)
})

Deno.test('every language names the tool and the field that the rules are about', () => {
  for (const language of CONVERSATION_LANGUAGES) {
    const { instructions, station } = PHRASES[language]
    assert.match(instructions, /search_handbook/)
    assert.match(instructions, /found/)
    assert.equal(station.split('{station}').length, 2, language)
  }
})

Deno.test('every language says how the answer is reported, and only where the report is answered', () => {
  for (const language of CONVERSATION_LANGUAGES) {
    const { reporting } = PHRASES[language]
    for (const name of [/report_answer/, /found/, /sections/, /slug/, /true/, /false/]) {
      assert.match(reporting, name, language)
    }
    const asker = { language, role: 'crew' } as const
    assert.doesNotMatch(instructionsFor(asker), /report_answer/)
    const told = instructionsFor({ ...asker, reportsAnswer: true })
    assert.ok(told.startsWith(`${PHRASES[language].instructions}\n\n${reporting}\n\n`), language)
    assert.equal(told.replace(`${reporting}\n\n`, ''), instructionsFor(asker))
  }
})

Deno.test('English and Spanish search in the person’s words, the others in English', () => {
  const english = {
    fr: /en anglais/,
    'pt-BR': /em inglês/,
    'zh-CN': /英文/,
    'zh-HK': /英文/,
    vi: /tiếng Anh/,
    ko: /영어/,
    tl: /English/,
    ar: /بالإنجليزية/
  }
  for (const [language, pattern] of Object.entries(english)) {
    const { instructions, tool } = PHRASES[language as keyof typeof english]
    assert.match(instructions, pattern)
    assert.match(tool.description, pattern)
    assert.match(
      tool.query,
      language === 'ar'
        ? /الإنجليزية/
        : language === 'fr'
          ? /anglais/
          : language === 'pt-BR'
            ? /inglês/
            : pattern
    )
  }
  assert.match(PHRASES.en.tool.query, /own words/)
  assert.match(PHRASES.es.tool.query, /sus palabras/)
})

Deno.test('the same asker is told the same bytes, in whatever order the words come', () => {
  for (const language of CONVERSATION_LANGUAGES) {
    for (const role of ROLES) {
      const asker = { language, role, station: 'grill', kitchenWords: WORDS }
      const told = instructionsFor(asker)
      assert.equal(instructionsFor({ ...asker }), told)
      assert.equal(instructionsFor({ ...asker, kitchenWords: WORDS.toReversed() }), told)
    }
  }
})

Deno.test('what varies comes last: who shares more, shares a longer beginning', () => {
  for (const language of CONVERSATION_LANGUAGES) {
    const base = PHRASES[language].instructions
    const crew = instructionsFor({ language, role: 'crew' })
    const words = instructionsFor({ language, role: 'crew', kitchenWords: WORDS })
    const grill = instructionsFor({ language, role: 'crew', kitchenWords: WORDS, station: 'grill' })
    assert.ok(crew.startsWith(`${base}\n\n`))
    assert.ok(words.startsWith(`${crew}\n\n`))
    assert.ok(grill.startsWith(`${words}\n\n`))
    assert.ok(grill.includes('grill'))
    assert.ok(instructionsFor({ language, role: 'owner' }).startsWith(`${base}\n\n`))
  }
})

Deno.test('instructions with tool and words stay far below the 16,384 tokens that a session may have', () => {
  const kitchenWords = Array.from({ length: 300 }, (_, index) => ({
    term: `term ${index}`.padEnd(60, 'x'),
    means: 'y'.repeat(200)
  }))
  for (const language of CONVERSATION_LANGUAGES) {
    const owner = { language, role: 'owner', station: 'grill', reportsAnswer: true } as const
    const told = instructionsFor({ ...owner, kitchenWords: [] })
    // Two characters a token is less than any of these languages has; Chinese and Korean have about one.
    const leastPerToken = /[\p{Script=Han}\p{Script=Hangul}]/u.test(told) ? 0.8 : 2
    assert.ok(told.length / leastPerToken < 4_000, language)
    const longest = instructionsFor({ ...owner, kitchenWords })
    assert.ok((longest.length - told.length) / 2.5 < 11_000, language)
  }
})

Deno.test('a role of a name that is not known is spoken to as crew', () => {
  assert.deepEqual(['crew', 'owner', 'kitchen_lead', ''].map(roleOf), [
    'crew',
    'owner',
    'crew',
    'crew'
  ])
})

Deno.test('words are each told once, in one order, up to a limit', () => {
  assert.deepEqual(
    inOrder([
      { term: 'b', means: '2' },
      { term: 'a', means: '3' },
      { term: 'b', means: '1' }
    ]),
    [
      { term: 'a', means: '3' },
      { term: 'b', means: '1' }
    ]
  )
  const many = Array.from({ length: 200 }, (_, index) => ({ term: `t${index}`, means: 'm' }))
  assert.equal(inOrder(many).length, KITCHEN_WORD_LIMIT)
})

Deno.test('a station is a short label and nothing that could be a rule', () => {
  for (const [given, read] of [
    ['grill', 'grill'],
    [' Grill  2 ', 'grill 2'],
    ['Garde-manger', 'garde-manger'],
    ["chef's table", "chef's table"],
    ['Estación fría', 'estación fría'],
    ['烧烤', '烧烤'],
    ['المشواة', 'المشواة']
  ] as const) {
    assert.equal(stationSchema.parse(given), read)
  }
  for (const bad of [
    '',
    '  ',
    'a\nb',
    'a. B',
    'a"b',
    '{station}',
    '$&',
    '-x',
    'a\u202eb',
    'x'.repeat(33)
  ]) {
    assert.equal(stationSchema.safeParse(bad).success, false, bad)
  }
})
