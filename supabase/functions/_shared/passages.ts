// Splits a handbook section into passages for search and quotation. Pure: the seeder (Node) and the functions (Deno)
// share it.

type SectionPassage = {
  /** Heading path inside the section, outermost first, joined with " › "; empty before the first heading. */
  heading: string
  /** Markdown without its heading. Whole sentences, whole lists, whole tables. */
  text: string
  /**
   * 100 × (number of the heading) + (number of the piece under it). A translation with one piece more under a heading
   * still pairs up under all other headings.
   */
  ordinal: number
  /**
   * The target of a citation: the heading path as a fragment (`storage/walk-in`), empty at the section's top, with `~2`
   * and so on for further passages of one path. Only a change of its headings changes it.
   */
  anchor: string
}

/** Longest passage, in tokens: it reads as one answer, and two or three fit a tool output. */
export const LONGEST_PASSAGE_TOKENS = 350
/** A longer list or table (a hundred rows) is cut between its rows: embedding models limit their input. */
const LONGEST_WHOLE_TOKENS = 2_000
/** A shorter last piece stays with the piece before it. */
const SHORTEST_PIECE_TOKENS = 60
/** Pieces under one heading with their own ordinals: 35,000 tokens. */
const PIECES_PER_HEADING = 100
/** A cautious average for English and Spanish prose in current tokenizers. */
const CHARACTERS_PER_TOKEN = 4

/** The opening only: a pattern for the closing marks can backtrack without end, so code removes them. */
const HEADING = /^ {0,3}(#{1,6})\s+(?=\S)/
const FENCE = /^ {0,3}(```|~~~)/
const LIST_ITEM = /^\s*([-*+]|\d{1,9}[.)])\s+/
const TABLE_ROW = /^\s*\|/

const tokensOf = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN)

/** The level and name of a heading line: `## Soup ##` → 2, Soup. */
export const headingOf = (line: string): { level: number; name: string } | null => {
  const [opening, marks] = HEADING.exec(line) ?? []
  if (opening === undefined || marks === undefined) return null
  const words = line.slice(opening.length).trimEnd()
  let end = words.length
  while (end > 0 && words[end - 1] === '#') end -= 1
  // The name may consist of marks: "# #".
  const name = end === 0 ? words : words.slice(0, end).trimEnd()
  return { level: marks.length, name }
}

type HeadedText = { path: string[]; lines: string[] }

/** Text by heading. A first-level heading repeats the section's title and adds nothing to the path. */
const byHeading = (markdown: string): HeadedText[] => {
  const parts: HeadedText[] = [{ path: [], lines: [] }]
  const path: { level: number; name: string }[] = []
  let fence: string | undefined
  for (const line of markdown.replaceAll('\r\n', '\n').split('\n')) {
    const mark = FENCE.exec(line)?.[1]
    if (mark !== undefined) {
      if (fence === undefined) fence = mark
      else if (fence === mark) fence = undefined
    }
    const heading = fence === undefined ? headingOf(line) : null
    if (heading === null) {
      parts.at(-1)?.lines.push(line)
      continue
    }
    const { level, name } = heading
    while ((path.at(-1)?.level ?? 0) >= level) path.pop()
    if (level > 1) path.push({ level, name })
    parts.push({ path: path.map((step) => step.name), lines: [] })
  }
  return parts
}

type BlockKind = 'list' | 'table' | 'fence' | 'prose'
type Block = { kind: BlockKind; text: string }

const kindOf = (line: string): Exclude<BlockKind, 'fence'> =>
  LIST_ITEM.test(line) ? 'list' : TABLE_ROW.test(line) ? 'table' : 'prose'

/** Paragraphs, lists, tables and fences. A list continues over blank lines and indented lines. */
const blocksOf = (lines: readonly string[]): Block[] => {
  const blocks: { kind: BlockKind; lines: string[] }[] = []
  let isOpen = false
  let fence: string | undefined
  for (const line of lines) {
    const current = blocks.at(-1)
    const mark = FENCE.exec(line)?.[1]
    if (fence !== undefined) {
      current?.lines.push(line)
      if (mark === fence) {
        fence = undefined
        isOpen = false
      }
      continue
    }
    if (mark !== undefined) {
      fence = mark
      blocks.push({ kind: 'fence', lines: [line] })
      isOpen = true
      continue
    }
    if (line.trim() === '') {
      isOpen = false
      continue
    }
    const kind = kindOf(line)
    const continuesList =
      current?.kind === 'list' &&
      (kind === 'list' || /^\s{2,}/.test(line) || (isOpen && kind === 'prose'))
    if (current !== undefined && (continuesList || (isOpen && current.kind === kind))) {
      current.lines.push(line)
    } else {
      blocks.push({ kind, lines: [line] })
    }
    isOpen = true
  }
  return blocks.map(({ kind, lines: own }) => ({ kind, text: own.join('\n') }))
}

/** Joins a paragraph that ends with a colon ("Cook to these temperatures:") to the block after it. */
const withTheirLeads = (blocks: readonly Block[]): Block[] => {
  const joined: Block[] = []
  for (const block of blocks) {
    const lead = joined.at(-1)
    if (lead?.kind === 'prose' && lead.text.trimEnd().endsWith(':') && block.kind !== 'prose') {
      joined.pop()
      joined.push({ kind: block.kind, text: `${lead.text}\n\n${block.text}` })
    } else {
      joined.push(block)
    }
  }
  return joined
}

/** Joins parts into runs of at most `limitTokens`; a single part may be longer. */
const inRuns = (parts: readonly string[], joint: string, limitTokens: number): string[] => {
  const runs: string[] = []
  let run: string[] = []
  let characters = 0
  for (const part of parts) {
    if (run.length > 0 && (characters + part.length) / CHARACTERS_PER_TOKEN > limitTokens) {
      runs.push(run.join(joint))
      run = []
      characters = 0
    }
    run.push(part)
    characters += part.length + joint.length
  }
  return run.length === 0 ? runs : [...runs, run.join(joint)]
}

/** Splits a long sentence between words, and a long word between letters. */
const splitWords = (text: string, limitTokens: number): string[] => {
  const longest = limitTokens * CHARACTERS_PER_TOKEN
  const words = text
    .split(/\s+/)
    .flatMap((word) =>
      word.length > longest ? (word.match(new RegExp(`.{1,${longest}}`, 'gsu')) ?? []) : [word]
    )
  return inRuns(words, ' ', limitTokens)
}

/** Splits a long paragraph into runs of whole sentences. */
const splitProse = (text: string): string[] => {
  const sentences = text.split(/(?<=[.!?…]["”»)]?)\s+(?=[\p{Lu}\d¿¡"“«(])/u)
  const parts = sentences.flatMap((sentence) =>
    tokensOf(sentence) > LONGEST_PASSAGE_TOKENS
      ? splitWords(sentence, LONGEST_PASSAGE_TOKENS)
      : [sentence]
  )
  return inRuns(parts, ' ', LONGEST_PASSAGE_TOKENS)
}

/** The lines that every piece of a table or fence repeats: head and tail. */
const frameOf = ({ kind, text }: Block): { head: string[]; tail: string[]; rows: string[] } => {
  const lines = text.split('\n')
  if (kind === 'fence') {
    const isClosed = lines.length > 1 && FENCE.test(lines.at(-1) ?? '')
    return {
      head: lines.slice(0, 1),
      tail: isClosed ? lines.slice(-1) : [],
      rows: lines.slice(1, isClosed ? -1 : undefined)
    }
  }
  const hasHead = kind === 'table' && /^\s*\|[\s:|-]*$/.test(lines[1] ?? '')
  return hasHead
    ? { head: lines.slice(0, 2), tail: [], rows: lines.slice(2) }
    : { head: [], tail: [], rows: lines }
}

/** Splits an overlong list, table or fence between its rows, and repeats a table's head. */
const splitLong = (block: Block): Block[] => {
  if (block.kind === 'prose' || tokensOf(block.text) <= LONGEST_WHOLE_TOKENS) return [block]
  const { head, tail, rows } = frameOf(block)
  const parts = rows.flatMap((row) =>
    tokensOf(row) > LONGEST_WHOLE_TOKENS ? splitWords(row, LONGEST_WHOLE_TOKENS) : [row]
  )
  return inRuns(parts, '\n', LONGEST_WHOLE_TOKENS).map((run) => ({
    kind: block.kind,
    text: [...head, run, ...tail].join('\n')
  }))
}

const piecesOf = (blocks: readonly Block[]): string[] => {
  const whole = blocks.flatMap((block) =>
    block.kind === 'prose' && tokensOf(block.text) > LONGEST_PASSAGE_TOKENS
      ? splitProse(block.text)
      : [block.text]
  )
  const pieces: string[] = []
  for (const text of whole) {
    const last = pieces.at(-1)
    const together = last === undefined ? text : `${last}\n\n${text}`
    const isShort = tokensOf(text) < SHORTEST_PIECE_TOKENS
    const limit = LONGEST_PASSAGE_TOKENS + (isShort ? SHORTEST_PIECE_TOKENS : 0)
    if (last !== undefined && tokensOf(together) <= limit) pieces[pieces.length - 1] = together
    else pieces.push(text)
  }
  return pieces
}

/** `Walk-in: "días"` → `walk-in-dias`; keeps letters of any script, drops accents. */
const fragmentOf = (heading: string): string =>
  heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

/**
 * Cuts a section's Markdown (without front matter) at its headings, and longer text than {@link LONGEST_PASSAGE_TOKENS}
 * at paragraphs, then at sentences. Lists, tables and fences stay whole up to {@link LONGEST_WHOLE_TOKENS}, with the
 * paragraph that introduces them. A heading without text gives no passage.
 */
export const splitIntoPassages = (markdown: string): SectionPassage[] => {
  const timesUsed = new Map<string, number>()
  const anchorFor = (path: readonly string[]): string => {
    const fragment = path.map(fragmentOf).join('/')
    const times = (timesUsed.get(fragment) ?? 0) + 1
    timesUsed.set(fragment, times)
    return times === 1 ? fragment : `${fragment}~${times}`
  }
  return byHeading(markdown).flatMap(({ path, lines }, place) =>
    piecesOf(withTheirLeads(blocksOf(lines).flatMap(splitLong))).map((text, piece) => ({
      heading: path.join(' › '),
      text,
      ordinal: place * PIECES_PER_HEADING + Math.min(piece, PIECES_PER_HEADING - 1),
      anchor: anchorFor(path)
    }))
  )
}

/** The text to embed for a passage: title and headings first, because the text alone may not name its subject. */
export const embeddingInput = (
  title: string,
  passage: { heading: string; text: string }
): string =>
  passage.heading === ''
    ? `${title}\n\n${passage.text}`
    : `${title} › ${passage.heading}\n\n${passage.text}`
