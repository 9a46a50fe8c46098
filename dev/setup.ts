// `npm run setup`: installs the programs that npm does not provide.
import { ensureTools, TOOLS } from './external-tools.ts'
import { runCommand, say } from './run-command.ts'

await runCommand(async () => {
  await ensureTools(true)
  for (const tool of TOOLS) say(`${tool.name.padEnd(13)} ${tool.find() ?? 'missing'}`)
  return 0
})
