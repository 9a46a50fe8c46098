// Finds the sentence or table row that shares most words with a question. It misses paraphrases and negations.
import { type Sentence, sentencesOf } from './sentence.ts'
import { conceptOf } from './synonyms.ts'
import { contentStems, foldAccents, languageOf, type WordLanguage } from './text-normalisation.ts'
import type { ReadPassage } from './tool-result.ts'

export type Quotation = {
  passage: ReadPassage
  /** In the passage's order: a list's opening line comes before its item. */
  sentences: readonly Sentence[]
}

/** A quotation covers more than this share of the question's words, or else… */
const LEAST_SHARE = 0.5
/** …this many of them: no sentence of a handbook repeats a long question. */
const ENOUGH_WORDS = 3

/** Weight of a word that only the section's title or the table's columns contain. */
const TITLE_WEIGHT = 0.5

/** Characters of a list that are read out: about three short sentences. */
const LONGEST_SAID = 220

/** Words that ask for a figure count as one word, which a sentence with such a figure covers. */
const FIGURES: readonly { asks: RegExp; shows: RegExp }[] = [
  {
    asks: /\b(?:how (?:hot|cold|warm)|(?:what|which) temperature|(?:a )?(?:que|cual) temperatura|que tan (?:caliente|frio))\b/,
    shows: /\d\s*°/
  },
  {
    asks: /\b(?:how (?:long|soon|fast|quickly)|cuanto tiempo|cuanto dura|por cuanto)\b/,
    shows: /\d[^.;]*\b(?:second|minute|hour|day|week|month|segundo|minuto|hora|d[ií]a|semana|mes)/i
  },
  { asks: /\b(?:how (?:much|many|often|strong)|cuant[oa]s?|cada cuanto)\b/, shows: /\d/ }
]
const FIGURE = 'figure'

type Asked = { words: ReadonlySet<string>; shows: RegExp | null }

const wordsIn = (text: string, language: WordLanguage): Set<string> =>
  new Set(contentStems(text, language).map((stem) => conceptOf(stem, language) ?? stem))

const askedIn = (question: string): Asked => {
  const plain = foldAccents(question)
  const figure = FIGURES.find(({ asks }) => asks.test(plain))
  if (figure === undefined) return { words: wordsIn(plain, languageOf(question)), shows: null }
  const words = wordsIn(plain.replace(figure.asks, ' '), languageOf(question))
  return { words: words.add(FIGURE), shows: figure.shows }
}

/** The number of the question's words that the sentence covers. */
const coverOf = ({ words, shows }: Asked, sentence: Sentence, passage: ReadPassage): number => {
  const text = `${sentence.lead?.text ?? ''} ${sentence.text}`
  const said = wordsIn(text, passage.language)
  const titled = wordsIn(`${passage.title} ${sentence.columns}`, passage.language)
  let covered = 0
  for (const word of words) {
    if (word === FIGURE ? shows?.test(text) === true : said.has(word)) covered += 1
    else if (titled.has(word)) covered += TITLE_WEIGHT
  }
  return covered
}

/** A list's opening line and its first items, up to the length limit. */
const withItems = (lead: Sentence, all: readonly Sentence[]): Sentence[] => {
  const said = [lead]
  let length = lead.text.length
  for (const item of all.filter((sentence) => sentence.lead === lead)) {
    length += item.text.length
    if (length > LONGEST_SAID && said.length > 1) break
    said.push(item)
  }
  return said
}

/** @returns null when no sentence covers enough of the question. The first passage wins a tie. */
export const quotationFor = (
  question: string,
  passages: readonly ReadPassage[]
): Quotation | null => {
  const asked = askedIn(question)
  let best: Quotation | null = null
  let mostCovered = 0
  for (const passage of passages) {
    const all = sentencesOf(passage.text)
    for (const sentence of all) {
      const cover = coverOf(asked, sentence, passage)
      if (cover <= mostCovered) continue
      mostCovered = cover
      const { lead } = sentence
      best = { passage, sentences: lead === null ? withItems(sentence, all) : [lead, sentence] }
    }
  }
  const isEnough = mostCovered > LEAST_SHARE * asked.words.size || mostCovered >= ENOUGH_WORDS
  return isEnough ? best : null
}
