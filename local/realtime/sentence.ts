// Cuts a Markdown passage into the sentences that can be quoted, without its marks.

/** Ends of sentences that are none: abbreviations and the unit signs of temperatures. */
const ABBREVIATIONS = /\b(?:e\.g|i\.e|approx|min|max|no|p\. ?ej|aprox|mín|máx|a\.m|p\.m|oz|lb)\.$/i

const withoutMarks = (line: string): string =>
  line
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)/g, '')
    .replace(/(^|\s)[*_](\S[^*_]*)[*_](?=\W|$)/g, '$1$2')
    .trim()

const ended = (text: string): string => (/[.!?:;…]["»”)]?$/.test(text) ? text : `${text}.`)

const splitProse = (text: string): string[] => {
  const sentences: string[] = []
  let current = ''
  for (const piece of text.split(/(?<=[.!?…]["»”)]?)\s+(?=["«“(¿¡]?[\p{Lu}\d])/u)) {
    current = current === '' ? piece : `${current} ${piece}`
    if (ABBREVIATIONS.test(current)) continue
    sentences.push(current)
    current = ''
  }
  if (current !== '') sentences.push(current)
  return sentences
}

const tableRow = (line: string): string | null => {
  if (/^\|?\s*:?-{2,}/.test(line)) return null
  const cells = line
    .split('|')
    .map((cell) => withoutMarks(cell))
    .filter((cell) => cell !== '')
  return cells.length === 0 ? null : cells.join(': ')
}

export type Sentence = {
  text: string
  /** A list's sentence belongs to the line that opened it ("Cook these to 165 °F:"). */
  lead: string | null
}

/** Sentences in the order of the passage. Headings are left out; a list's items keep their lead. */
export const sentencesOf = (markdown: string): Sentence[] => {
  const sentences: Sentence[] = []
  let prose = ''
  let lead: string | null = null
  const flush = (): void => {
    for (const text of splitProse(withoutMarks(prose.replace(/\s+/g, ' '))))
      if (text !== '') sentences.push({ text: ended(text), lead: null })
    const last = sentences.at(-1)
    if (prose.trim() !== '') lead = last?.text.endsWith(':') === true ? last.text : null
    prose = ''
  }
  for (const line of markdown.split(/\r?\n/)) {
    const trimmed = line.trim()
    const item = /^(?:[-*+]|\d+[.)])\s+(.*)$/.exec(trimmed)
    if (trimmed === '' || /^#{1,6}\s/.test(trimmed)) {
      flush()
      if (/^#/.test(trimmed)) lead = null
    } else if (item !== null) {
      flush()
      for (const text of splitProse(withoutMarks(item[1] ?? '')))
        if (text !== '') sentences.push({ text: ended(text), lead })
    } else if (trimmed.startsWith('|')) {
      flush()
      const row = tableRow(trimmed)
      if (row !== null) sentences.push({ text: ended(row), lead: null })
    } else prose = `${prose} ${trimmed}`
  }
  flush()
  return sentences
}
