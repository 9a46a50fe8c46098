// Starts the kiosk if the boot check lets this version start. Imports the kiosk late, because it may be broken.
import { app } from 'electron'
import { shouldContinueBoot } from './electron/boot-check.ts'
import { prepareStartup } from './electron/startup.ts'

const startup = prepareStartup(app)
// A start that IT's files forbid says nothing about this version.
if (startup.problems.length > 0 || (await shouldContinueBoot())) {
  const { startKiosk } = await import('./index.ts')
  startKiosk(startup)
} else app.exit(0)
