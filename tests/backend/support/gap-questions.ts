// Questions of a kitchen without an answer in the sample handbook, by meaning. Written before any grouping was run.

export type Meaning = { name: string; en: readonly string[]; es: readonly string[] }

export const MEANINGS: readonly Meaning[] = [
  {
    name: 'apron',
    en: [
      'Where do the spare aprons hang?',
      'Where are the extra aprons?',
      'I need a clean apron, where do I get one?',
      'Where can I find another apron?'
    ],
    es: [
      '¿Dónde están los delantales de repuesto?',
      '¿Dónde hay más delantales?',
      'Necesito un mandil limpio, ¿dónde lo agarro?'
    ]
  },
  {
    name: 'wifi',
    en: [
      'What is the wifi password?',
      'How do I get on the wifi?',
      'What’s the password for the wireless?',
      'Can I have the internet password?'
    ],
    es: [
      '¿Cuál es la contraseña del wifi?',
      '¿Cuál es la clave del internet?',
      '¿Cómo me conecto al wifi?'
    ]
  },
  {
    name: 'espresso',
    en: [
      'How do I clean the espresso machine?',
      'What is the right way to clean the espresso machine?',
      'How do you backflush the coffee machine?',
      'Cleaning the espresso machine at night, how does it go?'
    ],
    es: [
      '¿Cómo limpio la máquina de espresso?',
      '¿Cómo se limpia la cafetera?',
      '¿Qué hago para lavar la máquina de café en la noche?'
    ]
  },
  {
    name: 'espresso-broken',
    en: ['The espresso machine is broken, who do I call?', 'Who fixes the espresso machine?'],
    es: [
      'La máquina de espresso no sirve, ¿a quién llamo?',
      '¿Quién arregla la máquina de espresso?'
    ]
  },
  {
    name: 'soup-of-the-day',
    en: [
      'What is the soup today?',
      'What soup do we have tonight?',
      'Which soup is on the menu this evening?'
    ],
    es: ['¿Cuál es la sopa de hoy?', '¿Qué sopa tenemos esta noche?']
  },
  {
    name: 'soup-portion',
    en: ['How many ounces of soup go in a bowl?', 'How much soup is a portion?'],
    es: ['¿Cuántas onzas de sopa lleva un plato?', '¿De cuánto es la porción de sopa?']
  },
  {
    name: 'vacation',
    en: [
      'How do I ask for vacation?',
      'How can I request time off?',
      'I want a week of vacation, who do I talk to?'
    ],
    es: ['¿Cómo pido vacaciones?', '¿Con quién hablo para pedir días libres?']
  },
  {
    name: 'tank',
    en: ['Who feeds the lobsters?', 'Do the lobsters in the tank get fed?'],
    es: ['¿Quién les da de comer a las langostas?', '¿Las langostas del tanque comen?']
  }
]
