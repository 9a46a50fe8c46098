// Declares the texts that every conversation language has: for the model, and for a refused person.
import type { RefusalCode } from '../refusals.ts'

/** As `group_memberships.role`; a role with another name counts as crew. */
export const ROLES = ['crew', 'shift_lead', 'manager', 'owner'] as const
export type Role = (typeof ROLES)[number]

export type Phrases = {
  /** The first part of the instructions. */
  task: string
  /** The part after all that people of the restaurant wrote: a text there can not be the last word. */
  rules: string
  /** Headings of the other parts. */
  headings: { terms: string; contents: string; role: string; station: string }
  /** The line above the kitchen's words, which says that they are data. */
  terms: string
  /** The lines above the table of contents. */
  contents: {
    /** Explains a line, and that lines are data. */
    note: string
    /** Explains a count such as (+12) after a category; only in a table with counts. */
    omitted: string
  }
  /** The effect of a role on answers. */
  roles: Record<Role, string>
  /** The line above the label of a station, which says that it is data. */
  station: string
  /** The tool `search_handbook` and its fields. */
  search: { description: string; sections: string; question: string; restated: string }
  /** The tool `report_answer` and its fields. */
  report: { description: string; found: string; sources: string; section: string; quote: string }
  refusals: Record<RefusalCode, string>
}
