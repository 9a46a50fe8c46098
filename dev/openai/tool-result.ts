// Reads what a tool returned: the handbook's JSON, or any plain text that another client's tool gives.
import { z } from 'zod'
import { languageOf, type WordLanguage } from './text-normalisation.ts'

export type ReadPassage = {
  /** The slug that a report names the passage's section by; absent in other clients' text. */
  section?: string | undefined
  title: string
  language: WordLanguage
  text: string
  /** The passage comes with a word of caution: the answer sends the person to a manager. */
  needsManager: boolean
}

export type ToolResult =
  | { kind: 'passages'; passages: ReadPassage[] }
  /** Another client's tool answered in words of its own. */
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
