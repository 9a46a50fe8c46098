// Prepares the environment before anything else of the kiosk reads it: the machine's policy, and what a release refuses.
import { readFileSync } from 'node:fs'
import type { App } from 'electron'
import { disallowedArguments } from '../command-line-switches.ts'
import { type Flavour, flavourOf, readManifest } from '../flavour.ts'
import { NO_POLICY, type Policy, type PolicyReading } from '../policy/policy.ts'
import { ADMINISTRATOR_IDS, policyPath, readPolicyFile } from '../policy/policy-file.ts'
import { applyPolicy, isInFuseMount, restrictEnvironment } from '../policy/release-environment.ts'

export type Startup = {
  flavour: Flavour
  /** Reads the policy file again. */
  readPolicy: () => PolicyReading
  /** Without the policy's values, and with the secrets that `readEnvironment` removes: an update relaunches with it. */
  givenEnvironment: NodeJS.ProcessEnv
  /** Variables that a release removed. */
  removed: readonly string[]
  /** Sentences for IT; empty: the kiosk may start. */
  problems: readonly string[]
}

/** Changes `process.env`. Never throws: it runs in a version where nothing else may work. */
export const prepareStartup = (app: App): Startup => {
  const flavour = flavourOf(app.isPackaged, readManifest(app.getAppPath()))
  const readPolicy = () => readPolicyOf(flavour)
  const reading = readPolicy()
  const policy = reading.kind === 'read' ? reading.policy : NO_POLICY
  const { removed, problems } =
    flavour === 'release' ? restrictRelease(policy) : { removed: [], problems: [] }
  const givenEnvironment = { ...process.env }
  applyPolicy(process.env, policy)
  return {
    flavour,
    readPolicy,
    givenEnvironment,
    removed,
    problems: reading.kind === 'broken' ? [reading.message, ...problems] : problems
  }
}

const restrictRelease = (policy: Policy): Pick<Startup, 'removed' | 'problems'> => {
  const { removed, problems } = restrictEnvironment(process.env, policy, isMounted())
  const disallowed = disallowedArguments(process.argv)
  return {
    removed,
    problems:
      disallowed.length === 0
        ? problems
        : [`It was started with ${disallowed.join(', ')}.`, ...problems]
  }
}

/** A checkout and the checks' flavour read a file of their own account, where `HEARD_POLICY_FILE` names one. */
const readPolicyOf = (flavour: Flavour): PolicyReading => {
  const { platform } = process
  if (flavour === 'release') return readPolicyFile(policyPath(platform), platform)
  const path = process.env.HEARD_POLICY_FILE
  if (path === undefined || path === '') return { kind: 'absent' }
  return readPolicyFile(path, platform, [...ADMINISTRATOR_IDS, process.getuid?.() ?? 0])
}

const isMounted = (): boolean => {
  try {
    return isInFuseMount(readFileSync('/proc/self/mountinfo', 'utf8'), process.execPath)
  } catch {
    // Not Linux, where alone there are AppImages.
    return false
  }
}
