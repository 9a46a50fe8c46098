// Where things are in this checkout.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PROJECT_DIR = dirname(dirname(fileURLToPath(import.meta.url)))
export const fromProject = (...parts: string[]): string => join(PROJECT_DIR, ...parts)

/**
 * What the local stack and the kiosks started from this checkout keep between starts. Ignored by git;
 * HEARD_DATA_DIR moves it.
 */
export const DATA_DIR = process.env.HEARD_DATA_DIR ?? fromProject('.heard')

/**
 * Where Node keeps what it made of our TypeScript: a process that starts a second time reads it from there, in half the
 * time. Files that changed are made anew.
 */
export const COMPILE_CACHE_DIR = fromProject('node_modules', '.cache', 'node-compile')
