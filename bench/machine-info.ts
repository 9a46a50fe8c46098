// Describes the machine and the versions that a bench ran on.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { cpus, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'
import { z } from 'zod'
import { fromProject, PROJECT_DIR } from '../dev/paths.ts'

export type Machine = { cpu: string; cores: number; memoryGb: number; system: string }
export type Versions = Record<string, string>

const BYTES_PER_GB = 1024 ** 3

export const thisMachine = (): Machine => {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() || process.arch,
    cores: processors.length,
    memoryGb: Math.round(totalmem() / BYTES_PER_GB),
    system: `${type()} ${release()}`
  }
}

const manifestSchema = z.object({ version: z.string() })

const versionIn = async (file: string): Promise<string> =>
  manifestSchema.parse(JSON.parse(await readFile(fromProject(file), 'utf8'))).version

/** A plus marks a changed working tree. Null outside a repository. */
const commit = async (): Promise<string | null> => {
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', args, { cwd: PROJECT_DIR })).stdout.trim()
  try {
    const isChanged = (await git('status', '--porcelain')) !== ''
    return `${await git('rev-parse', '--short', 'HEAD')}${isChanged ? '+' : ''}`
  } catch {
    return null
  }
}

/** @param packages names in node_modules */
export const versionsInUse = async (packages: readonly string[]): Promise<Versions> => {
  const at = await commit()
  const versions: Versions = {
    heard: (await versionIn('package.json')) + (at === null ? '' : ` (${at})`),
    node: process.versions.node
  }
  for (const name of packages) versions[name] = await versionIn(`node_modules/${name}/package.json`)
  return versions
}
