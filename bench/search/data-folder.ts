// Makes or finds the databases of the search bench.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Progress } from '../bench-result.ts'
import { startSearchServer } from './server.ts'
import { ownerSchema } from './server-protocol.ts'
import { askingTenant, otherTenants } from './tenants.ts'

/** Raise it when the migrations or the synthetic sections change: older databases are made again. */
const SHAPE = 3
export const SEED = 20_261_121

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

type Wanted = { sections: number; tenants: number }

export type DataFolder = Loaded & { path: string }

/** Marks a complete database. */
const markOf = (path: string): string => join(path, 'bench.json')
/** Names the owners of an incomplete load. */
const unfinishedMarkOf = (path: string): string => join(path, 'bench-unfinished.json')

const readMark = async (mark: string): Promise<Loaded | null> => {
  try {
    return loadedSchema.parse(JSON.parse(await readFile(mark, 'utf8')))
  } catch {
    // Missing, incomplete or of another shape.
    return null
  }
}

const writeMark = (mark: string, loaded: Loaded): Promise<void> =>
  writeFile(mark, JSON.stringify(loaded), { mode: 0o600 })

const planOf = (sections: number): Loaded => {
  const tenant = askingTenant(sections)
  const account = { email: 'cook@example.com', password: 'only-for-this-bench' }
  return { shape: SHAPE, tenant, account: { ...account, groupId: tenant.groupId } }
}

/**
 * Makes a database with one tenant, or completes one.
 * @param sections visible to the tenant
 */
const makeAlone = async (
  path: string,
  openaiUrl: string,
  sections: number,
  progress: Progress
): Promise<Loaded> => {
  const unfinished = unfinishedMarkOf(path)
  const begun = await readMark(unfinished)
  const loaded = begun ?? planOf(sections)
  if (begun === null) {
    await rm(path, { recursive: true, force: true })
    await mkdir(path, { recursive: true })
    await writeMark(unfinished, loaded)
  } else {
    progress(`going on in ${path}`)
  }
  const server = await startSearchServer(path, openaiUrl)
  try {
    await server.ask({ ask: 'load', owners: loaded.tenant.owners, seed: SEED }, progress)
    await server.ask({ ask: 'account', ...loaded.account }, progress)
  } finally {
    await server.close()
  }
  return loaded
}

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
  const owners = otherTenants(tenants - 1, seen)
  const server = await startSearchServer(path, openaiUrl)
  try {
    await server.ask({ ask: 'load', owners, seed: SEED }, progress)
  } finally {
    await server.close()
  }
}

const pathOf = (root: string, { sections, tenants }: Wanted): string =>
  join(root, `${sections}-sections-${tenants}-tenants`)

export const isMade = async (root: string, wanted: Wanted): Promise<boolean> =>
  (await readMark(markOf(pathOf(root, wanted)))) !== null

/**
 * Reuses a complete database.
 * @param root of all databases
 */
export const dataFolder = async (
  root: string,
  openaiUrl: string,
  { sections, tenants }: Wanted,
  progress: Progress
): Promise<DataFolder> => {
  const path = pathOf(root, { sections, tenants })
  const found = await readMark(markOf(path))
  if (found !== null) {
    progress(`found in ${path}`)
    return { ...found, path }
  }
  if (tenants === 1) {
    const loaded = await makeAlone(path, openaiUrl, sections, progress)
    await writeMark(markOf(path), loaded)
    await rm(unfinishedMarkOf(path), { force: true })
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
  await writeMark(markOf(path), loaded)
  return { ...loaded, path }
}
