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
  canLeave: z.boolean()
})
export type Maintenance = z.infer<typeof maintenanceSchema>

/** Closes the kiosk, or starts it again. */
export const WAYS_OUT = ['exit', 'restart'] as const
export type WayOut = (typeof WAYS_OUT)[number]

/** What anybody may change: a cook who hears nothing does not look for a PIN. */
const FREE: ReadonlySet<string> = new Set<keyof SettingsPatch>(['volume', 'language'])

/** True when a change needs the PIN. */
export const needsPin = (patch: SettingsPatch): boolean =>
  Object.keys(patch).some((name) => !FREE.has(name))
