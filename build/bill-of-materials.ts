// Lists the third-party packages of a packed kiosk: a CycloneDX bill of materials, and their licences as text.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import { extractFile, listPackage } from '@electron/asar'
import { z } from 'zod'
import { fromProject, PROJECT_DIR } from '../dev/paths.ts'

export type ShippedPackage = {
  name: string
  version: string
  /** SPDX expression; null: its package.json has none. */
  license: string | null
  /** Its licence file; null: it has none. */
  text: string | null
}

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional()
})
/** Vite's `build.license`. */
const bundledSchema = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().optional(),
    text: z.string().optional()
  })
)

const PACKAGE_MANIFEST = /^\/(.*node_modules\/(@[^/]+\/)?[^/]+)\/package\.json$/
const LICENSE_FILE = /^(licen[cs]e|copying)/i

/** The packages in the archive's node_modules and in the built bundles, by name and version, without doubles. */
export const shippedPackages = (archive: string): ShippedPackage[] => {
  const files = listPackage(archive, { isPack: false })
  const read = (path: string) => extractFile(archive, path).toString('utf8')
  const installed = files.flatMap((path) => {
    const folder = PACKAGE_MANIFEST.exec(path)?.[1]
    if (folder === undefined) return []
    const { name, version, license = null } = manifestSchema.parse(JSON.parse(read(path.slice(1))))
    const own = files.filter(
      (file) => posix.dirname(file) === `/${folder}` && LICENSE_FILE.test(posix.basename(file))
    )
    const text = own.map((file) => read(file.slice(1)).trim()).join('\n\n')
    return [{ name, version, license, text: text === '' ? null : text }]
  })
  const bundled = ['main', 'preload', 'renderer'].flatMap((part) =>
    bundledSchema
      .parse(JSON.parse(readFileSync(fromProject('out', part, 'licenses.json'), 'utf8')))
      .map(({ name, version, identifier = null, text = null }) => ({
        name,
        version,
        license: identifier,
        text
      }))
  )
  const byId = new Map([...installed, ...bundled].map((each) => [idOf(each), each]))
  return [...byId.values()].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}

const idOf = ({ name, version }: { name: string; version: string }): string => `${name}@${version}`

/** The licences of the packages. Electron's and Chromium's lie beside the program. */
export const thirdPartyNotices = (packages: readonly ShippedPackage[]): string =>
  [
    'Heard contains the packages below, each under its own licence. The licences of Electron and Chromium are in',
    'LICENSE.electron.txt and LICENSES.chromium.html of the program.',
    ...packages.map(({ name, version, license, text }) =>
      [
        '-'.repeat(80),
        `${name} ${version} (${license ?? 'licence not named'})`,
        '',
        text ?? 'The package has no licence file.'
      ].join('\n')
    ),
    ''
  ].join('\n')

const billSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({}) }),
  components: z.array(
    z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() })
  ),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) }))
})

/**
 * npm's bill of materials of the lockfile, less the packages that are not shipped, with the packed Electron.
 * @throws when a shipped package is not in the lockfile
 */
export const billOfMaterials = async (
  packages: readonly ShippedPackage[],
  heardVersion: string,
  electronVersion: string
): Promise<string> => {
  const bill = billSchema.parse(JSON.parse(await npmBill()))
  const shipped = new Set(packages.map(idOf))
  const components = bill.components.filter((each) => shipped.has(idOf(each)))
  const listed = new Set(components.map(idOf))
  const unknown = [...shipped].filter((id) => !listed.has(id))
  if (unknown.length > 0) throw new Error(`package-lock.json lacks ${unknown.join(', ')}.`)
  const root = `heard@${heardVersion}`
  const electron = {
    'bom-ref': `electron@${electronVersion}`,
    type: 'framework',
    name: 'electron',
    version: electronVersion,
    purl: `pkg:npm/electron@${electronVersion}`,
    licenses: [{ license: { id: 'MIT' } }]
  }
  const refs = new Set(components.map((each) => each['bom-ref']))
  return `${JSON.stringify(
    {
      ...bill,
      metadata: {
        ...bill.metadata,
        component: {
          ...bill.metadata.component,
          'bom-ref': root,
          name: 'heard',
          version: heardVersion,
          purl: `pkg:npm/heard@${heardVersion}`
        }
      },
      // npm calls what the page bundles a development dependency.
      components: [
        ...components.map((each) => ({ ...each, scope: 'required', properties: [] })),
        electron
      ],
      dependencies: [
        { ref: root, dependsOn: [...refs, electron['bom-ref']] },
        ...bill.dependencies
          .filter(({ ref }) => refs.has(ref))
          .map((each) => ({ ...each, dependsOn: each.dependsOn.filter((ref) => refs.has(ref)) }))
      ]
    },
    null,
    2
  )}\n`
}

const npmBill = async (): Promise<string> => {
  const options = [
    'sbom',
    '--package-lock-only',
    '--sbom-format=cyclonedx',
    '--sbom-type=application'
  ]
  // npm run names npm's own script: on Windows `npm` alone is no program.
  const script = process.env.npm_execpath
  const [program, args] =
    script === undefined ? ['npm', options] : [process.execPath, [script, ...options]]
  const { stdout } = await promisify(execFile)(program, args, {
    cwd: PROJECT_DIR,
    maxBuffer: 64 * 1024 * 1024
  })
  return stdout
}
