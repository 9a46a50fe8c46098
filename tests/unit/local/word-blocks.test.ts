// The word lists of the migrations are those of src/shared/words.
import { expect, it } from 'vitest'
import { migrationsWithWords } from '../../../local/word-blocks.ts'

it('finds the words of every migration up to date', async () => {
  for (const { path, before, after } of await migrationsWithWords()) {
    expect(before, `${path} is stale: npm run words`).toBe(after)
  }
})
