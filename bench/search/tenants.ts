// The owners of the sections in the bench's database: the asking restaurant, its brand, its sister and other tenants.
import { randomUUID } from 'node:crypto'

export type Owner = {
  organisationId: string
  /** Null: the brand's own sections. */
  groupId: string | null
  /** Of all slugs: an answer shows the owner. */
  slugPrefix: string
  sections: number
}

type AskingTenant = {
  organisationId: string
  groupId: string
  sisterId: string
  owners: Owner[]
}

/** Of the sections that the asking restaurant sees. The others are its brand's. */
const OWN_SHARE = 0.3
/** The asking restaurant must not see these. */
const SISTER_SHARE = 0.02
/** Together they have as many sections as the asking restaurant sees, up to this limit. */
export const OTHER_TENANTS_SECTIONS_LIMIT = 10_000

/** Of the sections that the asking restaurant sees. */
export const VISIBLE_PREFIXES = ['brand-', 'own-'] as const

/** @param sections visible to the asking restaurant */
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

/** @param sections visible to the asking restaurant */
export const otherTenants = (count: number, sections: number): Owner[] => {
  const together = Math.max(count, Math.min(sections, OTHER_TENANTS_SECTIONS_LIMIT))
  return Array.from({ length: count }, (_, place) => ({
    organisationId: randomUUID(),
    groupId: randomUUID(),
    slugPrefix: `stranger-${place}-`,
    sections: Math.floor(together / count) + (place < together % count ? 1 : 0)
  }))
}
