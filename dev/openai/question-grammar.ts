// Builds a finite-state grammar and a dictionary of the known questions for pocketsphinx. The endings of each question
// are in it too, so that a question without its first words is recognised as clipped; and so is other speech after the
// first words, so that a sentence which only begins like a question is recognised as another one.
import { spanishPronunciations } from './spanish-pronunciation.ts'

/** Endings that lack up to this many first words compete with the whole question. */
const CLIPPED_WORDS = 3

/**
 * Prior probability of an ending, relative to a whole question. At 0.01 weak first words ("Can I") count as missing; at
 * 0.0001 clipped questions count as whole.
 */
const CLIPPED_PROBABILITY = 0.003

/** Prior probability that other speech follows the words so far, and of each of its phones. */
const OTHER_SPEECH_PROBABILITY = 0.01
const OTHER_PHONE_PROBABILITY = 0.02

/** Stand for all sounds: a vowel or a consonant fits one of them better than the words of another sentence. */
const OTHER_PHONES = 'AA IY OW T K D S N L R'.split(' ')

/** Words of other speech begin with it. */
const OTHER_SPEECH = '@'

/** The words of a language. */
export type Vocabulary = {
  /** The words of a question, as the dictionary spells them. */
  wordsOf: (question: string) => string[]
  /** None for an unknown word. */
  pronunciationsOf: (word: string) => readonly string[]
}

/** `How hot is 'B'?` → `how hot is b`, `consomé` → `consome`. */
const englishWords = (question: string): string[] =>
  question
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘]/g, "'")
    .match(/[a-z0-9]+(?:'[a-z]+)?/g) ?? []

/** @param dictionary in the format of CMU's: `word PH ON EM`, and `word(2) …` for further pronunciations */
export const englishVocabulary = (dictionary: string): Vocabulary => {
  const pronunciations = new Map<string, string[]>()
  for (const line of dictionary.split('\n')) {
    const [entry, ...phones] = line.trim().split(/\s+/)
    if (entry === undefined || phones.length === 0) continue
    const word = entry.replace(/\(\d+\)$/, '')
    pronunciations.set(word, [...(pronunciations.get(word) ?? []), phones.join(' ')])
  }
  return {
    wordsOf: englishWords,
    pronunciationsOf: (word) => pronunciations.get(word) ?? []
  }
}

/** Keeps accents, which part vowels: `día`. */
export const SPANISH_VOCABULARY: Vocabulary = {
  wordsOf: (question) =>
    question
      .toLowerCase()
      .normalize('NFC')
      .match(/[\p{L}\d]+/gu) ?? [],
  pronunciationsOf: spanishPronunciations
}

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

/** A pronunciation's name in the dictionary. */
const entryOf = (word: string, index: number): string =>
  index === 0 ? word : `${word}(${index + 1})`

/** @param final the last state but one, before the state of other speech */
const fsgOf = (final: number, transitions: readonly string[]): string =>
  [
    'FSG_BEGIN questions',
    `NUM_STATES ${final + 2}`,
    'START_STATE 0',
    `FINAL_STATE ${final}`,
    ...transitions,
    'FSG_END',
    ''
  ].join('\n')

const beginningOf = (
  questions: readonly string[],
  recognised: readonly string[],
  wordsOf: Vocabulary['wordsOf']
): string | undefined => {
  if (recognised.length === 0) return undefined
  const question = questions.find((known) => {
    const words = wordsOf(known)
    return recognised.every((word, index) => words[index] === word)
  })
  const written: string[] = []
  for (const word of question?.split(' ') ?? []) {
    if (wordsOf(written.join(' ')).length >= recognised.length) break
    written.push(word)
  }
  return question === undefined ? undefined : written.join(' ')
}

export const questionGrammar = (
  questions: readonly string[],
  { wordsOf, pronunciationsOf }: Vocabulary
): QuestionGrammar => {
  const known = new Map<string, string>()
  const unpronounceable: string[] = []
  for (const question of questions) {
    const words = wordsOf(question)
    if (words.length > 0 && words.every((word) => pronunciationsOf(word).length > 0))
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
  const other = final + 1
  const transitions: string[] = []
  const openTransitions: string[] = []
  for (const [node, children] of nodes.entries()) {
    for (const [word, child] of children) {
      const spoken = pronunciationsOf(word).map(
        (_, index) => `TRANSITION ${node} ${child} 1.0 ${entryOf(word, index)}`
      )
      transitions.push(...spoken)
      openTransitions.push(...spoken)
    }
    if (node > 0) openTransitions.push(`TRANSITION ${node} ${final} 1.0`)
    if (node > 0 && children.size > 0)
      transitions.push(`TRANSITION ${node} ${other} ${OTHER_SPEECH_PROBABILITY}`)
    if (ends.has(node)) transitions.push(`TRANSITION ${node} ${final} 1.0`)
    const depth = depths[node] ?? 0
    if (depth >= 1 && depth <= CLIPPED_WORDS && children.size > 0)
      transitions.push(`TRANSITION 0 ${node} ${CLIPPED_PROBABILITY}`)
  }
  transitions.push(
    `TRANSITION ${other} ${final} 1.0`,
    ...OTHER_PHONES.map(
      (phone) => `TRANSITION ${other} ${other} ${OTHER_PHONE_PROBABILITY} ${OTHER_SPEECH}${phone}`
    )
  )
  const words = [...new Set([...known.keys()].flatMap((spoken) => spoken.split(' ')))].toSorted()
  return {
    fsg: fsgOf(final, transitions),
    openFsg: fsgOf(final, openTransitions),
    dictionary: [
      ...OTHER_PHONES.map((phone) => `${OTHER_SPEECH}${phone} ${phone}\n`),
      ...words.flatMap((word) =>
        pronunciationsOf(word).map((phones, index) => `${entryOf(word, index)} ${phones}\n`)
      )
    ].join(''),
    questionOf: (words) => known.get(words.join(' ')),
    beginningOf: (words) => beginningOf([...known.values()], words, wordsOf),
    unpronounceable
  }
}
