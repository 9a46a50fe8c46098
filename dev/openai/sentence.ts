// Splits a Markdown passage into sentences and table rows to quote.

export type Sentence = {
  /** Spoken form: without Markdown marks, with a full stop. */
  text: string
  /** The passage's own text; a line end is one space. */
  quote: string
  /** The opening line of a list item's list, such as "Cook these to 165 °F:". */
  lead: Sentence | null
  /** Column names of a table row; empty for other sentences. */
  columns: string
}

/** Full stops that end no sentence. */
const ABBREVIATIONS = /\b(?:e\.g|i\.e|approx|min|max|no|p\. ?ej|aprox|mín|máx|a\.m|p\.m|oz|lb)\.$/i
/** A sentence's end may be in bold or in quotation marks, and so may the next one's beginning. */
const SENTENCE_END = /(?<=[.!?…]["»”)*_]{0,3})\s+(?=["«“(¿¡*_]{0,3}[\p{Lu}\d])/u
const HEADING = /^#{1,6}\s/
const LIST_ITEM = /^(?:[-*+]|\d+[.)])\s+(.*)$/
const TABLE_RULE = /^\|?\s*:?-{2,}/

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
  for (const piece of text.split(SENTENCE_END)) {
    current = current === '' ? piece : `${current} ${piece}`
    // One word is no quote: "**Breaks.** You have two." stays whole.
    if (ABBREVIATIONS.test(current) || !current.includes(' ')) continue
    sentences.push(current)
    current = ''
  }
  return current === '' ? sentences : [...sentences, current]
}

const proseSentences = (text: string, lead: Sentence | null): Sentence[] =>
  splitProse(text.replace(/\s+/g, ' ').trim()).flatMap((quote) => {
    const said = withoutMarks(quote)
    return said === '' ? [] : [{ text: ended(said), quote, lead, columns: '' }]
  })

/** `| Chicken | 165 °F |` becomes "Chicken: 165 °F." */
const rowSentence = (line: string, columns: string): Sentence => {
  const cells = line
    .split('|')
    .map(withoutMarks)
    .filter((cell) => cell !== '')
  return { text: ended(cells.join(': ')), quote: line, lead: null, columns }
}

/** Sentences, list items and table rows in the order of the passage. Headings are left out. */
export const sentencesOf = (markdown: string): Sentence[] => {
  const sentences: Sentence[] = []
  let prose = ''
  let lead: Sentence | null = null
  let columns = ''
  const flush = (): void => {
    if (prose.trim() === '') return
    sentences.push(...proseSentences(prose, null))
    prose = ''
    const last = sentences.at(-1)
    lead = last?.text.endsWith(':') === true ? last : null
  }
  for (const line of markdown.split(/\r?\n/)) {
    const trimmed = line.trim()
    const item = LIST_ITEM.exec(trimmed)
    if (!trimmed.startsWith('|')) columns = ''
    if (trimmed === '') flush()
    else if (HEADING.test(trimmed)) {
      flush()
      lead = null
    } else if (item !== null) {
      flush()
      sentences.push(...proseSentences(item[1] ?? '', lead))
    } else if (trimmed.startsWith('|')) {
      flush()
      // The row above the rule holds the column names.
      if (TABLE_RULE.test(trimmed)) columns = sentences.pop()?.text ?? ''
      else sentences.push(rowSentence(trimmed, columns))
    } else prose = `${prose} ${trimmed}`
  }
  flush()
  return sentences
}
