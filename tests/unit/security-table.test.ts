// Checks the files and tests that docs/security.md names for the twenty items of Electron's checklist.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fromProject } from '../../dev/paths.ts'

const rows = [
  ...readFileSync(fromProject('docs/security.md'), 'utf8').matchAll(
    /^\| (\d+)\. .*? \| `(.+?)` \| `(.+?)`: (.+?) \|$/gm
  )
].map(([, item, file, test, title]) => ({ item: Number(item), file, test, title }))

it('has a row for each of the twenty items', () => {
  expect(rows.map(({ item }) => item)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
})

it.each(rows)('finds the file and the test of item $item', ({ file, test, title }) => {
  expect(readFileSync(fromProject(file ?? ''), 'utf8')).not.toBe('')
  expect(readFileSync(fromProject(test ?? ''), 'utf8')).toContain(`'${title}'`)
})

const attacks = [
  ...readFileSync(fromProject('docs/security.md'), 'utf8').matchAll(
    /^\| .+? \| .+? \| `(tests\/.+?)`: (.+?) \|$/gm
  )
].map(([, test, title]) => ({ test, title }))

it('names the test of each attack', () => {
  expect(attacks.length).toBeGreaterThan(15)
  for (const { test, title } of attacks) {
    expect(readFileSync(fromProject(test ?? ''), 'utf8')).toContain(`'${title}'`)
  }
})

const sources = (folder: string): string[] =>
  readdirSync(fromProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))

it('shows an announced restart and nothing else of updates', () => {
  const files = sources('src/renderer')
  expect(files.length).toBeGreaterThan(50)
  for (const file of files) {
    expect([
      file,
      /(?<!-)updates\.(?!restartAnnounced)|shared\/updates/.test(readFileSync(file, 'utf8'))
    ]).toEqual([file, false])
  }
})

it('opens nothing outside, in any file of the product', () => {
  const files = sources('src')
  expect(files.length).toBeGreaterThan(100)
  for (const file of files) {
    expect([
      file,
      /openExternal|openPath|\bshell\b.*from 'electron'/.test(readFileSync(file, 'utf8'))
    ]).toEqual([file, false])
  }
})
