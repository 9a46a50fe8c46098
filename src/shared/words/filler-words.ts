// Filler words of questions in English and Spanish: lower case, without accents. The backend's search (`npm run words`
// writes them into the migration of private.question_stop_words), the offline search and the stand-in drop them.
import type { Language } from '../language.ts'

/** Written by hand. Several words a line. */
export const QUESTION_FILLERS: Record<Language, readonly string[]> = {
  en: [
    // Pieces that an apostrophe leaves.
    'm re ve ll d doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain',
    // Politeness and hesitation.
    'hey hi hello yo dude man alright gotcha lemme please thanks ok okay um uh er well so yeah no yes sorry',
    // Asking, permission and duty.
    'can could would should may might must shall need needs needed want wants wanted gotta gonna wanna',
    'suppose supposed allow allowed let lets tell told say says said know knows ask mean means happen happens',
    'get gets got getting go goes going do does done doing make sure',
    'what whats which who whose when where why how much many long often far soon ever',
    // Pronouns and other small words.
    'thing things stuff something anything everything nothing someone somebody anyone anybody everyone',
    'one ones use now way kind sort lot bit us also still really actually exactly right just like',
    // Words that describe every section of a handbook.
    'rule rules policy policies procedure handbook manual restaurant'
  ],
  es: [
    // Stop words that the stemmer of Postgres does not recognise without their accent.
    'mas tambien si estan estara estaran seria serian sera seran habia habian habra tenia tenian tendra tendre',
    // Politeness and hesitation.
    'hola oye oiga jefe verdad favor gracias bueno vale ok eh este pues si no perdon',
    // Asking, permission and duty.
    'cuanto cuanta cuantos cuantas cual cuales que quien quienes cuando donde adonde como porque',
    'puedo puede pueden podemos puedes poder podria podrian podriamos',
    'debo debe deben debemos debes deber deberia deberian hay haber toca tocan tocaria',
    'hago hace hacen hacer hacemos haces haga hagan hecho necesito necesita necesitan necesitamos necesitas',
    'quiero quiere quieren queremos dime diga digame digan dice dicen decir digo se sabe sabes saber sabemos',
    'pasa pasan pasar ocurre significa voy va vas vamos van ir doy da dan dar volver vuelvo vuelve tan',
    // Pronouns and other small words.
    'cosa cosas alguien algo nadie nada cada vez veces tiempo mismo misma asi aqui ahi alla luego entonces',
    'ahora siempre nunca aun todavia exactamente ando anda andan echo echa echar nomas aunque bien mal',
    // Words that describe every section of a handbook.
    'regla reglas politica politicas procedimiento manual restaurante'
  ]
}

/**
 * Articles, pronouns, prepositions and auxiliary verbs. The stemmers of Postgres drop nearly all of them, so the database
 * has no list of them. "off", "out", "up", "down" and "over" are kept: a day off, to lock up.
 */
const STOP_WORDS: Record<Language, readonly string[]> = {
  en: [
    'a an the this that these those some any all each nor and or but if then than as of at by for from in on to',
    'with into about after before during until while between under too very not only there here',
    'i me my you your yours he him his she her hers it its we our ours they them their theirs whom',
    'am is are was were be been being have has had having will s t don'
  ],
  es: [
    'el la los las lo un una unos unas a al ante con contra de del desde durante en entre hasta para por sin sobre',
    'antes y e o u ni pero muy tanto todo todos mucho muchos ya yo me mi mis tu te ti tus su sus le les nos nuestra',
    'nuestro usted ustedes ella ellos ellas esa esas ese eso esos esta estas esto estos',
    'ser son soy eres es somos era eran fue fueron sea sean estar estoy estamos',
    'ha han he hemos tener tiene tienen tengo tenemos'
  ]
}

const wordsOf = (language: Language): ReadonlySet<string> =>
  new Set([...QUESTION_FILLERS[language], ...STOP_WORDS[language]].join(' ').split(' '))

export const FILLER_WORDS: Record<Language, ReadonlySet<string>> = {
  en: wordsOf('en'),
  es: wordsOf('es')
}
