// What must be said in every language of the conversation: to the model, and to a person who is refused.
import type { RefusalCode } from '../refusals.ts'

/** As `group_memberships.role`; a role of another name is treated as crew. */
export const ROLES = ['crew', 'shift_lead', 'manager', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** Stands in `Phrases.station` where the label goes. */
export const STATION_PLACE = '{station}'

export type Phrases = {
  /** The first part of the instructions: the same for everybody who speaks this language. */
  instructions: string
  /** Headings of what follows it. */
  headings: { terms: string; contents: string; role: string; station: string }
  /** The lines above the table of contents. */
  contents: {
    /** How a line is read, and that it is data. */
    note: string
    /** What a count such as (+12) behind a category means; told only where there is one. */
    omitted: string
  }
  /** What a role changes in an answer. */
  roles: Record<Role, string>
  /** One line, with the label in place of `{station}`. */
  station: string
  /** The tool `search_handbook` and its fields. */
  search: { description: string; sections: string; question: string; restated: string }
  /** The tool `report_answer` and its fields. */
  report: { description: string; found: string; sources: string; section: string; quote: string }
  refusals: Record<RefusalCode, string>
}
