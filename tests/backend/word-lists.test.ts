// The word lists of src/shared/words against the database that is made from them.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../dev/supabase/database.ts'
import { FILLER_WORDS } from '../../src/shared/words/filler-words.ts'
import { KITCHEN_TERMS, type KitchenTerm } from '../../src/shared/words/kitchen-terms.ts'
import { openMigratedDatabase } from './support/migrated-database.ts'

let database: Database
beforeAll(async () => {
  database = await openMigratedDatabase({ explains: false })
})
afterAll(() => database.close())

const inOrder = (terms: readonly KitchenTerm[]): string[] =>
  terms.map(({ concept, language, term }) => `${language} ${concept}: ${term}`).sort()

it('gives an organisation the kitchen terms and no other', async () => {
  const rows = await database.query<KitchenTerm>(
    'select concept, language, term from private.default_terms'
  )
  expect(inOrder(rows)).toEqual(inOrder(KITCHEN_TERMS))
})

it.each([
  ['en', []],
  // The stemmer of Postgres has no list with these.
  ['es', ['ser', 'tener', 'u', 'unas', 'usted', 'ustedes']]
] as const)('drops the filler words of %s from a question, but for %j', async (language, kept) => {
  const rows = await database.query<{ word: string }>(
    `select word from unnest($1::text[]) word
     where exists (select from private.content_words(word, $2)) order by word`,
    [[...FILLER_WORDS[language]], language]
  )
  expect(rows.map(({ word }) => word)).toEqual(kept)
})
