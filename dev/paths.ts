// Names the folders of this checkout.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PROJECT_DIR = dirname(dirname(fileURLToPath(import.meta.url)))
export const fromProject = (...parts: string[]): string => join(PROJECT_DIR, ...parts)

/** Data of the local stack and of kiosks started from this checkout. Ignored by git; HEARD_DATA_DIR moves it. */
export const DATA_DIR = process.env.HEARD_DATA_DIR ?? fromProject('.heard')

/** Node's compile cache: a second start takes half the time. */
export const COMPILE_CACHE_DIR = fromProject('node_modules', '.cache', 'node-compile')
