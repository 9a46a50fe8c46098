// The databases of the search bench: made for one run, or kept in a named folder and found there by the next.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Progress } from '../bench-result.ts'
import { startSearchServer } from './server.ts'
import { ownerSchema } from './server-protocol.ts'
import { askingTenant, otherTenants } from './tenants.ts'

/** Databases of another shape are made anew: raised when the migrations or the made sections change. */
const SHAPE = 3
/** All texts and names come from it. */
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

/** Written when all is there. */
const markOf = (path: string): string => join(path, 'bench.json')
/** Written before: whose the sections are that a load was writing when it was cut short. */
const unfinishedMarkOf = (path: string): string => join(path, 'bench-unfinished.json')

const readMark = async (mark: string): Promise<Loaded | null> => {
  try {
    return loadedSchema.parse(JSON.parse(await readFile(mark, 'utf8')))
  } catch {
    // Not there, not finished, or of another shape: it is made again.
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
 * A database with one tenant, or the rest of one that was not finished.
 * @param sections as many as it sees
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

/** The same among otherTenants. */
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

/** Whether an earlier run has made it. */
export const isMade = async (root: string, wanted: Wanted): Promise<boolean> =>
  (await readMark(markOf(pathOf(root, wanted)))) !== null

/**
 * The database of one size, among as many tenants; what is there already is used as it is.
 * @param root where the databases are
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
