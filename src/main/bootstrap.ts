// Starts the kiosk if the boot check lets this version start. Imports the kiosk late, because it may be broken.
import { app } from 'electron'
import { shouldContinueBoot } from './electron/boot-check.ts'

if (await shouldContinueBoot()) await import('./index.ts')
else app.exit(0)
