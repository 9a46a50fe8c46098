// Reads what a tool returned: the handbook's JSON, or any plain text that another client's tool gives.
import { z } from 'zod'
import { languageOf, type WordLanguage } from './words.ts'

export type ReadPassage = {
  /** What a report names it by; absent from other clients' tools. */
  slug?: string | undefined
  section: string
  language: WordLanguage
  text: string
}

export type ToolResult =
  /** `isUncertain`: the tool warns that they may not say what was asked. */
  | { kind: 'passages'; passages: ReadPassage[]; isUncertain: boolean }
  | { kind: 'nothing' }
  | { kind: 'failed' }

const searchOutput = z.object({
  found: z.boolean(),
  /** What is to be kept in mind when reading the passages: there is one only where they may not be the answer. */
  note: z.string().optional(),
  passages: z
    .array(
      z.object({
        slug: z.string().optional(),
        section: z.string().default(''),
        language: z.enum(['en', 'es']),
        text: z.string()
      })
    )
    .default([]),
  error: z.string().optional()
})

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const readToolOutput = (output: string): ToolResult => {
  const data = parsedJson(output)
  const search = searchOutput.safeParse(data)
  if (search.success) {
    if (search.data.error !== undefined) return { kind: 'failed' }
    return search.data.found && search.data.passages.length > 0
      ? {
          kind: 'passages',
          passages: search.data.passages,
          isUncertain: search.data.note !== undefined
        }
      : { kind: 'nothing' }
  }
  const text = typeof data === 'string' ? data : output.trim()
  if (text === '') return { kind: 'nothing' }
  return {
    kind: 'passages',
    passages: [{ section: '', language: languageOf(text), text }],
    isUncertain: false
  }
}
