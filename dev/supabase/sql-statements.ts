// Splits a migration into its statements, so that the history records them as the Supabase CLI does.
// It knows what can hide a semicolon: strings, quoted names, comments, dollar quotes, SQL bodies.

const DOLLAR_QUOTE = /^\$([A-Za-z_][A-Za-z0-9_]*)?\$/
const WORD = /^[A-Za-z_][A-Za-z0-9_$]*/

/** Index just past the closing quote; a doubled quote is part of the text. */
const endOfQuoted = (sql: string, start: number, escapes: 'doubled' | 'backslash'): number => {
  const quote = sql.charAt(start)
  let at = start + 1
  while (at < sql.length) {
    if (escapes === 'backslash' && sql.charAt(at) === '\\') {
      at += 2
      continue
    }
    if (sql.charAt(at) === quote) {
      if (sql.charAt(at + 1) !== quote) return at + 1
      at += 1
    }
    at += 1
  }
  return sql.length
}

/** Index just past a block comment; Postgres nests them. */
const endOfBlockComment = (sql: string, start: number): number => {
  let depth = 0
  let at = start
  while (at < sql.length) {
    if (sql.startsWith('/*', at)) {
      depth += 1
      at += 2
    } else if (sql.startsWith('*/', at)) {
      depth -= 1
      at += 2
      if (depth === 0) return at
    } else {
      at += 1
    }
  }
  return sql.length
}

/**
 * The statements of `sql`, trimmed and without their semicolons; text that is only comments is left
 * out. A `begin atomic … end` body stays whole.
 */
export const splitStatements = (sql: string): string[] => {
  const statements: string[] = []
  let start = 0
  let hasCode = false
  let previousWord = ''
  /** `begin atomic` bodies, and the `case … end` inside them. */
  let openBodies = 0
  let at = 0

  const close = (end: number): void => {
    const text = sql.slice(start, end).trim()
    if (hasCode && text !== '') statements.push(text)
    hasCode = false
    previousWord = ''
  }

  while (at < sql.length) {
    const character = sql.charAt(at)
    const rest = sql.slice(at, at + 130)
    if (/\s/.test(character)) {
      at += 1
    } else if (rest.startsWith('--')) {
      const lineEnd = sql.indexOf('\n', at)
      at = lineEnd === -1 ? sql.length : lineEnd + 1
    } else if (rest.startsWith('/*')) {
      at = endOfBlockComment(sql, at)
    } else if (character === ';' && openBodies === 0) {
      close(at)
      at += 1
      start = at
    } else {
      hasCode = true
      const dollar = character === '$' ? DOLLAR_QUOTE.exec(rest)?.[0] : undefined
      const word = WORD.exec(rest)?.[0]
      if (dollar !== undefined) {
        const end = sql.indexOf(dollar, at + dollar.length)
        at = end === -1 ? sql.length : end + dollar.length
      } else if (character === "'") {
        at = endOfQuoted(sql, at, previousWord === 'e' ? 'backslash' : 'doubled')
      } else if (character === '"') {
        at = endOfQuoted(sql, at, 'doubled')
      } else if (word !== undefined) {
        const lower = word.toLowerCase()
        if (lower === 'atomic' && previousWord === 'begin') openBodies += 1
        else if (lower === 'case' && openBodies > 0) openBodies += 1
        else if (lower === 'end' && openBodies > 0) openBodies -= 1
        at += word.length
        previousWord = sql.charAt(at) === "'" && lower === 'e' ? 'e' : lower
        continue
      } else {
        at += 1
      }
      previousWord = ''
    }
  }
  close(sql.length)
  return statements
}
