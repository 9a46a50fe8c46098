// Electron's fuses: switches in the binary itself, turned once when the kiosk is packaged and signed over afterwards.
import {
  FuseState,
  FuseV1Options,
  FuseVersion,
  flipFuses,
  getCurrentFuseWire
} from '@electron/fuses'

/** What each fuse of Electron 45 is turned to, by the name that `@electron/fuses` has for it. */
export const FUSES = {
  /** ELECTRON_RUN_AS_NODE would make the signed kiosk a Node that runs anything. */
  RunAsNode: false,
  /** What Chromium keeps is encrypted with the system's keyring. */
  EnableCookieEncryption: true,
  /** NODE_OPTIONS could load a file before the kiosk's own. */
  EnableNodeOptionsEnvironmentVariable: false,
  /** --inspect would open main to a debugger. */
  EnableNodeCliInspectArguments: false,
  /** The archive's header is checked against the hash in the signed binary. Windows and macOS only. */
  EnableEmbeddedAsarIntegrityValidation: true,
  /** A folder `app/` beside the archive would win over it. */
  OnlyLoadAppFromAsar: true,
  /** There is no snapshot of the kiosk's own to load. */
  LoadBrowserProcessSpecificV8Snapshot: false,
  /** Nothing is served from file://. */
  GrantFileProtocolExtraPrivileges: false,
  /** Memory of WebAssembly is guarded by the processor, as in Chromium. */
  WasmTrapHandlers: true
} as const satisfies Record<keyof typeof FuseV1Options, boolean>

export type FuseName = keyof typeof FUSES

const isFuseName = (name: string): name is FuseName => Object.hasOwn(FUSES, name)

/** In the order of the wire. */
export const FUSE_NAMES: readonly FuseName[] = Object.keys(FUSES)
  .filter(isFuseName)
  .sort((a, b) => FuseV1Options[a] - FuseV1Options[b])

export type FuseReading = {
  /** The fuses that this binary has, as they are. `other`: removed, or left to Electron's own default. */
  states: Partial<Record<FuseName, boolean | 'other'>>
  /** Fuses of `FUSES` that this Electron does not have yet. */
  absent: FuseName[]
  /** Fuses of this Electron that nobody here has decided on. */
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
 * Turns every fuse of `FUSES`.
 * @param options.allowAbsent an older Electron may lack some: for the checks' distribution only
 * @returns the fuses that this Electron does not have
 * @throws when it has one that is not decided on here, or lacks one that it should have
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
  const common = {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: options.resetAdHocDarwinSignature
  }
  if (absent.length === 0) {
    await flipFuses(binary, { ...common, strictlyRequireAllFuses: true, ...WIRE })
    return absent
  }
  const there = Object.entries(WIRE).filter(
    ([index]) => !absent.some((name) => String(FuseV1Options[name]) === index)
  )
  await flipFuses(binary, { ...common, ...Object.fromEntries(there) })
  return absent
}

/** As `flipFuses` wants it: by place in the wire. */
const WIRE: Record<FuseV1Options, boolean> = {
  [FuseV1Options.RunAsNode]: FUSES.RunAsNode,
  [FuseV1Options.EnableCookieEncryption]: FUSES.EnableCookieEncryption,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FUSES.EnableNodeOptionsEnvironmentVariable,
  [FuseV1Options.EnableNodeCliInspectArguments]: FUSES.EnableNodeCliInspectArguments,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]:
    FUSES.EnableEmbeddedAsarIntegrityValidation,
  [FuseV1Options.OnlyLoadAppFromAsar]: FUSES.OnlyLoadAppFromAsar,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: FUSES.LoadBrowserProcessSpecificV8Snapshot,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: FUSES.GrantFileProtocolExtraPrivileges,
  [FuseV1Options.WasmTrapHandlers]: FUSES.WasmTrapHandlers
}
