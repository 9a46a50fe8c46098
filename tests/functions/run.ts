// Runs the edge functions' tests in the Deno that npm installed, without a network: types first, then the
// tests. Their report goes to reports/functions.xml; the exit code is Deno's.
import { spawn } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const denoProgram = fileURLToPath(new URL('../../node_modules/deno/bin.cjs', import.meta.url))

/** Packages come from node_modules. */
const LOCAL = ['--config', 'tests/functions/deno.json', '--node-modules-dir=manual', '--no-lock']

const deno = (args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [denoProgram, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' }
    })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })

const functionNames = (await readdir(`${root}supabase/functions`, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
  .map((entry) => entry.name)
const tests = (await readdir(`${root}tests/functions`))
  .filter((name) => name.endsWith('.deno.ts'))
  .map((name) => `tests/functions/${name}`)

await mkdir(`${root}reports`, { recursive: true })
const checked = await deno([
  'check',
  ...LOCAL,
  ...functionNames.map((name) => `supabase/functions/${name}/index.ts`)
])
const tested = await deno([
  'test',
  ...LOCAL,
  // Nothing is fetched that is not there.
  '--cached-only',
  // The tests' own types would need @types/node, which Deno looks for elsewhere.
  '--no-check',
  '--no-prompt',
  '--allow-env',
  '--allow-net=127.0.0.1',
  '--junit-path=reports/functions.xml',
  ...tests
])
process.exitCode = checked === 0 ? tested : checked
