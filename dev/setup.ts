// `npm run setup`: brings the programs that npm cannot.

import { ensureTools, TOOLS } from './external-tools.ts'
import { runCommand, say } from './run-command.ts'

await runCommand(async () => {
  await ensureTools()
  for (const tool of TOOLS) say(`${tool.name.padEnd(13)} ${tool.find() ?? 'missing'}`)
  return 0
})
