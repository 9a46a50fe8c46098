// What must be said in every language of the conversation: to the model, and to a person who is refused.
import type { RefusalCode } from '../refusals.ts'

/** As `group_memberships.role`; a role of another name is treated as crew. */
export const ROLES = ['crew', 'shift_lead', 'manager', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** Stands in `Phrases.station` where the label goes. */
export const STATION_PLACE = '{station}'

export type Phrases = {
  /** The first and longest part of the instructions: the same for everybody who speaks this language. */
  instructions: string
  /** When and how the model reports its answer; with its own heading. */
  reporting: string
  /** Headings of what follows it. */
  headings: { role: string; terms: string; station: string }
  /** What a role changes in an answer. */
  roles: Record<Role, string>
  /** One line, with the label in place of `{station}`. */
  station: string
  tool: {
    description: string
    /** How the question goes into the query: in which language, and what must be kept. */
    query: string
  }
  /** The tool `report_answer` and its two fields. */
  report: { description: string; found: string; sections: string }
  refusals: Record<RefusalCode, string>
}
