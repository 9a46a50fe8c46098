// Reads a tool's output: the handbook's JSON, or the plain text of another client's tool.
import { z } from 'zod'
import { languageOf, type WordLanguage } from './text-normalisation.ts'

export type ReadPassage = {
  /** Slug of the passage's section; absent in other clients' outputs. */
  section?: string | undefined
  title: string
  language: WordLanguage
  text: string
  /** The passage has a caution: the answer names a manager. */
  needsManager: boolean
}

export type ToolResult =
  | { kind: 'passages'; passages: ReadPassage[] }
  /** Plain text of another client's tool. */
  | { kind: 'text'; text: string; language: WordLanguage }
  | { kind: 'nothing' }
  | { kind: 'failed' }

const searchOutput = z.object({
  found: z.boolean(),
  passages: z
    .array(
      z.object({
        section: z.string().optional(),
        title: z.string().default(''),
        language: z.enum(['en', 'es']),
        text: z.string(),
        caution: z.string().optional()
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
    const { found, passages, error } = search.data
    if (error !== undefined) return { kind: 'failed' }
    if (!found || passages.length === 0) return { kind: 'nothing' }
    return {
      kind: 'passages',
      passages: passages.map(({ caution, ...passage }) => ({
        ...passage,
        needsManager: caution !== undefined
      }))
    }
  }
  const text = typeof data === 'string' ? data : output.trim()
  return text === '' ? { kind: 'nothing' } : { kind: 'text', text, language: languageOf(text) }
}
