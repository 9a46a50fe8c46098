// Builds the preload: a sandboxed window loads one CommonJS file that requires electron only.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveConfig } from 'electron-vite'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CALL_NAMES } from '../../src/shared/contract-names.ts'

/** A bundle with zod would be a hundred times larger. */
const PRELOAD_SIZE_LIMIT_BYTES = 8_000

let folder = ''
let source = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heard-preload-'))
  // The project's own configuration, without the page and with another folder.
  const { config } = await resolveConfig(
    { logLevel: 'error', build: { outDir: folder } },
    'build',
    'production'
  )
  if (config?.preload === undefined) throw new Error('The build has no preload.')
  await build({ ...config.preload, configFile: false })
  source = await readFile(join(folder, 'preload', 'index.cjs'), 'utf8')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

it('is one file beside the list of its licences', async () => {
  expect(await readdir(join(folder, 'preload'))).toEqual(['index.cjs', 'licenses.json'])
})

it('requires electron and nothing else', () => {
  const required = [...source.matchAll(/\brequire\(\s*(['"`])(.*?)\1\s*\)/g)].map(
    (match) => match[2]
  )
  expect(new Set(required)).toEqual(new Set(['electron']))
  expect(source).not.toMatch(/^\s*(import|export)\b/m)
  expect(source).not.toMatch(/\bimport\(/)
})

it('contains the name of every call and no schema', () => {
  for (const name of CALL_NAMES) expect(source).toContain(`"${name}"`)
  expect(source).not.toMatch(/zod/i)
  expect(source.length).toBeLessThan(PRELOAD_SIZE_LIMIT_BYTES)
})
