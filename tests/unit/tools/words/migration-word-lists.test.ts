// The word lists of the migrations are those of src/shared/words.
import { expect, it } from 'vitest'
import { renderMigrationWordLists } from '../../../../tools/words/migration-word-lists.ts'

it('finds the words of every migration up to date', async () => {
  for (const { path, before, after } of await renderMigrationWordLists()) {
    expect(before, `${path} is stale: npm run words`).toBe(after)
  }
})
