// Makes a migrated database once per run. Opening a copy takes a tenth of the time of creating one.
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { type Database, openDatabase } from '../../../dev/supabase/database.ts'
import { writePrivateFile } from '../../../dev/supabase/private-file.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the database that is copied. */
    migratedDatabase: string
  }
}

/** Vitest calls it before all files. A database of an earlier run could lack a migration. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(tmpdir(), 'heard-migrated-'))
  const database = await openDatabase({ dataDir: folder })
  await database.close()
  project.provide('migratedDatabase', folder)
  return () => rm(folder, { recursive: true, force: true })
}

/** Copies it to `dataDir` for `openDatabase`. The caller removes the copy. */
export const copyMigratedDatabase = (dataDir: string): Promise<void> =>
  cp(inject('migratedDatabase'), dataDir, { recursive: true })

/** Puts a copy into a new data folder of a backend. The backend finds the folder not new, without accounts and sections. */
export const provisionMigratedDatabase = async (backendFolder: string): Promise<void> => {
  await mkdir(backendFolder, { recursive: true, mode: 0o700 })
  await copyMigratedDatabase(join(backendFolder, 'postgres'))
  await writePrivateFile(join(backendFolder, 'postgres.created'), '')
}

/** Opens a copy and deletes it on close. @param explains as `openDatabase` */
export const openMigratedDatabase = async ({
  explains
}: {
  explains: boolean
}): Promise<Database> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'heard-database-'))
  await copyMigratedDatabase(dataDir)
  const database = await openDatabase({ dataDir, explains })
  return {
    ...database,
    close: async () => {
      await database.close()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}
