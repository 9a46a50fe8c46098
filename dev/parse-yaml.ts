// Parses YAML against a schema, with the line of the first error.
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

export type ReadYaml<T> = { ok: true; value: T } | { ok: false; line: number; message: string }

/** @param firstLine line at which the YAML begins in its file. */
export const readYamlText = <S extends z.ZodType>(
  yaml: string,
  schema: S,
  firstLine: number
): ReadYaml<z.output<S>> => {
  const lineCounter = new LineCounter()
  const document = parseDocument(yaml, { lineCounter })
  const broken = document.errors[0]
  if (broken !== undefined) {
    return {
      ok: false,
      line: (broken.linePos?.[0].line ?? 1) + firstLine - 1,
      message: broken.message.split('\n', 1)[0] ?? 'not YAML'
    }
  }
  let value: unknown
  try {
    value = document.toJS()
  } catch (error) {
    // The parser limits nested aliases.
    const message = error instanceof Error ? error.message : 'not YAML'
    return { ok: false, line: firstLine, message }
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const issue = parsed.error.issues[0]
  const path = (issue?.path ?? []).filter((step) => typeof step !== 'symbol')
  // The deepest existing part of the path: a missing key is reported at its parent.
  let offset = 0
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node: unknown = document.getIn(path.slice(0, depth), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      offset = Number(node.range[0])
      break
    }
  }
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  return {
    ok: false,
    line: lineCounter.linePos(offset).line + firstLine - 1,
    message: `${where}${issue?.message ?? 'does not fit'}`
  }
}
