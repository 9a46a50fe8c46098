// Which kind of figure a question is after, in English and Spanish, and how such a figure looks in a sentence.

export type FigureQuestion = {
  /** On folded text. */
  asks: RegExp
  /** On text as it is written. */
  shows: RegExp
}

const FIGURE_QUESTIONS: readonly FigureQuestion[] = [
  {
    asks: /\b(?:how (?:hot|cold|warm)|what temp|temperatures?|degrees|que tan (?:caliente|frio)|(?:que|cual) temperatura|temperatura|grados)\b/,
    shows: /\d+(?:[.,]\d+)?\s*°/
  },
  {
    asks: /\b(?:how (?:long|soon|fast|quickly)|how many (?:minutes|hours|seconds|days)|cuanto tiempo|cuant[oa]s (?:minutos|horas|segundos|dias)|cuanto dura|por cuanto)\b/,
    shows:
      /\d+\s*(?:[-–a-z]*\s)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|segundos?|minutos?|horas?|d[ií]as?|semanas?|meses)\b|\b(?:overnight|un d[ií]a)\b/i
  },
  {
    asks: /\b(?:when|what time|how often|cuando|a que hora|cada cuanto)\b/,
    shows: /\d|\b(?:before|after|every|each|daily|weekly|antes|despu[eé]s|cada|diari)/i
  },
  { asks: /\b(?:how (?:much|many|far|high|strong)|cuant[oa]s?)\b/, shows: /\d/ }
]

/** What kind of figure the question is after, if it is after one. @param question folded */
export const figureAskedFor = (question: string): FigureQuestion | undefined =>
  FIGURE_QUESTIONS.find(({ asks }) => asks.test(question))
