// A kitchen's other words for one thing, in English and Spanish: so that "nevera" finds the walk-in cooler, and a
// question in one language the section that only the other has. General kitchen language, as the backend's own
// glossary (supabase/migrations/*_search_words.sql), which does its work in Postgres and out of reach here.
import { LANGUAGES, type Language } from '../../shared/language.ts'
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

type Meanings = Record<Language, ReadonlyMap<string, ReadonlySet<string>>>

const termsIn = (words: string, language: Language): string[] =>
  wordsIn(words).flatMap((word) => termOf(word, language) ?? [])

/** From a term of a language to the things it stands for, each as its terms in the other or the same language. */
const meaningsIn = (searched: Language): Meanings => {
  const build = (asked: Language) => {
    const meanings = new Map<string, Set<string>>()
    for (const line of THINGS.trim().split('\n')) {
      const [english = '', spanish = ''] = line.split('|')
      const terms = { en: termsIn(english, 'en'), es: termsIn(spanish, 'es') }
      for (const term of terms[asked]) {
        const known = meanings.get(term) ?? new Set()
        for (const one of terms[searched]) known.add(one)
        meanings.set(term, known)
      }
    }
    return meanings
  }
  return { en: build('en'), es: build('es') }
}

const MEANINGS = Object.fromEntries(
  LANGUAGES.map((searched) => [searched, meaningsIn(searched)])
) as Record<Language, Meanings>

/** The other terms for what `term` of the language `asked` stands for, in the language `searched`. */
export const otherTermsFor = (term: string, asked: Language, searched: Language): string[] =>
  [...(MEANINGS[searched][asked].get(term) ?? [])].filter((one) => one !== term)
