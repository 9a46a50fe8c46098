// The maintenance PIN, which protects the settings and the exit of the kiosk.
import { z } from 'zod'
import type { SettingsPatch } from './settings.ts'

/** Four digits make 10,000 PINs; a person can try a few dozen a day (`main/maintenance/pin-attempts.ts`). */
export const PIN_LENGTH = { min: 4, max: 12 } as const

export const pinSchema = z.string().regex(new RegExp(`^\\d{${PIN_LENGTH.min},${PIN_LENGTH.max}}$`))

/** The middle column of a PIN pad. */
const COLUMNS: ReadonlySet<string> = new Set(['2580', '0852'])
const YEAR = /^(19|20)\d\d$/
const REPEATED = /^(\d+)\1+$/

/**
 * Whether a person tries this PIN first: fewer than three different digits, a repeated group, equal steps such as 1234
 * or 8642, a year, a column of the pad. One four-digit PIN in eleven.
 */
export const isWeakPin = (pin: string): boolean => {
  const digits = [...pin].map(Number)
  const steps = digits.slice(1).map((digit, i) => (digit - (digits[i] ?? 0) + 10) % 10)
  return (
    new Set(digits).size < 3 ||
    new Set(steps).size === 1 ||
    REPEATED.test(pin) ||
    YEAR.test(pin) ||
    COLUMNS.has(pin)
  )
}

export const maintenanceSchema = z.strictObject({
  hasPin: z.boolean(),
  /** Also true without a PIN. */
  unlocked: z.boolean(),
  /** False in a shell that cannot end itself. */
  canExit: z.boolean()
})
export type Maintenance = z.infer<typeof maintenanceSchema>

export const EXIT_MODES = ['exit', 'restart'] as const
export type ExitMode = (typeof EXIT_MODES)[number]

/** Open to every person at the kiosk: a cook in a loud kitchen has no PIN. */
const SETTINGS_WITHOUT_PIN: ReadonlySet<string> = new Set<keyof SettingsPatch>([
  'volume',
  'language'
])

export const needsPin = (patch: SettingsPatch): boolean =>
  Object.keys(patch).some((name) => !SETTINGS_WITHOUT_PIN.has(name))
