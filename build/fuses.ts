// Sets Electron's fuses: switches in the binary, set at packaging time and covered by its signature.
import {
  FuseState,
  FuseV1Options,
  FuseVersion,
  flipFuses,
  getCurrentFuseWire
} from '@electron/fuses'

/** The state of each fuse of Electron 45, by its name in `@electron/fuses`. */
export const FUSES = {
  /** ELECTRON_RUN_AS_NODE would make the signed kiosk a Node that runs anything. */
  RunAsNode: false,
  /** Encrypts Chromium's cookies with the system's keyring. */
  EnableCookieEncryption: true,
  /** NODE_OPTIONS could load a file before the kiosk's code. */
  EnableNodeOptionsEnvironmentVariable: false,
  /** --inspect would open main to a debugger. */
  EnableNodeCliInspectArguments: false,
  /** Checks the archive's header against the hash in the signed binary. Windows and macOS only. */
  EnableEmbeddedAsarIntegrityValidation: true,
  /** A folder `app/` beside the archive would take precedence. */
  OnlyLoadAppFromAsar: true,
  /** The kiosk has no snapshot. */
  LoadBrowserProcessSpecificV8Snapshot: false,
  /** Nothing is served from file://. */
  GrantFileProtocolExtraPrivileges: false,
  /** The processor guards WebAssembly's memory, as in Chromium. */
  WasmTrapHandlers: true
} as const satisfies Record<keyof typeof FuseV1Options, boolean>

type FuseName = keyof typeof FUSES

const isFuseName = (name: string): name is FuseName => Object.hasOwn(FUSES, name)

/** In the order of the wire. */
export const FUSE_NAMES: readonly FuseName[] = Object.keys(FUSES)
  .filter(isFuseName)
  .sort((a, b) => FuseV1Options[a] - FuseV1Options[b])

export type FuseReading = {
  /** `other`: removed, or Electron's default. */
  states: Partial<Record<FuseName, boolean | 'other'>>
  /** Fuses of `FUSES` that this Electron lacks. */
  absent: FuseName[]
  /** The number of fuses that `FUSES` lacks. */
  unknown: number
}

/** @param binary an Electron executable, or an .app folder on macOS @throws when it has no fuses */
export const readFuses = async (binary: string): Promise<FuseReading> => {
  const { version: _, ...wire } = await getCurrentFuseWire(binary)
  const states = new Map(Object.entries(wire))
  const present = FUSE_NAMES.filter((name) => states.has(String(FuseV1Options[name])))
  return {
    states: Object.fromEntries(
      present.map((name) => [name, stateOf(states.get(String(FuseV1Options[name])))])
    ),
    absent: FUSE_NAMES.filter((name) => !present.includes(name)),
    unknown: states.size - present.length
  }
}

const stateOf = (state: unknown): boolean | 'other' => {
  if (state === FuseState.ENABLE) return true
  return state === FuseState.DISABLE ? false : 'other'
}

/**
 * Sets every fuse of `FUSES`.
 * @param options.allowAbsent an older Electron lacks some: for the checks' flavour only
 * @returns the fuses that this Electron lacks
 * @throws when it has a fuse that `FUSES` lacks, or lacks one without `allowAbsent`
 */
export const setFuses = async (
  binary: string,
  options: { allowAbsent: boolean; resetAdHocDarwinSignature: boolean }
): Promise<FuseName[]> => {
  const { absent, unknown } = await readFuses(binary)
  if (unknown > 0)
    throw new Error(`This Electron has ${unknown} fuses that build/fuses.ts does not know.`)
  if (absent.length > 0 && !options.allowAbsent) {
    throw new Error(`This Electron does not have the fuses ${absent.join(', ')}.`)
  }
  const present = FUSE_NAMES.filter((name) => !absent.includes(name))
  await flipFuses(binary, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: options.resetAdHocDarwinSignature,
    ...Object.fromEntries(present.map((name) => [FuseV1Options[name], FUSES[name]]))
  })
  return absent
}
