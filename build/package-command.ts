// `npm run package`: a Linux package of the kiosk, as a folder and as an archive of it.
import { parseArgs } from 'node:util'
import { runCommand } from '../dev/run-command.ts'
import { FLAVOURS } from './flavour.ts'
import { packageLinux } from './package.ts'
import { packagesFolder } from './package-folders.ts'

const USAGE = `npm run package -- [--flavour checks|release]

  --flavour   checks (default): of whatever Electron ELECTRON_OVERRIDE_DIST_PATH has, and drivable by npm run ask
              release: of the pinned Electron only, and refuses every switch that is not its own

Prints one JSON line with where the package is. Installers are made by npm run release.`

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
  const made = await packageLinux({ flavour, outFolder: packagesFolder(flavour), archive: true })
  process.stdout.write(`${JSON.stringify(made)}\n`)
  return 0
})
