// Defines the two flavours of package.

/**
 * `release`: signed, has the pinned Electron, refuses unknown switches. `checks`: the same code and fuses, but accepts
 * the switches of tests; never distributed.
 */
export const FLAVOURS = ['release', 'checks'] as const
export type Flavour = (typeof FLAVOURS)[number]
