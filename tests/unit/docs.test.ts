// Holds the documents to the tree: links and paths that they name exist.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { fromProject } from '../../dev/paths.ts'

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...globSync('docs/**/*.md', { cwd: fromProject('.') })
]
/** In code style, below one of the top folders. Words in capitals stand for what a reader fills in. */
const PATH = /`(?:…\/|(?=(?:src|supabase|dev|tools|bench|tests|build|docs)\/))([\w.*/…-]+\/?)`/g
const LINK = /\]\((?!https?:|#)([^)#\s]+)/g

test.each(PAGES)('%s links and names only what exists', (page) => {
  const text = readFileSync(fromProject(page), 'utf8')
  const paths = [...text.matchAll(PATH)].map(([whole, path = '']) =>
    whole.startsWith('`…/') ? `src/renderer/${path}` : path
  )
  const missing = paths.filter((path) => globSync(fromProject(path)).length === 0)
  const broken = [...text.matchAll(LINK)]
    .map(([, target = '']) => join(dirname(page), target))
    .filter((target) => !existsSync(fromProject(target)))
  expect([...missing, ...broken].join('\n')).toBe('')
})

test('the glossary has at most 60 terms', () => {
  const rows = readFileSync(fromProject('docs/glossary.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!term )[A-Za-z]/.test(line))
  expect(rows.length).toBeLessThanOrEqual(60)
})

test('the code cites only documents that exist', () => {
  const files = globSync('{src,supabase,dev,tools,bench,tests,build}/**/*.{ts,tsx,sql,css}', {
    cwd: fromProject('.')
  })
  expect(files.length).toBeGreaterThan(500)
  const missing = files.flatMap((file) =>
    [...readFileSync(fromProject(file), 'utf8').matchAll(/docs\/[\w/-]+\.md/g)]
      .filter(([path]) => !existsSync(fromProject(path)))
      .map(([path]) => `${file}: ${path}`)
  )
  expect(missing).toEqual([])
})
