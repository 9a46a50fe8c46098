// Reads IT's update policy from the environment: mode, feed, channel and hours.
import type { KioskVariable } from '../policy/policy.ts'
import { CHANNELS, type Channel } from './feed-document.ts'
import { type FeedSource, feedAddress } from './feed-source.ts'
import { isTimeZone, type MaintenanceWindow } from './maintenance-window.ts'

export type UpdatePolicy = {
  /** null: install where the kiosk's account can, report elsewhere. */
  mode: 'install' | 'report' | 'off' | null
  /** null: the build's channel. */
  channel: Channel | null
  /** null: the build's feed. The keys are always the build's. */
  feed: FeedSource | null
  window: MaintenanceWindow
  /** IANA name; null: the machine's. */
  timeZone: string | null
  /** An installation waits until the kiosk was unused for this long. */
  idleMs: number
  /** A required release that is offered for this long is installed in the next quiet half minute. */
  requiredAfterMs: number
  checkEveryMs: number
}

const DAY_MS = 24 * 3_600_000

export const DEFAULT_UPDATE_POLICY: UpdatePolicy = {
  mode: null,
  channel: null,
  feed: null,
  // After a late kitchen closes, before a bakery opens.
  window: { from: '03:00', to: '05:00' },
  timeZone: null,
  idleMs: 10 * 60_000,
  requiredAfterMs: 3 * DAY_MS,
  checkEveryMs: 4 * 3_600_000
}

const SECONDS = { name: 'seconds', ms: 1_000 } as const
const DAYS = { name: 'days', ms: DAY_MS } as const
const IDLE_SECONDS = { min: 5, max: 14_400 } as const
const REQUIRED_DAYS = { min: 0, max: 60 } as const
const CHECK_SECONDS = { min: 5, max: 86_400 } as const
const MODES = ['install', 'report', 'off'] as const
const WINDOW = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/

type Variables = Record<string, string | undefined>

/** @param problems gets a sentence for each invalid variable */
export const readUpdatePolicy = (variables: Variables, problems: string[]): UpdatePolicy => {
  const given = (name: KioskVariable): string | null => {
    const value = variables[name]?.trim()
    return value === undefined || value === '' ? null : value
  }
  const oneOf = <T extends string>(name: KioskVariable, options: readonly T[], fallback: T): T => {
    const text = given(name)
    const option = options.find((o) => o === (text ?? fallback))
    if (option !== undefined) return option
    problems.push(`${name} must be one of ${options.join(', ')}.`)
    return fallback
  }
  const duration = (
    name: KioskVariable,
    unit: { name: string; ms: number },
    { min, max }: { min: number; max: number },
    fallbackMs: number
  ) => {
    const text = given(name)
    if (text === null) return fallbackMs
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value * unit.ms
    problems.push(`${name} must be a whole number of ${unit.name} from ${min} to ${max}.`)
    return fallbackMs
  }
  return {
    mode: given('HEARD_UPDATES') === null ? null : oneOf('HEARD_UPDATES', MODES, 'report'),
    channel:
      given('HEARD_UPDATE_CHANNEL') === null
        ? null
        : oneOf('HEARD_UPDATE_CHANNEL', CHANNELS, 'stable'),
    feed: readFeedUrl(given('HEARD_UPDATE_FEED'), problems),
    window: readWindow(given('HEARD_UPDATE_WINDOW'), problems),
    timeZone: readTimeZone(given('HEARD_UPDATE_TIME_ZONE'), problems),
    idleMs: duration(
      'HEARD_UPDATE_IDLE_SECONDS',
      SECONDS,
      IDLE_SECONDS,
      DEFAULT_UPDATE_POLICY.idleMs
    ),
    requiredAfterMs: duration(
      'HEARD_UPDATE_REQUIRED_DAYS',
      DAYS,
      REQUIRED_DAYS,
      DEFAULT_UPDATE_POLICY.requiredAfterMs
    ),
    checkEveryMs: duration(
      'HEARD_UPDATE_CHECK_SECONDS',
      SECONDS,
      CHECK_SECONDS,
      DEFAULT_UPDATE_POLICY.checkEveryMs
    )
  }
}

const readFeedUrl = (text: string | null, problems: string[]): FeedSource | null => {
  if (text === null) return null
  const source = { provider: 'generic', url: text } as const
  if (URL.canParse(text) && feedAddress(source) !== null) return source
  problems.push(
    'HEARD_UPDATE_FEED must be a plain https:// address (http:// only for this machine itself).'
  )
  return null
}

const readWindow = (text: string | null, problems: string[]): MaintenanceWindow => {
  if (text === null) return DEFAULT_UPDATE_POLICY.window
  const [from = '', to = ''] = text.split('-')
  if (WINDOW.test(text)) return { from, to }
  problems.push('HEARD_UPDATE_WINDOW must be two times of day, such as 03:00-05:00.')
  return DEFAULT_UPDATE_POLICY.window
}

const readTimeZone = (text: string | null, problems: string[]): string | null => {
  if (text === null || isTimeZone(text)) return text
  problems.push('HEARD_UPDATE_TIME_ZONE must be the name of a time zone, such as America/New_York.')
  return null
}
