// Limits how long a brand keeps questions.

/** In days, as `organisations.retention_days` checks it. */
export const RETENTION_DAYS = { least: 1, most: 730 } as const
