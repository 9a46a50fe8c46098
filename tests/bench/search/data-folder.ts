// The databases of the search bench: made for one run, or kept in a named folder and found there by the next.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Progress } from '../section.ts'
import { startSearchServer } from './server.ts'
import { ownerSchema } from './server-messages.ts'
import { askingTenant, strangers } from './tenants.ts'

/** Made anew when what is made changes. */
const SHAPE = 1
/** All texts and names come from it. */
const SEED = 20_261_121

const loadedSchema = z.strictObject({
  shape: z.literal(SHAPE),
  tenant: z.strictObject({
    organisationId: z.uuid(),
    groupId: z.uuid(),
    sisterId: z.uuid(),
    owners: z.array(ownerSchema)
  }),
  account: z.strictObject({ email: z.string(), password: z.string(), groupId: z.uuid() })
})
export type Loaded = z.output<typeof loadedSchema>

export type DataFolder = Loaded & { path: string }

const markOf = (path: string): string => join(path, 'bench.json')

const readMark = async (path: string): Promise<Loaded | null> => {
  try {
    return loadedSchema.parse(JSON.parse(await readFile(markOf(path), 'utf8')))
  } catch {
    // Not there, not finished, or of another shape: it is made again.
    return null
  }
}

const writeMark = (path: string, loaded: Loaded): Promise<void> =>
  writeFile(markOf(path), JSON.stringify(loaded), { mode: 0o600 })

/** A database with one tenant. @param sections as many as it sees */
const makeAlone = async (
  path: string,
  openaiUrl: string,
  sections: number,
  progress: Progress
): Promise<Loaded> => {
  await rm(path, { recursive: true, force: true })
  await mkdir(path, { recursive: true })
  const tenant = askingTenant(sections)
  const { groupId } = tenant
  const account = { email: 'cook@example.com', password: 'only-for-this-bench', groupId }
  const server = await startSearchServer(path, openaiUrl)
  try {
    await server.ask({ ask: 'load', owners: tenant.owners, seed: SEED }, progress)
    await server.ask({ ask: 'account', ...account }, progress)
  } finally {
    await server.close()
  }
  return { shape: SHAPE, tenant, account }
}

/** The same among strangers. */
const addStrangers = async (
  path: string,
  openaiUrl: string,
  loaded: Loaded,
  tenants: number,
  progress: Progress
): Promise<void> => {
  const seen = loaded.tenant.owners
    .filter(({ groupId }) => groupId !== loaded.tenant.sisterId)
    .reduce((sum, { sections }) => sum + sections, 0)
  const owners = strangers(tenants - 1, seen)
  const server = await startSearchServer(path, openaiUrl)
  try {
    await server.ask({ ask: 'load', owners, seed: SEED }, progress)
  } finally {
    await server.close()
  }
}

/**
 * The database of one size, among as many tenants; what is there already is used as it is.
 * @param root where the databases are
 */
export const dataFolder = async (
  root: string,
  openaiUrl: string,
  { sections, tenants }: { sections: number; tenants: number },
  progress: Progress
): Promise<DataFolder> => {
  const path = join(root, `${sections}-sections-${tenants}-tenants`)
  const found = await readMark(path)
  if (found !== null) {
    progress(`found in ${path}`)
    return { ...found, path }
  }
  if (tenants === 1) {
    const loaded = await makeAlone(path, openaiUrl, sections, progress)
    await writeMark(path, loaded)
    return { ...loaded, path }
  }
  const { path: alone, ...loaded } = await dataFolder(
    root,
    openaiUrl,
    { sections, tenants: 1 },
    progress
  )
  await rm(path, { recursive: true, force: true })
  await cp(alone, path, { recursive: true, filter: (source) => source !== markOf(alone) })
  await addStrangers(path, openaiUrl, loaded, tenants, progress)
  await writeMark(path, loaded)
  return { ...loaded, path }
}
