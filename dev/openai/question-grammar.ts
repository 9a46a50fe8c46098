// Builds a finite-state grammar and a dictionary of the known questions for pocketsphinx. The endings of each question
// are in it too, so that a question without its first words is recognised as clipped.

/** Endings that lack up to this many first words compete with the whole question. */
const CLIPPED_WORDS = 3

/**
 * Prior probability of an ending, relative to a whole question. At 0.01 weak first words ("Can I") count as missing; at
 * 0.0001 clipped questions count as whole.
 */
const CLIPPED_PROBABILITY = 0.003

/** Spells words as the dictionary does: `How hot is 'B'?` → `how hot is b`, `consomé` → `consome`. */
export const spokenWords = (question: string): string[] =>
  question
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘]/g, "'")
    .match(/[a-z0-9]+(?:'[a-z]+)?/g) ?? []

export type QuestionGrammar = {
  /** Sphinx FSG text for `-fsg`. */
  fsg: string
  /** The same words where a question may end anywhere, for one that is still being spoken. */
  openFsg: string
  /** Pronunciations of the grammar's words, for `-dict`. */
  dictionary: string
  /** The question of these words as its file spells it; undefined for an ending or other words. */
  questionOf: (words: readonly string[]) => string | undefined
  /** The beginning of a question as its file spells it; undefined when none begins with these words. */
  beginningOf: (words: readonly string[]) => string | undefined
  /** Questions with a word that the dictionary lacks: they cannot be recognised. */
  unpronounceable: readonly string[]
}

type Node = Map<string, number>

const fsgOf = (final: number, transitions: readonly string[]): string =>
  [
    'FSG_BEGIN questions',
    `NUM_STATES ${final + 1}`,
    'START_STATE 0',
    `FINAL_STATE ${final}`,
    ...transitions,
    'FSG_END',
    ''
  ].join('\n')

const beginningOf = (
  questions: readonly string[],
  recognised: readonly string[]
): string | undefined => {
  if (recognised.length === 0) return undefined
  const question = questions.find((known) => {
    const words = spokenWords(known)
    return recognised.every((word, index) => words[index] === word)
  })
  const written: string[] = []
  for (const word of question?.split(' ') ?? []) {
    if (spokenWords(written.join(' ')).length >= recognised.length) break
    written.push(word)
  }
  return question === undefined ? undefined : written.join(' ')
}

/** @param pronunciations phones by word, several for some words. */
export const questionGrammar = (
  questions: readonly string[],
  pronunciations: ReadonlyMap<string, readonly string[]>
): QuestionGrammar => {
  const known = new Map<string, string>()
  const unpronounceable: string[] = []
  for (const question of questions) {
    const words = spokenWords(question)
    if (words.length > 0 && words.every((word) => pronunciations.has(word)))
      known.set(words.join(' '), question)
    else unpronounceable.push(question)
  }

  // A prefix tree: all questions that begin with "how do I" share its search.
  const nodes: Node[] = [new Map()]
  const depths = [0]
  const ends = new Set<number>()
  for (const spoken of known.keys()) {
    let at = 0
    for (const word of spoken.split(' ')) {
      let next = nodes[at]?.get(word)
      if (next === undefined) {
        next = nodes.length
        nodes[at]?.set(word, next)
        nodes.push(new Map())
        depths.push((depths[at] ?? 0) + 1)
      }
      at = next
    }
    ends.add(at)
  }

  const final = nodes.length
  const transitions: string[] = []
  const openTransitions: string[] = []
  for (const [node, children] of nodes.entries()) {
    for (const [word, child] of children) {
      transitions.push(`TRANSITION ${node} ${child} 1.0 ${word}`)
      openTransitions.push(`TRANSITION ${node} ${child} 1.0 ${word}`)
    }
    if (node > 0) openTransitions.push(`TRANSITION ${node} ${final} 1.0`)
    if (ends.has(node)) transitions.push(`TRANSITION ${node} ${final} 1.0`)
    const depth = depths[node] ?? 0
    if (depth >= 1 && depth <= CLIPPED_WORDS && children.size > 0)
      transitions.push(`TRANSITION 0 ${node} ${CLIPPED_PROBABILITY}`)
  }
  const words = [...new Set([...known.keys()].flatMap((spoken) => spoken.split(' ')))].toSorted()
  return {
    fsg: fsgOf(final, transitions),
    openFsg: fsgOf(final, openTransitions),
    dictionary: words
      .flatMap((word) =>
        (pronunciations.get(word) ?? []).map(
          (phones, index) => `${word}${index === 0 ? '' : `(${index + 1})`} ${phones}\n`
        )
      )
      .join(''),
    questionOf: (words) => known.get(words.join(' ')),
    beginningOf: (words) => beginningOf([...known.values()], words),
    unpronounceable
  }
}

/** Reads a CMU dictionary: `word PH ON EM` and `word(2) …` for further pronunciations. */
export const readPronunciations = (dictionary: string): Map<string, string[]> => {
  const pronunciations = new Map<string, string[]>()
  for (const line of dictionary.split('\n')) {
    const [entry, ...phones] = line.trim().split(/\s+/)
    if (entry === undefined || phones.length === 0) continue
    const word = entry.replace(/\(\d+\)$/, '')
    pronunciations.set(word, [...(pronunciations.get(word) ?? []), phones.join(' ')])
  }
  return pronunciations
}
