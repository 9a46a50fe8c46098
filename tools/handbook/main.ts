// `npm run handbook`.
import { runCommand } from '../../dev/run-command.ts'
import { handbookCommand } from './commands.ts'

await runCommand(() => handbookCommand(process.argv.slice(2)))
