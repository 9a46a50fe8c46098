// Checks the label of a kiosk's station, such as "grill", which becomes one line of the instructions.
import { z } from 'zod'

/** Fits a name of one to three words, and no sentence. */
const STATION_LENGTH_LIMIT = 32

/**
 * Letters, digits, spaces and `' & / -`; no quote, line break or full stop with which a label could continue as a rule.
 * Lower case with single spaces, so that "Grill" and "grill" share a prompt cache.
 */
export const stationSchema = z
  .string()
  .max(2 * STATION_LENGTH_LIMIT)
  .transform((label) => label.normalize('NFC').trim().replace(/ +/g, ' ').toLowerCase())
  .pipe(
    z
      .string()
      .min(1)
      .max(STATION_LENGTH_LIMIT)
      .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} '&/-]*$/u)
  )
