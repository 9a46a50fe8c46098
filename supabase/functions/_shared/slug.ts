// Checks a section's slug: its id in addresses, in the table of contents and in the model's calls.
import { z } from 'zod'

export const SLUG_LENGTH_LIMIT = 200

/** As the database checks it: lower-case words and digits, joined with hyphens. */
export const slugSchema = z
  .string()
  .max(SLUG_LENGTH_LIMIT)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)

export const isSlug = (text: string): boolean => slugSchema.safeParse(text).success
