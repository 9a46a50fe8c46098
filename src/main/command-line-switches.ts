// What an installed kiosk may be started with. Chromium has over a thousand switches, and some of them open the page to
// a debugger, take the sandbox away or play a recording into the microphone. No fuse turns those off.

/** Switches that IT, the installer and the system give, and why. */
export const ALLOWED_SWITCHES: ReadonlySet<string> = new Set([
  // The installer starts the new version so (NSIS).
  'updated',
  'force-run',
  // A graphics driver that crashes.
  'disable-gpu',
  // Which display server, where Linux guesses wrong.
  'ozone-platform',
  'ozone-platform-hint',
  // Screens that report a wrong size, and touch that is not found.
  'force-device-scale-factor',
  'touch-events',
  'touch-devices',
  // WARP (dev/warp-flags.ts, docs/environment.md).
  'force-fieldtrials',
  // Which keyring on Linux: the session is kept in it.
  'password-store',
  'lang'
])

/**
 * Names of the switches of a command line that a released kiosk refuses, in order.
 * @param argv `process.argv`: the program first
 */
export const disallowedSwitches = (argv: readonly string[]): string[] =>
  argv
    .slice(1)
    .map(switchName)
    .filter((name): name is string => name !== null && !ALLOWED_SWITCHES.has(name))

/**
 * As Chromium reads it: `--name`, `-name` and, on Windows, `/name`, up to `=`, in lower case there. A path on Linux begins
 * with a slash as well; nothing but switches is ever given to a kiosk, so it is refused like one.
 */
const switchName = (argument: string): string | null => {
  const match = /^(?:--?|\/)([^=]*)/.exec(argument)
  return match === null ? null : (match[1] ?? '').toLowerCase()
}
