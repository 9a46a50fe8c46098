import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { STAGING, writeFilesAtomically } from '../../../../tools/handbook/write-files-atomically.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const made = temporaryFolder()

/** Texts by path; an empty folder by its name. */
const contentOf = (folder = made.path): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name)
      const name = relative(made.path, path)
      if (!entry.isDirectory()) return [[name, readFileSync(path, 'utf8')]]
      const inside = Object.entries(contentOf(path))
      return inside.length === 0 ? [[`${name}/`, '']] : inside
    })
  )

const FILES = [
  { path: 'en/eggs.md', text: 'Eggs.' },
  { path: 'en/soup.md', text: 'Soup.' },
  { path: 'es/soup.md', text: 'Sopa.' }
]

it('makes the folders of its files and no others', async () => {
  const folder = join(made.path, 'to', 'the', 'manager')
  const paths = await writeFilesAtomically(folder, FILES)
  expect(paths).toEqual(FILES.map(({ path }) => join(folder, path)))
  expect(contentOf()).toEqual(
    Object.fromEntries(FILES.map(({ path, text }) => [`to/the/manager/${path}`, text]))
  )
})

it('overwrites existing files and keeps others', async () => {
  made.write('en/soup.md', 'Old soup.')
  made.write('en/notes.txt', 'Mine.')
  // Of a killed run.
  made.write(`${STAGING}/new/en/eggs.md`, 'Half an e')
  await writeFilesAtomically(made.path, FILES)
  expect(contentOf()).toEqual({
    'en/eggs.md': 'Eggs.',
    'en/soup.md': 'Soup.',
    'es/soup.md': 'Sopa.',
    'en/notes.txt': 'Mine.'
  })
})

it.each([
  [
    'a folder in the place of a file',
    () => mkdirSync(join(made.path, 'es/soup.md'), { recursive: true }),
    /es\/soup\.md is a folder, and a file is to be written there\. Nothing was written\.$/
  ],
  [
    'a file in the place of a folder',
    () => made.write('es', 'Not a folder.'),
    /es\/soup\.md cannot be a folder: .*; name another folder\. Nothing was written\.$/
  ],
  [
    'a link that leads to itself',
    () => symlinkSync('es', join(made.path, 'es')),
    /es\/soup\.md .*\. Nothing was written\.$/
  ]
])('restores everything when the last file meets %s', async (_what, put, said) => {
  made.write('en/soup.md', 'Old soup.')
  put()
  const before = readdirSync(made.path)
  await expect(writeFilesAtomically(made.path, FILES)).rejects.toThrow(said)
  expect(readdirSync(made.path)).toEqual(before)
  expect(readdirSync(join(made.path, 'en'))).toEqual(['soup.md'])
  expect(made.read('en/soup.md')).toBe('Old soup.')
})

it('removes its folders when a file cannot be written', async () => {
  const long = { path: `en/${'long'.repeat(100)}.md`, text: 'x' }
  await expect(writeFilesAtomically(join(made.path, 'a', 'b'), [...FILES, long])).rejects.toThrow(
    /b has a name that is too long\. Nothing was written\.$/
  )
  expect(contentOf()).toEqual({})
})

it('throws errors that are not of the system unchanged', async () => {
  const writing = writeFilesAtomically(made.path, [{ path: 'en/\0.md', text: '' }])
  await expect(writing).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' })
  expect(contentOf()).toEqual({})
})
