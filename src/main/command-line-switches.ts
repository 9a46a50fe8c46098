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

/**
 * The names of the disallowed switches, in order.
 * @param argv `process.argv`: the program first
 */
export const disallowedSwitches = (argv: readonly string[]): string[] =>
  argv
    .slice(1)
    .map(switchName)
    .filter((name): name is string => name !== null && !ALLOWED_SWITCHES.has(name))

/**
 * Parses like Chromium: `--name`, `-name` and, on Windows, a lower-case `/name`, up to `=`. A path on Linux is refused
 * like a switch: a kiosk gets no paths.
 */
const switchName = (argument: string): string | null => {
  const match = /^(?:--?|\/)([^=]*)/.exec(argument)
  return match === null ? null : (match[1] ?? '').toLowerCase()
}
