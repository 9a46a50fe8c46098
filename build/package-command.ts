// `npm run package`: packs the kiosk for Linux, as a folder and as an archive.
import { parseArgs } from 'node:util'
import { runCommand } from '../dev/run-command.ts'
import { FLAVOURS } from './flavour.ts'
import { packageLinux } from './package.ts'
import { packagesFolder } from './package-folders.ts'

const USAGE = `npm run package -- [--flavour checks|release]

  --flavour   checks (default): with the Electron of ELECTRON_OVERRIDE_DIST_PATH, drivable by npm run ask
              release: with the pinned Electron only, refuses unknown switches

Prints one JSON line that describes the package. npm run release makes installers.`

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      flavour: { type: 'string', default: 'checks' },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const flavour = FLAVOURS.find((name) => name === values.flavour)
  if (values.help || flavour === undefined) {
    process.stdout.write(`${USAGE}\n`)
    return values.help ? 0 : 64
  }
  const made = await packageLinux({ flavour, outFolder: packagesFolder(flavour) })
  process.stdout.write(`${JSON.stringify(made)}\n`)
  return 0
})
