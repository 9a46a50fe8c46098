// Restricts the command line of an installed kiosk. Some of Chromium's thousand switches open a debugger, disable the
// sandbox or play a recording into the microphone, and no fuse turns them off.

/** Switches that IT, the installer and the system use. */
const ALLOWED_SWITCHES: ReadonlySet<string> = new Set([
  // NSIS starts the new version with these.
  'updated',
  'force-run',
  // For a graphics driver that crashes.
  'disable-gpu',
  // The display server, where Linux guesses wrong.
  'ozone-platform',
  'ozone-platform-hint',
  // Screens with a wrong size or an undetected touch panel.
  'force-device-scale-factor',
  'touch-events',
  'touch-devices',
  // WARP (dev/warp-flags.ts, docs/environment.md).
  'force-fieldtrials',
  // The keyring on Linux.
  'password-store',
  'lang'
])

/** Exactly one form. Chromium trims arguments and reads `-name` and, on Windows, `/name` as switches, too. */
const SWITCH = /^--([a-z][a-z-]*)(?:=(.*))?$/

/** Longest argument that the log repeats, in characters. */
const LOGGED_LENGTH = 60

/**
 * The arguments that a release refuses, in order: every one that is not an allowed switch in its one form, once. A kiosk
 * gets no paths and no addresses.
 * @param argv `process.argv`: the program first
 * @returns each without its value, which may be a secret
 */
export const disallowedArguments = (argv: readonly string[]): string[] => {
  const seen = new Set<string>()
  return argv.slice(1).flatMap((argument) => {
    const [, name = '', value = ''] = SWITCH.exec(argument) ?? []
    const isAllowed = ALLOWED_SWITCHES.has(name) && !seen.has(name) && value.trim() === value
    seen.add(name)
    return isAllowed ? [] : [argument.split('=')[0]?.slice(0, LOGGED_LENGTH) ?? '']
  })
}
