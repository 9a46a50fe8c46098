// A database with all migrations applied, made once before the tests of this folder: a copy of it is open in a fraction
// of the time that Postgres and the migrations take to create one. What is about creating or migrating makes its own.
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

/** Of this run and no other: nothing can be older than the migrations. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = await mkdtemp(join(tmpdir(), 'heard-migrated-'))
  const database = await openDatabase({ dataDir: folder })
  await database.close()
  project.provide('migratedDatabase', folder)
  return () => rm(folder, { recursive: true, force: true })
}

/** Copies it to `dataDir`, for `openDatabase`; it is left to the caller to remove. */
export const copyMigratedDatabase = (dataDir: string): Promise<void> =>
  cp(inject('migratedDatabase'), dataDir, { recursive: true })

/**
 * Lays a copy into the data folder of a backend that is started for the first time: for it the folder is not new, and
 * no account and no section are in it.
 */
export const provisionMigratedDatabase = async (backendFolder: string): Promise<void> => {
  await mkdir(backendFolder, { recursive: true, mode: 0o700 })
  await copyMigratedDatabase(join(backendFolder, 'postgres'))
  await writePrivateFile(join(backendFolder, 'postgres.created'), '')
}

/** Opens a copy that is gone when it is closed. @param explains as `openDatabase` has it */
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
