// Finds the passage that covers most of a question, and in it the sentence or table row that shares most words. It
// misses paraphrases and negations.
import { type Sentence, sentencesOf } from './sentence.ts'
import { conceptOf } from './synonyms.ts'
import { contentStems, foldAccents, languageOf, type WordLanguage } from './text-normalisation.ts'
import type { ReadPassage } from './tool-result.ts'

export type Quotation = {
  passage: ReadPassage
  /** In the passage's order: a list's opening line comes before its item. */
  sentences: readonly Sentence[]
}

/** The quoted passage covers more than this share of the question's words, or else… */
const LEAST_SHARE = 0.5
/** …this many of them: no passage of a handbook repeats a long question. */
const ENOUGH_WORDS = 3

/** Weight of a word that only the section's title or the table's columns contain. */
const TITLE_WEIGHT = 0.5

/** What a place further down costs: the search knows more than the words that are shared. */
const PLACE_COST = 0.05

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

type Covered = { sentence: Sentence; inText: Set<string>; inTitle: Set<string> }

/** The words of the question in each sentence of a passage, and in what stands above it. */
const coveredIn = ({ words, shows }: Asked, passage: ReadPassage): Covered[] => {
  const only = (said: ReadonlySet<string>): Set<string> =>
    new Set([...words].filter((word) => said.has(word)))
  return sentencesOf(passage.text).map((sentence) => {
    const text = `${sentence.lead?.text ?? ''} ${sentence.text}`
    const inText = only(wordsIn(text, passage.language))
    if (words.has(FIGURE) && shows?.test(text) === true) inText.add(FIGURE)
    const inTitle = only(wordsIn(`${passage.title} ${sentence.columns}`, passage.language))
    for (const word of inText) inTitle.delete(word)
    return { sentence, inText, inTitle }
  })
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

/** @returns null when no passage covers enough of the question. The first passage wins a tie. */
export const quotationFor = (
  question: string,
  passages: readonly ReadPassage[]
): Quotation | null => {
  const asked = askedIn(question)
  let best: Quotation | null = null
  let bestScore = 0
  for (const [place, passage] of passages.entries()) {
    const all = coveredIn(asked, passage)
    const inPassage = new Set(all.flatMap(({ inText, inTitle }) => [...inText, ...inTitle]))
    const isEnough =
      inPassage.size > LEAST_SHARE * asked.words.size || inPassage.size >= ENOUGH_WORDS
    if (!isEnough) continue
    for (const { sentence, inText, inTitle } of all) {
      const inSentence = inText.size + TITLE_WEIGHT * inTitle.size
      const score = (inPassage.size + inSentence) * (1 - PLACE_COST * place)
      if (score <= bestScore) continue
      bestScore = score
      const { lead } = sentence
      const sentences = all.map((covered) => covered.sentence)
      best = {
        passage,
        sentences: lead === null ? withItems(sentence, sentences) : [lead, sentence]
      }
    }
  }
  return best
}
