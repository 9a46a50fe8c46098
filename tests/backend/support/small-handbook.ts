// The files of a small handbook for two restaurants.
const section = (title: string, order: number, question: string, body: string): string =>
  `---\ntitle: ${title}\ncategory: food\norder: ${order}\nquestions:\n  - ${question}\n---\n\n${body}\n`

/** Two restaurants, one section in English only. */
export const SMALL_HANDBOOK = {
  'harbor-and-rye/en/chicken.md': section(
    'Cooking chicken',
    10,
    'How hot does chicken have to be?',
    '## The number\n\nCook chicken to 165 °F (74 °C) and check with a probe in the thickest part.'
  ),
  'harbor-and-rye/es/chicken.md': section(
    'Cocinar pollo',
    10,
    '¿A qué temperatura se cocina el pollo?',
    '## El número\n\nCocine el pollo a 165 °F (74 °C) y revise con termómetro en la parte más gruesa.'
  ),
  'harbor-and-rye/en/parking.md': section(
    'Parking',
    20,
    'Where do I park?',
    'Park behind the building, never in front of the loading dock.'
  ),
  'sol-y-sal/en/hands.md': section(
    'Washing hands',
    10,
    'How long do I wash my hands?',
    'Wash hands for 20 seconds with warm water and soap, then dry them with paper.'
  ),
  'sol-y-sal/es/hands.md': section(
    'Lavarse las manos',
    10,
    '¿Cuánto tiempo me lavo las manos?',
    'Lávese las manos 20 segundos con agua tibia y jabón, y séquelas con papel.'
  ),
  'unanswered.yaml': 'en:\n  - What is the internet password?\nes:\n  - ¿Cuál es la contraseña?\n'
} as const
