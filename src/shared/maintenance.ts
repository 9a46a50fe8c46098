// What guards the settings and the way out: a PIN that whoever looks after the kiosk knows.
import { z } from 'zod'
import type { SettingsPatch } from './settings.ts'

/** Four digits are 10,000, of which somebody gets through a few dozen a day (`main/maintenance/pin-attempts.ts`). */
export const PIN_LENGTH = { min: 4, max: 12 } as const

export const pinSchema = z.string().regex(new RegExp(`^\\d{${PIN_LENGTH.min},${PIN_LENGTH.max}}$`))

export const maintenanceSchema = z.strictObject({
  /** Without one everybody is let in, which the screen says. */
  hasPin: z.boolean(),
  /** True when settings may be changed now. */
  unlocked: z.boolean(),
  /** False in a shell that cannot end itself. */
  canExit: z.boolean()
})
export type Maintenance = z.infer<typeof maintenanceSchema>

/** Closes the kiosk, or starts it again. */
export const EXIT_MODES = ['exit', 'restart'] as const
export type ExitMode = (typeof EXIT_MODES)[number]

/** What anybody may change: a cook who hears nothing does not look for a PIN. */
const SETTINGS_WITHOUT_PIN: ReadonlySet<string> = new Set<keyof SettingsPatch>([
  'volume',
  'language'
])

/** True when a change needs the PIN. */
export const needsPin = (patch: SettingsPatch): boolean =>
  Object.keys(patch).some((name) => !SETTINGS_WITHOUT_PIN.has(name))
