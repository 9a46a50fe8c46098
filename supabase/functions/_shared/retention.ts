// For how long a brand may keep what was asked.

/** In days, as `organisations.retention_days` checks it. Further back there is nothing to look at. */
export const RETENTION_DAYS = { least: 1, most: 730 } as const
