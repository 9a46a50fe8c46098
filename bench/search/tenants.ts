// Whose sections there are in a bench's database: the restaurant that asks, its brand, its sister, and otherTenants.
import { randomUUID } from 'node:crypto'

/** One owner of sections: a brand (for all its restaurants) or a restaurant. */
export type Owner = {
  organisationId: string
  /** Null: the brand's own sections. */
  groupId: string | null
  /** Every slug of theirs begins with it, so that an answer tells whose it is. */
  slugPrefix: string
  sections: number
}

export type AskingTenant = {
  organisationId: string
  groupId: string
  sisterId: string
  owners: Owner[]
}

/** Of what the asking restaurant sees, its own; the rest is its brand's. */
const OWN_SHARE = 0.3
/** Another restaurant of the brand, whose sections the asking one must not see. */
const SISTER_SHARE = 0.02
/** Strangers together have as many sections as the asking restaurant sees, up to this many. */
export const OTHER_TENANTS_SECTIONS_LIMIT = 10_000

/** What may be found by who asks: the brand's and the restaurant's own. */
export const VISIBLE_PREFIXES = ['brand-', 'own-'] as const

/** @param sections as many as the asking restaurant sees */
export const askingTenant = (sections: number): AskingTenant => {
  const organisationId = randomUUID()
  const groupId = randomUUID()
  const sisterId = randomUUID()
  const own = Math.round(sections * OWN_SHARE)
  return {
    organisationId,
    groupId,
    sisterId,
    owners: [
      { organisationId, groupId: null, slugPrefix: 'brand-', sections: sections - own },
      { organisationId, groupId, slugPrefix: 'own-', sections: own },
      {
        organisationId,
        groupId: sisterId,
        slugPrefix: 'sister-',
        sections: Math.max(1, Math.round(sections * SISTER_SHARE))
      }
    ]
  }
}

/** @param sections of the asking restaurant */
export const otherTenants = (count: number, sections: number): Owner[] => {
  const together = Math.max(count, Math.min(sections, OTHER_TENANTS_SECTIONS_LIMIT))
  return Array.from({ length: count }, (_, place) => ({
    organisationId: randomUUID(),
    groupId: randomUUID(),
    slugPrefix: `stranger-${place}-`,
    sections: Math.floor(together / count) + (place < together % count ? 1 : 0)
  }))
}
