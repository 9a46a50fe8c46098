// Formats the difference of two texts as lines.
import { structuredPatch } from 'diff'

/** Texts that differ in more lines are shown as one text replaced by the other. */
const MOST_EDITS = 1_000

const asText = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** Changed lines with `context` unchanged lines around them. "…" marks a gap. */
export const diffLines = (
  before: readonly string[],
  after: readonly string[],
  context: number
): string[] => {
  const patch = structuredPatch('', '', asText(before), asText(after), '', '', {
    context,
    maxEditLength: MOST_EDITS
  })
  const hunks = patch?.hunks.map(({ lines }) => lines) ?? [
    [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)]
  ]
  return hunks.flatMap((lines, at) => [
    ...(at === 0 ? [] : ['  …']),
    ...lines.map((line) => `${line.charAt(0)} ${line.slice(1)}`.trimEnd())
  ])
}
