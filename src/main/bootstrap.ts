// Where Electron begins: whether this version is to be started at all, and only then the kiosk. In a file of its own,
// because what the kiosk imports may be what is broken.
import { app } from 'electron'
import { shouldContinueBoot } from './electron/boot-check.ts'

if (await shouldContinueBoot()) await import('./index.ts')
else app.exit(0)
