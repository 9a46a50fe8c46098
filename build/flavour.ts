// The two kinds of package: what is released, and what the checks drive.

/**
 * `release`: signed, of the pinned Electron, and refuses every switch that is not its own. `checks`: the same code under
 * the same fuses, which may be started with the switches that a test drives Chromium by. Never given to anybody.
 */
export const FLAVOURS = ['release', 'checks'] as const
export type Flavour = (typeof FLAVOURS)[number]
