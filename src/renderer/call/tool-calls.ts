// Reads the model's tool calls. The model may break a tool's schema: arguments that are missing, too long or no ids are
// cut or dropped, and the rest is used.
import { z } from 'zod'
import {
  type AnswerReport,
  type HandbookQuestion,
  MOST_NAMED_SECTIONS,
  MOST_REPORTED_SECTIONS,
  QUERY_LENGTH_LIMIT,
  QUOTE_LENGTH_LIMIT,
  REPORT_TOOL_NAME,
  SEARCH_TOOL_NAME,
  slugSchema
} from '../../shared/handbook.ts'
import type { ToolCall } from '../turn/turn-events.ts'

export type FunctionCall = { name: string; call_id: string; arguments: string }

/** The check of `manual_sections.slug`. */
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** Empty for a value that is no text. Postgres stores no NUL and rejects a lone surrogate. */
const words = z.unknown().transform((value) =>
  typeof value === 'string'
    ? value
        .replaceAll(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, QUERY_LENGTH_LIMIT)
        .replace(/[\ud800-\udbff]$/, '')
        .toWellFormed()
        .trimEnd()
    : ''
)

const sections = z.unknown().transform((value) => {
  const named = (Array.isArray(value) ? value : [value]).filter(
    (slug): slug is string => slugSchema.safeParse(slug).success && SLUG.test(slug)
  )
  return [...new Set(named)].slice(0, MOST_NAMED_SECTIONS)
})

const searchArguments = z
  .object({ question: words, restated: words, sections })
  .partial()
  .transform(({ question = '', restated = '', sections: named = [] }): HandbookQuestion | null => {
    if (question === '') return restated === '' ? null : { question: restated, sections: named }
    // The same text would be searched and embedded twice.
    const isRestated = restated !== '' && restated !== question
    return { question, ...(isRestated ? { restated } : {}), sections: named }
  })

const reportArguments = z.object({
  found: z.boolean(),
  sources: z
    .array(
      z.object({
        section: slugSchema,
        // A longer quote is no sentence, and an empty one fails the check.
        quote: z
          .string()
          .default('')
          .transform((quote) => (quote.length > QUOTE_LENGTH_LIMIT ? '' : quote))
      })
    )
    .max(MOST_REPORTED_SECTIONS)
    .default([])
})

const argumentsIn = <S extends z.ZodType>(text: string, schema: S): z.output<S> | null => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return schema.safeParse(value).data ?? null
}

/** Unreadable arguments are null. */
export const readToolCall = ({
  name,
  call_id: callId,
  arguments: text
}: FunctionCall): ToolCall => {
  switch (name) {
    case SEARCH_TOOL_NAME:
      return { tool: 'search', callId, question: argumentsIn(text, searchArguments) }
    case REPORT_TOOL_NAME: {
      const report: AnswerReport | null = argumentsIn(text, reportArguments)
      return { tool: 'report', callId, report }
    }
    default:
      return { tool: 'unknown', callId }
  }
}
