// Reads the policy file, and refuses one that an account other than an administrator could have written.
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  type Stats,
  statSync
} from 'node:fs'
import { dirname } from 'node:path'
import { type PolicyReading, parsePolicy } from './policy.ts'
import { windowsAccessProblem } from './windows-access.ts'

const SIZE_LIMIT_BYTES = 100_000
const WRITABLE_BY_OTHERS = 0o022
/** In such a folder an account can replace only its own files. */
const STICKY = 0o1000

/** Root. */
export const ADMINISTRATOR_IDS: readonly number[] = [0]

/**
 * The path that a release reads. It depends on no variable: an account that sets `ProgramData` would choose the policy.
 * @param platform `process.platform`
 */
export const policyPath = (platform: NodeJS.Platform): string => {
  switch (platform) {
    case 'win32':
      return 'C:\\ProgramData\\Heard\\policy.json'
    case 'darwin':
      return '/Library/Application Support/Heard/policy.json'
    default:
      return '/etc/heard/policy.json'
  }
}

/**
 * Never throws and never writes.
 * @param ownerIds accounts that may own the file and its folders; not used on Windows
 */
export const readPolicyFile = (
  path: string,
  platform: NodeJS.Platform,
  ownerIds: readonly number[] = ADMINISTRATOR_IDS
): PolicyReading => {
  if (!existsSync(path)) return { kind: 'absent' }
  try {
    const problem =
      platform === 'win32' ? windowsAccessProblem(path) : folderProblem(path, ownerIds)
    if (problem !== null) return unprotected(path, problem)
    return platform === 'win32'
      ? parsePolicy(readFileSync(path, 'utf8'), path)
      : readOwned(path, ownerIds)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      kind: 'broken',
      problem: 'unreadable',
      message: `The policy file ${path} cannot be read: ${why}.`
    }
  }
}

/** Checks the opened file, so that it cannot be exchanged between the check and the reading. */
const readOwned = (path: string, ownerIds: readonly number[]): PolicyReading => {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile() || stats.size > SIZE_LIMIT_BYTES) {
      throw new Error(`it is no file of at most ${SIZE_LIMIT_BYTES} bytes`)
    }
    const problem = ownerProblem(stats, ownerIds)
    return problem === null
      ? parsePolicy(readFileSync(descriptor, 'utf8'), path)
      : unprotected(path, problem)
  } finally {
    closeSync(descriptor)
  }
}

const unprotected = (path: string, problem: string): PolicyReading => ({
  kind: 'broken',
  problem: 'unprotected',
  message: `The policy file ${path} is refused: ${problem}. Only an administrator may be able to write it.`
})

const ownerProblem = ({ uid, mode }: Stats, ownerIds: readonly number[]): string | null => {
  if (!ownerIds.includes(uid)) return `the account ${uid} owns it`
  return (mode & WRITABLE_BY_OTHERS) === 0 ? null : 'other accounts can write it'
}

/** The account that can write a folder can exchange what is in it. */
const folderProblem = (path: string, ownerIds: readonly number[]): string | null => {
  const folder = dirname(path)
  if (folder === path) return null
  const stats = statSync(folder)
  const isSticky = (stats.mode & STICKY) !== 0
  // Root always can.
  const problem = ownerProblem(stats, [...ADMINISTRATOR_IDS, ...ownerIds])
  if (problem !== null && !(isSticky && problem === 'other accounts can write it')) {
    return `of its folder ${folder}, ${problem}`
  }
  return folderProblem(folder, ownerIds)
}
