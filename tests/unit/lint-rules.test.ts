// Breaks each import rule in a copy of the tree's shape, and reads the linter's report.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fromProject } from '../../dev/paths.ts'

const ELECTRON = "import { app } from 'electron'\napp.quit()\n"
const REACT = "import { useState } from 'react'\nuseState(0)\n"
const LOCAL = "import { DATA_DIR } from '../../dev/paths.ts'\nconsole.log(DATA_DIR)\n"

const FORBIDDEN: [string, string][] = [
  ['src/main/account/electron.ts', ELECTRON],
  ['src/main/electron.ts', ELECTRON],
  ['src/renderer/turn/electron.ts', ELECTRON],
  ['src/shared/electron.ts', ELECTRON],
  ['dev/preview/electron.ts', ELECTRON],
  ['src/renderer/turn/react.ts', REACT],
  ['src/renderer/call/react.ts', REACT],
  ['src/main/react.ts', REACT],
  ['src/main/electron/local.ts', LOCAL],
  ['src/renderer/ui/parts/local.tsx', LOCAL],
  ['supabase/functions/realtime-search/local.ts', LOCAL]
]
const ALLOWED: [string, string][] = [
  ['src/main/electron/electron.ts', ELECTRON],
  ['src/main/index.ts', ELECTRON],
  ['src/main/bootstrap.ts', ELECTRON],
  ['src/preload/index.ts', ELECTRON],
  ['src/renderer/ui/screens/react.tsx', REACT],
  ['src/renderer/ui/parts/react.tsx', REACT],
  ['src/renderer/ui/i18n/react.ts', REACT],
  ['dev/local.ts', LOCAL]
]

const tree = mkdtempSync(join(tmpdir(), 'heard-lint-'))
afterAll(() => rmSync(tree, { recursive: true, force: true }))

const config = JSON.parse(readFileSync(fromProject('biome.json'), 'utf8'))
// The copy is not a git checkout.
writeFileSync(join(tree, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }))
for (const [path, source] of [...FORBIDDEN, ...ALLOWED]) {
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), source)
}
const { stdout } = spawnSync(
  process.execPath,
  [
    fromProject('node_modules/@biomejs/biome/bin/biome'),
    'lint',
    '--only=style/noRestrictedImports',
    '--reporter=github',
    '--max-diagnostics=none'
  ],
  { cwd: tree, encoding: 'utf8' }
)
const refused = new Set(
  // The reporter's paths are relative to the working directory or to the root.
  [...stdout.matchAll(/noRestrictedImports,file=([^,]+),/g)].map((match) =>
    relative(tree, resolve(tree, match[1] ?? ''))
  )
)

describe('the import rules', () => {
  it.each(FORBIDDEN)('refuse %s', (path) => {
    expect(refused).toContain(path)
  })

  it.each(ALLOWED)('allow %s', (path) => {
    expect(refused).not.toContain(path)
  })
})
