// A kitchen's other words for one thing, in English and Spanish: so that "nevera" finds the walk-in cooler, and a
// question in one language the section that only the other has. They are the organisation's own, the same that the
// backend searches by; the short list here is for a copy from a backend that keeps none.
import { LANGUAGES, type Language } from '../../shared/language.ts'
import type { OfflineTerm } from './offline-section.ts'
import { termOf, wordsIn } from './offline-words.ts'

/** One thing per line: English | Spanish. A word may stand for several things; "165 °F" answers "how hot". */
const THINGS = `
chicken poultry turkey | pollo ave pavo
beef steak | res filete bistec carne
ground burger hamburger patty | molida hamburguesa
pork | cerdo puerco
meat | carne
fish | pescado
shellfish oyster clam mussel | marisco ostra ostion almeja mejillon
shrimp prawn | camaron gamba
egg | huevo
milk dairy | leche lacteo
cheese | queso
rice | arroz
bean | frijol
soup | sopa caldo
sauce gravy | salsa
bread | pan
lettuce greens salad | lechuga ensalada
vegetable produce veggie | verdura vegetal
fruit | fruta
ice | hielo
water | agua
oil grease | aceite grasa
peanut | cacahuate mani
nut | nuez
gluten wheat celiac | gluten trigo celiaco
allergy allergic allergen | alergia alergico alergeno
food | comida alimento
dish plate | plato
leftover | sobra
raw | crudo
temperature temp degree F C hot cold warm | temperatura grado F C caliente frio
hot warm | caliente calor
cold | frio
cook | cocinar cocido cocer coccion
reheat rewarm | recalentar
cool chill | enfriar
freeze frozen freezer | congelar congelador
thaw defrost | descongelar
refrigerator fridge cooler | refrigerador nevera
thermometer probe | termometro
oven | horno
grill | parrilla plancha
fryer fry | freidora freir
date | fecha
label labeled | etiqueta etiquetar
expire expired | caducar vencer vencido
throw toss discard | tirar desechar botar
garbage trash rubbish dumpster | basura
store storage | guardar almacenar almacen
shelf shelves | estante repisa
delivery truck shipment receive | entrega camion recibir pedido
wash | lavar
hand | mano
glove | guante
soap detergent | jabon detergente
clean | limpiar limpieza limpio
sanitize sanitizer disinfect | desinfectar desinfectante sanitizar sanitizante
bleach chlorine | cloro lejia
chemical | quimico
rag towel cloth | trapo toalla pano
mop | trapeador trapear
sink | fregadero lavabo tarja
dishwasher dishmachine | lavavajillas lavaplatos
knife knives | cuchillo
slicer | rebanadora
floor | piso suelo
bathroom restroom toilet | bano sanitario
pest roach cockroach mouse mice rat rodent | plaga cucaracha raton rata
sick ill illness | enfermo enfermedad enfermar
vomit | vomitar vomito
fever | fiebre calentura
cut wound | cortar cortada herida
burn | quemar quemadura
hair | pelo cabello
nail | unas
jewelry ring bracelet | joya anillo pulsera
shoe | zapato
uniform | uniforme
apron | delantal mandil
wear | usar llevar
eat | comer
drink beverage | beber tomar bebida
smoke vape cigarette | fumar vapear cigarro
phone cell cellphone | telefono celular movil
break | descanso pausa
shift | turno
schedule | horario
swap trade | cambiar intercambiar
manager supervisor boss | gerente encargado supervisor jefe
guest customer | cliente comensal invitado
server waiter waitress | mesero camarero
tip | propina
pay paid paycheck wage | pagar pago sueldo salario
park parking car | estacionar estacionamiento carro coche auto
bike bicycle | bicicleta bici
lost found forgot left | perdido perder encontrar olvidar
wallet purse bag | cartera bolsa bolso
fire | fuego incendio
extinguisher | extintor extinguidor
power electricity outage | luz electricidad apagon corriente
slip fall | resbalar caer caida
spill | derrame derramar
injury injured hurt accident | lesion lastimar accidente
inspector inspection | inspector inspeccion
open opening | abrir apertura
close closing | cerrar cierre
alcohol liquor | alcohol licor
complaint complain | queja quejar
table | mesa
lift heavy | levantar cargar pesado
glass | vidrio vaso
hour | hora
minute | minuto
week | semana
day | dia
`

/** The list above as a backend would have kept it. */
const DEFAULT_TERMS: readonly OfflineTerm[] = THINGS.trim()
  .split('\n')
  .flatMap((line, at) => {
    const [english = '', spanish = ''] = line.split('|')
    const rows = { en: wordsIn(english), es: wordsIn(spanish) }
    return LANGUAGES.flatMap((language) =>
      rows[language].map((term) => ({ concept: String(at), language, term }))
    )
  })

/** A way to write something: words that must all be there, as {@link termOf} has them. Never empty. */
export type Spelling = readonly string[]

/** All words for one thing. */
type Thing = Record<Language, readonly Spelling[]>

export type Glossary = {
  /**
   * For each word of a question how it may be written in a passage: as it stands first, then the kitchen's other words
   * for what it, or a phrase of the question that it belongs to, stands for.
   */
  spellingsOf(words: readonly string[], asked: Language, searched: Language): Spelling[][]
}

/** @param terms the organisation's; none: the list that comes with the kiosk */
export const createGlossary = (terms: readonly OfflineTerm[]): Glossary => {
  const things = new Map<string, Record<Language, Spelling[]>>()
  /** The things that a phrase with this word may stand for. */
  const named: Record<Language, Map<string, Set<Thing>>> = { en: new Map(), es: new Map() }
  for (const { concept, language, term } of terms.length === 0 ? DEFAULT_TERMS : terms) {
    const spelling = wordsIn(term).flatMap((word) => termOf(word, language) ?? [])
    // Of small words only ("out of"): every passage has those.
    if (spelling.length === 0) continue
    const thing = things.get(concept) ?? { en: [], es: [] }
    things.set(concept, thing)
    thing[language].push(spelling)
    for (const word of spelling) {
      const known = named[language].get(word) ?? new Set()
      named[language].set(word, known.add(thing))
    }
  }

  return {
    spellingsOf: (words, asked, searched) => {
      const spoken = new Set(words)
      return words.map((word) => {
        const others = [...(named[asked].get(word) ?? [])]
          .filter((thing) => thing[asked].some((phrase) => isSaid(phrase, word, spoken)))
          .flatMap((thing) => thing[searched])
        const spellings: Spelling[] = [[word], ...others]
        return [...new Map(spellings.map((spelling) => [spelling.join(' '), spelling])).values()]
      })
    }
  }
}

const isSaid = (phrase: Spelling, word: string, spoken: ReadonlySet<string>): boolean =>
  phrase.includes(word) && phrase.every((part) => spoken.has(part))
