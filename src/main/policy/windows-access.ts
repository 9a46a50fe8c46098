// Checks on Windows that only administrators can change a file: its owner and its access list, and those of its folder.
import { execFileSync } from 'node:child_process'
import { win32 } from 'node:path'

/** Absolute: a program of that name on the user's path would answer in its place. */
const POWERSHELL = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'
const LIMIT_MS = 10_000

/** The system, Administrators, and TrustedInstaller. */
const ADMINISTRATORS = new Set([
  'SY',
  'BA',
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
])

/** Access rights of a file by their names in SDDL (Microsoft: "ACE Strings"). */
const RIGHTS: Readonly<Record<string, number>> = {
  CC: 0x1,
  DC: 0x2,
  LC: 0x4,
  SW: 0x8,
  RP: 0x10,
  WP: 0x20,
  DT: 0x40,
  LO: 0x80,
  CR: 0x100,
  SD: 0x1_0000,
  RC: 0x2_0000,
  WD: 0x4_0000,
  WO: 0x8_0000,
  FA: 0x1f_01ff,
  FR: 0x12_0089,
  FW: 0x12_0116,
  FX: 0x12_00a0,
  GA: 0x1000_0000,
  GX: 0x2000_0000,
  GW: 0x4000_0000,
  GR: 0x8000_0000
}

const TAKES_OVER = 0x5000_0000 | 0x1_0000 | 0x4_0000 | 0x8_0000
/** Writes data, appends, writes attributes, deletes, or takes over. */
const CHANGES_FILE = TAKES_OVER | 0x2 | 0x4 | 0x10 | 0x100
/** Deletes a file of the folder, or takes the folder over. New files beside the policy do no harm. */
const CHANGES_FOLDER = TAKES_OVER | 0x40

/** @throws when the access list cannot be read */
export const windowsAccessProblem = (path: string): string | null => {
  const folder = win32.dirname(path)
  const quoted = [path, folder].map((each) => `(Get-Acl -LiteralPath '${each}').Sddl`).join('; ')
  const [file = '', parent = ''] = execFileSync(
    POWERSHELL,
    ['-NoProfile', '-NonInteractive', '-Command', quoted],
    { encoding: 'utf8', timeout: LIMIT_MS, windowsHide: true }
  )
    .trim()
    .split(/\r?\n/)
  const problem = sddlProblem(file, CHANGES_FILE)
  if (problem !== null) return problem
  const parentProblem = sddlProblem(parent, CHANGES_FOLDER)
  return parentProblem === null ? null : `of its folder ${folder}, ${parentProblem}`
}

export const fileProblem = (sddl: string): string | null => sddlProblem(sddl, CHANGES_FILE)
export const folderProblem = (sddl: string): string | null => sddlProblem(sddl, CHANGES_FOLDER)

const sddlProblem = (sddl: string, forbidden: number): string | null => {
  const owner = /^O:(S-[\d-]+|[A-Z]{2})/.exec(sddl)?.[1]
  const list = /D:([A-Z_]*)((?:\([^)]*\))*)/.exec(sddl)
  if (owner === undefined || list === null) return 'its access list is unknown'
  if (!ADMINISTRATORS.has(owner)) return `the account ${owner} owns it`
  // Without a list every account has every right.
  if (list[1]?.includes('NO_ACCESS_CONTROL') === true) return 'every account can write it'
  for (const [, type, flags = '', rights = '', account = ''] of (list[2] ?? '').matchAll(
    /\(([A-Z]+);([A-Z]*);([^;]*);[^;]*;[^;]*;([^;)]*)[^)]*\)/g
  )) {
    // Denials take rights away. Inherit-only entries do not apply to the object itself.
    if (type?.includes('D') === true || /^(..)*IO/.test(flags)) continue
    if ((maskOf(rights) & forbidden) !== 0 && !ADMINISTRATORS.has(account)) {
      return `the account ${account} can write it`
    }
  }
  return null
}

/** An unknown right counts as every right. */
const maskOf = (rights: string): number => {
  if (rights.startsWith('0x')) return Number.parseInt(rights, 16)
  return (rights.match(/../g) ?? []).reduce((mask, name) => mask | (RIGHTS[name] ?? -1), 0)
}
