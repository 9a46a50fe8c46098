// Pronounces Spanish words, as Latin America does, with the phones of the English acoustic model. Spanish spelling tells
// the sounds of a word, so rules need no dictionary.

/** The phones that come closest to sounds which English lacks, or has two of. */
type Phones = Record<'a' | 'e' | 'i' | 'o' | 'u' | 'b' | 'd' | 'r' | 'll', string>

const USUAL: Phones = {
  a: 'AA',
  e: 'EH',
  i: 'IY',
  o: 'OW',
  u: 'UW',
  b: 'B',
  d: 'DH',
  r: 'R',
  ll: 'Y'
}

/** Each is a further pronunciation of every word. Fewer lose one question in ten; more gain none. */
const CHOICES: readonly Phones[] = [
  USUAL,
  { ...USUAL, e: 'EY', o: 'AO', b: 'V', d: 'D', r: 'D', ll: 'JH' },
  { ...USUAL, e: 'IH', i: 'IH' },
  { ...USUAL, a: 'AH', u: 'UH' }
]

/** The first rule that matches at a place of the word holds there. A letter name stands for its phone in `Phones`. */
const RULES: readonly (readonly [spelling: RegExp, phones: string])[] = [
  [/ch/y, 'CH'],
  [/ll|y(?=[aeiouáéíóú])/y, 'll'],
  [/rr|(?<=^|[nls])r/y, 'R'],
  [/qu(?=[eiéí])/y, 'K'],
  [/gu(?=[eiéí])/y, 'G'],
  [/g[uü](?=[aeioáéíó])/y, 'G W'],
  [/g(?=[eiéí])|j/y, 'HH'],
  [/c(?=[eiéí])|[sz]/y, 'S'],
  [/h?u(?=[aeioáéíó])|w/y, 'W'],
  [/h?i(?=[aeouáéóú])/y, 'Y'],
  [/[aá][iy](?![aeouáéóú])/y, 'AY'],
  [/[eé][iy](?![aeouáéóú])/y, 'EY'],
  [/[oó][iy](?![aeouáéóú])/y, 'OY'],
  [/[aá]u/y, 'AW'],
  [/[aá]/y, 'a'],
  [/[eé]/y, 'e'],
  [/[iíy]/y, 'i'],
  [/[oó]/y, 'o'],
  [/[uúü]/y, 'u'],
  [/(?<=^|[ln])d/y, 'D'],
  [/d/y, 'd'],
  [/(?<=^|[mn])[bv]/y, 'B'],
  [/[bv]/y, 'b'],
  [/x/y, 'K S'],
  [/[ckq]/y, 'K'],
  [/ñ/y, 'N Y'],
  [/n(?=[cgkq])/y, 'NG'],
  [/r/y, 'r'],
  [/[fglmnpt]/y, ''],
  [/h/y, 'silent']
]

const isChoice = (phone: string): phone is keyof Phones => phone in USUAL

const phonesOf = (word: string, phones: Phones): string | null => {
  const spoken: string[] = []
  for (let at = 0; at < word.length; ) {
    const found = RULES.map(([spelling, sound]) => {
      spelling.lastIndex = at
      return { letters: spelling.exec(word)?.[0], sound }
    }).find(({ letters }) => letters !== undefined)
    if (found?.letters === undefined) return null
    const { letters, sound } = found
    if (sound === '') spoken.push(letters.toUpperCase())
    else if (sound !== 'silent') spoken.push(isChoice(sound) ? phones[sound] : sound)
    at += letters.length
  }
  return spoken.join(' ')
}

/** @returns the pronunciations of a word in lower case; none for a word with other letters or digits */
export const spanishPronunciations = (word: string): string[] => [
  ...new Set(CHOICES.map((phones) => phonesOf(word, phones)).filter((spoken) => spoken !== null))
]
