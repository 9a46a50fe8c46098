// Reads what a tool returned: the handbook's JSON, or any plain text that another client's tool gives.
import { z } from 'zod'
import { languageOf, type WordLanguage } from './words.ts'

export type ReadPassage = { section: string; language: WordLanguage; text: string }

export type ToolResult =
  | { kind: 'passages'; passages: ReadPassage[] }
  | { kind: 'nothing' }
  | { kind: 'failed' }

const searchOutput = z.object({
  found: z.boolean(),
  passages: z
    .array(
      z.object({
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
      ? { kind: 'passages', passages: search.data.passages }
      : { kind: 'nothing' }
  }
  const text = typeof data === 'string' ? data : output.trim()
  if (text === '') return { kind: 'nothing' }
  return { kind: 'passages', passages: [{ section: '', language: languageOf(text), text }] }
}
