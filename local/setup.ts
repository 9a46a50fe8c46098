// `npm run setup`: brings the programs that npm cannot.
import { runCommand, say } from './progress.ts'
import { ensureTools, TOOLS } from './tools.ts'

await runCommand(async () => {
  await ensureTools()
  for (const tool of TOOLS) say(`${tool.name.padEnd(13)} ${tool.find() ?? 'missing'}`)
  return 0
})
