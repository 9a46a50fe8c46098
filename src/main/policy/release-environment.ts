// Decides what the environment of a release may change: nothing of the kiosk's that the policy does not allow, and
// nothing of Node's or Electron's that would weaken TLS, load code or write secrets to a file (docs/security.md).
import { KIOSK_VARIABLES, type Policy } from './policy.ts'

type Variables = Record<string, string | undefined>

/** Node, Electron and Chromium read these while the kiosk runs, or pass them on to the next start. */
const REMOVED = /^(NODE_.*|ELECTRON_(?!OZONE_PLATFORM_HINT$).*|SSLKEYLOGFILE|SSL_CERT_(FILE|DIR))$/i

/** Node or Electron acted on these before the kiosk's code: removing them is too late. */
const REFUSED: ReadonlySet<string> = new Set(['ELECTRON_DISABLE_SANDBOX', 'NODE_USE_ENV_PROXY'])

export type ReleaseEnvironment = {
  /** Removed variables, for the log: of Node and Electron, and of the kiosk where the policy does not allow them. */
  removed: string[]
  /** Sentences for IT; empty: the kiosk may start. */
  problems: string[]
}

/**
 * Removes what a release does not accept from `variables`.
 * @param isMounted whether the running program lies in the mount of an AppImage
 */
export const restrictEnvironment = (
  variables: Variables,
  policy: Policy,
  isMounted: boolean
): ReleaseEnvironment => {
  const allowed = new Set<string>(policy.fromEnvironment)
  const removed = Object.keys(variables)
    .filter((name) => {
      if (name.toUpperCase().startsWith('HEARD_')) return !allowed.has(name)
      // An update replaces and starts the file that it names.
      if (name === 'APPIMAGE') return !isMounted
      return REMOVED.test(name)
    })
    .sort()
  for (const name of removed) delete variables[name]
  return {
    removed,
    problems: removed
      .filter((name) => REFUSED.has(name.toUpperCase()))
      .map((name) => `The environment sets ${name}, which a release does not accept: remove it.`)
  }
}

/** Sets the policy's values. The environment's values that are left replace them. */
export const applyPolicy = (variables: Variables, policy: Policy): void => {
  for (const name of KIOSK_VARIABLES) {
    const value = policy.variables[name]
    if (value !== undefined) variables[name] ??= value
  }
}

/**
 * Whether a program lies in a FUSE mount, as that of an AppImage does.
 * @param mounts the text of `/proc/self/mountinfo`
 */
export const isInFuseMount = (mounts: string, execPath: string): boolean =>
  mounts.split('\n').some((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const mountPoint = before.split(' ')[4]
    return (
      mountPoint !== undefined &&
      mountPoint !== '/' &&
      /^fuse(\.|$)/.test(after) &&
      execPath.startsWith(`${mountPoint}/`)
    )
  })
