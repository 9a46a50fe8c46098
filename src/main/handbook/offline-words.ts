// A question and a passage as the words they turn on: lower case, without accents, without the words that only
// ask, and without the endings of number and gender. Light on purpose: what is cut off too much cannot be found
// any more, and the search weighs rare words anyway.
import type { Language } from '../../shared/language.ts'

/** Words in the order they stand, numbers included. `°` and punctuation only separate. */
export const wordsIn = (text: string): string[] => fold(text).match(/\d+|\p{L}+/gu) ?? []

/** The word to look for, or null for one that says nothing about a section. */
export const termOf = (word: string, language: Language): string | null => {
  const folded = fold(word)
  if (STOP_WORDS[language].has(folded)) return null
  const number = NUMBERS[language].get(folded)
  if (number !== undefined) return number
  return stem(folded, language)
}

/** Lower case without accents; `ñ` becomes `n`, as a keyboard without it writes it. */
const fold = (text: string): string => text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')

/** Shorter than this and an ending is half of the word: "bus", "mes", "ice". */
const SHORTEST_STEM = 3

/** "Lavarse", "lavarme", "guardarlos", "lávense": the verb with the pronouns that Spanish writes onto it. */
const WITH_PRONOUN = /^(\p{L}{3,}?)(?:[aei]r(?:me|te|se|l[aeo]s?|nos)|en?se)$/u

const stem = (word: string, language: Language): string => {
  if (/^\d/.test(word)) return word
  const verb = language === 'es' ? WITH_PRONOUN.exec(word)?.[1] : undefined
  if (verb !== undefined) return verb
  for (const [ending, instead] of ENDINGS[language]) {
    if (word.endsWith(ending) && word.length - ending.length >= SHORTEST_STEM) {
      return `${word.slice(0, -ending.length)}${instead}`
    }
  }
  return word
}

/** The first that fits is taken off. English: plurals, and -ing and -ed so that verbs meet. */
const ENDINGS: Record<Language, readonly (readonly [string, string])[]> = {
  en: [
    ['ies', 'y'],
    ['sses', 'ss'],
    ['shes', 'sh'],
    ['ches', 'ch'],
    ['xes', 'x'],
    ['ss', 'ss'],
    ['us', 'us'],
    ['es', ''],
    ['s', ''],
    ['ing', ''],
    ['ed', ''],
    ['e', '']
  ],
  // Number and gender, then the commonest endings of verbs, so that "lavo", "lavan" and "lavar" meet.
  es: [
    ['ciones', 'cion'],
    ['ando', ''],
    ['iendo', ''],
    ['amos', ''],
    ['emos', ''],
    ['ados', ''],
    ['adas', ''],
    ['idos', ''],
    ['idas', ''],
    ['ado', ''],
    ['ada', ''],
    ['ido', ''],
    ['ida', ''],
    ['ces', 'z'],
    ['ar', ''],
    ['er', ''],
    ['ir', ''],
    ['an', ''],
    ['en', ''],
    ['os', ''],
    ['as', ''],
    ['es', ''],
    ['o', ''],
    ['a', ''],
    ['e', ''],
    ['s', '']
  ]
}

const list = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '')

/** Articles and the like, politeness, and the words of asking: every handbook half answers those. */
const STOP_WORDS: Record<Language, ReadonlySet<string>> = {
  en: new Set(
    list(`
      a an the this that these those some any all each every no not nor and or but if then than so as of at by for
      from in into on onto to with without about after before during until while between under
      i me my mine you your yours he him his she her hers it its we us our ours they them their theirs
      am is are was were be been being do does did doing done have has had having will would can could should may
      might must shall need needs needed want wants wanted gotta gonna wanna supposed allowed let lets
      s t d m re ve ll don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain
      hey hi hello please thanks ok okay um uh er well yeah yes sorry there here
      what whats which who whose whom when where why how much many long often far soon ever
      tell told say says said know knows ask mean means happen happens get gets got getting go goes going make sure
      thing things stuff something anything everything nothing someone somebody anyone anybody everyone
      one ones way kind sort lot bit also still really actually exactly right just like too very only
      rule rules policy policies procedure handbook manual restaurant
    `)
  ),
  es: new Set(
    list(`
      el la los las lo un una unos unas al del de a ante con contra desde en entre hacia hasta para por segun sin
      sobre tras y e o u ni que como pero sino si no mas muy tan tanto tambien
      yo me mi mis mio tu te ti tus usted ustedes su sus se le les nos nuestro nuestra el ella ellos ellas esto esta
      este estos estas eso esa ese esos esas aquello
      ser es son soy somos era eran fue fueron sea sean estar esta estan estoy estamos estara estaran
      ha han he hemos hay haber habia tiene tienen tengo tenemos tener tenia tendra
      hola oye oiga favor gracias bueno vale ok eh pues perdon
      cuanto cuanta cuantos cuantas cual cuales quien quienes cuando donde adonde porque
      puedo puede pueden podemos puedes poder podria podrian podriamos debo debe deben debemos debes deber deberia
      deberian toca tocan hago hace hacen hacer hacemos haces haga hagan hecho necesito necesita necesitan necesitamos
      quiero quiere quieren queremos dime diga digame digan dice dicen decir digo sabe sabes saber sabemos
      pasa pasan pasar ocurre significa voy va vas vamos van ir doy da dan dar vuelvo vuelve
      cosa cosas alguien algo nadie nada cada vez veces tiempo mismo misma asi aqui ahi alla luego entonces ahora
      siempre nunca aun todavia exactamente
      regla reglas politica politicas procedimiento manual restaurante
    `)
  )
}

const TENS = [20, 30, 40, 50, 60, 70, 80, 90]
const numbersFrom = (units: string, tens: string): ReadonlyMap<string, string> =>
  new Map([
    ...list(units).map((word, value) => [word, String(value)] as const),
    ...list(tens).map((word, at) => [word, String(TENS[at])] as const)
  ])

/** A recogniser writes numbers out; the handbook writes digits. "One" and "uno" are articles more often. */
const NUMBERS: Record<Language, ReadonlyMap<string, string>> = {
  en: numbersFrom(
    `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
     eighteen nineteen`,
    'twenty thirty forty fifty sixty seventy eighty ninety'
  ),
  es: numbersFrom(
    `cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete
     dieciocho diecinueve`,
    'veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa'
  )
}
