// The station a kiosk stands at: a short label, such as "grill" or "dish", that becomes one line of the instructions.
import { z } from 'zod'

/** A station's name is a word or three; nothing that could be a sentence fits. */
export const STATION_LENGTH_LIMIT = 32

/**
 * Letters, digits, spaces and `' & / -`: no quote, line break or full stop with which a label could go on as a rule.
 * Written small and with single spaces, so that "Grill" and "grill" share a prompt cache.
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
