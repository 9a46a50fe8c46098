import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../../dev/supabase/handbook-files.ts'
import { checkQuote, unverifiedFigures } from '../../../src/shared/answer-check.ts'
import type { Language } from '../../../src/shared/language.ts'
import { inEnglish, inSpanish } from './number-words.ts'

const passage = (text: string, language: Language = 'en', title = '') => ({
  text,
  title,
  heading: '',
  language
})
/** The unverified figures of an answer. */
const marked = (spoken: string, ...passages: ReturnType<typeof passage>[]) =>
  unverifiedFigures(spoken, passages).map(({ start, end }) => spoken.slice(start, end))

describe('unverifiedFigures accepts a figure of the passage', () => {
  it.each([
    // Temperatures.
    ['Cook it to 165 degrees.', 'Cook chicken to 165 °F (74 °C).'],
    ['Cook it to 165 degrees Fahrenheit.', '165 °F'],
    ['Cook it to one hundred sixty-five degrees Fahrenheit.', '165F'],
    ['Cook it to one hundred and sixty five.', '165 ºF'],
    ['Cook it to one sixty-five.', '165 °F'],
    ['Cocínalo a ciento sesenta y cinco grados.', '165 °F'],
    ['Que llegue a 74 grados centígrados.', '165 °F (74 °C)'],
    ['It must be at 74 Celsius.', '74 °C'],
    ['The danger zone is 41 to 135.', 'Between 41 °F and 135 °F'],
    ['Keep it at minus 10 degrees.', 'Freezer: -10 °F'],
    ['La congeladora va a menos diez grados.', '−10 °F'],
    ['Lávate por lo menos 20 segundos.', 'at least 20 seconds'],
    ['165°–170°F', 'from 165 to 170 °F'],
    // Spans of time.
    ['Keep it for four hours.', '4 hours'],
    ['Within an hour.', '1 hour'],
    ['Within half an hour.', '30 minutes'],
    ['After a half-hour.', '30 min'],
    ['Wait for an hour and a half.', '90 minutes'],
    ['Wait one and a half hours.', '90 min'],
    ['Wait for 1 hour and 30 minutes.', '90 minutes'],
    ['Wait for 90 minutes.', '1 hour and 30 minutes'],
    ['A quarter of an hour.', '15 minutes'],
    ['Espera media hora.', '30 minutes'],
    ['Espera hora y media.', '90 minutes'],
    ['Espera dos horas y media.', '2.5 hours'],
    ['Espera tres cuartos de hora.', '45 minutes'],
    ['Dura una semana.', '7 days'],
    ['Use it within seven days.', '1 week'],
    ['A 20-second scrub, then a two-minute rinse.', '20 seconds; 2 minutes'],
    ['Take two fifteen-minute breaks.', 'two 15-minute breaks'],
    ['A twenty-minute break.', '20 minutes'],
    // Ranges.
    ['It takes 10 to 15 minutes.', '10-15 minutes'],
    ['Entre 10 y 15 minutos.', '10–15 minutes'],
    ['De diez a quince minutos.', '10 to 15 minutes'],
    ['Two or three days.', '2-3 days'],
    ['It holds 135-165.', '135 °F to 165 °F'],
    // Times of day and dates.
    ['Come at 3 p.m.', '3:00 p.m.'],
    ['Come at 15:00.', '3 p. m.'],
    ['Come at three o’clock.', '3:00 p.m.'],
    ['Come at half past three.', '3:30 p.m.'],
    ['Come at a quarter to four.', '3:45 p.m.'],
    ['Come at four thirty.', '4:30 p.m.'],
    ['Ven a las tres y media de la tarde.', '3:30 p.m.'],
    ['Ven a las cuatro menos cuarto.', '3:45 p.m.'],
    ['Ven a las cinco y veinte.', '5:20 p. m.'],
    ['Ven a la una.', '1:00 p.m.'],
    ['At noon, and again at midnight.', '12:00 p.m. and 12:00 a.m.'],
    ['A mediodía.', 'at noon'],
    ['Serve from 9 to 5.', '9 a.m. to 5 p.m.'],
    ['Before June 15th.', 'Before the 15th of June'],
    ['Before the fifteenth of June.', 'June 15'],
    ['Antes del 15 de junio.', 'June 15, 2026'],
    ['On 6/15.', 'June 15'],
    ['On the 15th.', 'the fifteenth of each month'],
    // Shares, mixtures, money.
    ['Use 50 ppm.', '50 parts per million'],
    ['Usa 50 partes por millón.', '50 ppm'],
    ['Usa veinte por ciento.', '20%'],
    ['Twenty percent of it.', '20 %'],
    ['Mix one to ten.', 'Mix it 1:10'],
    ['It costs fifteen dollars.', '$15'],
    ['It costs $1,500.', '1500 dollars'],
    ['Son mil quinientos dólares.', '$1,500.00'],
    ['You get 15 dollars an hour, twice a week.', '$15 per hour, 2 times a week'],
    // Weights, volumes, lengths, counts, fractions.
    ['It weighs two pounds.', '32 ounces'],
    ['Use 1/2 cup.', '½ cup'],
    ['Use one and a half cups.', '1 1/2 cups'],
    ['Use 1½ cups.', '1-1/2 cups'],
    ['Usa tres cuartos de taza.', '3/4 cup'],
    ['Fill it two thirds full.', 'llénelo a dos tercios'],
    ['Deja 1.500 mililitros.', '1.5 liters'],
    ['It is two point five inches.', '2.5 inches'],
    ['It is 5 feet 6 inches.', '66 inches'],
    ['Dos docenas de huevos.', '24 eggs'],
    ['Media docena.', '6 eggs'],
    ['Two thousand three hundred.', '2,300'],
    ['Se paga una vez y media.', 'one and a half times your rate'],
    // Numbers digit by digit.
    ['Call nine one one.', 'Call 911 first.'],
    ['Call 9-1-1.', 'Call 911 first.'],
    ['Call (555) 555-0134.', '555 555 0134'],
    ['Call five five five, zero one three four.', '555-0134'],
    // Other digits and other languages.
    ['سخّنه إلى ١٦٥ درجة لمدة ١٥ ثانية', 'Cook to 165 °F for 15 seconds.'],
    ['煮到１６５度，保持15秒。', 'Cook to 165 °F for 15 seconds.'],
    ['Faites cuire à 165 °F pendant 15 secondes.', 'Cook to 165 °F for 15 seconds.'],
    ['Nấu đến 165 độ F trong 15 giây.', 'Cook to 165 °F for 15 seconds.']
  ])('%s ← %s', (spoken, text) => {
    expect(marked(spoken, passage(text, /[áéíóúñ]/.test(text) ? 'es' : 'en'))).toEqual([])
  })
})

describe('unverifiedFigures marks a figure that no passage has', () => {
  it.each([
    ['Cook it to 165 degrees Celsius.', '165 °F (74 °C)', '165 degrees Celsius'],
    ['Cook it to 150 degrees.', '165 °F (74 °C)', '150 degrees'],
    ['Cocínalo a ciento sesenta grados, por favor.', '165 °F', 'ciento sesenta grados'],
    ['Keep it for 4 days.', '4 hours', '4 days'],
    ['Keep it for four hours.', '4 days', 'four hours'],
    ['Keep it within an hour.', '2 hours', 'an hour'],
    ['Espera media hora.', '20 minutes', 'media hora'],
    ['Espera una hora y media.', '1 hour', 'una hora y media'],
    ['It takes 12 minutes.', '10 to 15 minutes', '12 minutes'],
    ['Scrub for twenty-two seconds.', '20 seconds', 'twenty-two seconds'],
    ['Come at 4 p.m.', '4 hours', '4 p.m'],
    ['Come at 4 p.m.', '4 a.m.', '4 p.m'],
    ['Ven a las cuatro y media.', '4:00', 'cuatro y media'],
    ['Before June 16.', 'June 15', 'June 16'],
    ['Use 100 ppm.', '50 ppm', '100 ppm'],
    ['It is 20 percent.', '20 minutes', '20 percent'],
    ['It costs $20.', '$15', '$20'],
    ['It costs 15 dollars.', '15 minutes', '15 dollars'],
    ['Keep it at 10 °F.', '-10 °F', '10 °F'],
    ['Use three cups.', '2 cups', 'three cups'],
    ['Wash three pans.', 'Wash the pans.', 'three'],
    ['Call 555-0135.', 'Call 555-0134.', '555-0135'],
    ['煮到150度。', '165 °F', '150'],
    ['سخّنه إلى ١٥٠ درجة', '165 °F', '١٥٠'],
    ['It takes one hour.', '', 'one hour']
  ])('%s ← %s', (spoken, text, figure) => {
    expect(marked(spoken, passage(text))).toEqual([figure])
  })

  it('marks a figure of the question', () => {
    // The question is no passage.
    expect(marked('At 300 degrees it is done, then 165.', passage('Cook to 165 °F.'))).toEqual([
      '300 degrees'
    ])
  })

  it('marks every figure without a passage', () => {
    expect(marked('That is 165 °F.')).toEqual(['165 °F'])
  })

  it('accepts a figure of the title', () => {
    expect(marked('The 2-hour rule.', passage('Cool it fast.', 'en', 'The 2-hour rule'))).toEqual(
      []
    )
  })

  it('accepts a figure of another passage', () => {
    expect(
      marked('165 degrees for 15 seconds.', passage('165 °F'), passage('15 s; 15 seconds'))
    ).toEqual([])
  })
})

describe('unverifiedFigures ignores small words without a claim', () => {
  it.each([
    'One of them is enough. Ask one of the managers.',
    'Uno de los gerentes lo confirma. Una de las dos sirve.',
    'There are two things to know: use the two sinks, and wash both.',
    'Hay dos cosas que saber: usa los dos fregaderos.',
    'Once it is cool, put it away. Just a second.',
    'Ten cuidado con el aceite una vez que hierva.',
    'First wash, second rinse, third sanitize, fourth dry.',
    'Fill it half full.',
    'Take a day off when you are sick.',
    'Press F19 for the B12.',
    'You may start now, and march on.',
    'Guárdalo en el cuarto frío.',
    'Zero tolerance.',
    'On a third day it goes.'
  ])('%s', (spoken) => {
    expect(marked(spoken, passage('Nothing of it.'))).toEqual([])
  })
})

describe('unverifiedFigures of a streaming answer', () => {
  const streaming = (spoken: string, text: string) =>
    unverifiedFigures(spoken, [passage(text)], 'streaming').map(({ start, end }) =>
      spoken.slice(start, end)
    )

  it.each([
    'Cook it to 1',
    'Cook it to 150',
    'Cook it to 150 degr',
    'Wait one hour and',
    'Wait one hour and thirty',
    'That is 3.',
    'It is a hundred and'
  ])('does not mark the figure at the end of %j', (spoken) => {
    expect(streaming(spoken, '165 °F, 90 minutes')).toEqual([])
  })

  it('marks a figure as soon as the next words cannot change it', () => {
    expect(streaming('Cook it to 150 degrees. Then', '165 °F')).toEqual(['150 degrees'])
    expect(streaming('Cook it to 150 degrees and then let it', '165 °F')).toEqual(['150 degrees'])
  })

  it('never marks a part of a correct answer', () => {
    const spoken =
      'Cook it to one hundred and sixty-five degrees Fahrenheit for at least 15 seconds, then hold it one hour and ' +
      'thirty minutes at 135 °F. Come at half past three in the afternoon or on June 15th, and pay $1,500.50 or 2.5 %.'
    const given = passage(
      '165 °F (74 °C), 15 seconds. 90 minutes at 135 °F. At 3:30 p.m. or by June 15: $1,500.50, 2.5 %.'
    )
    for (let end = 0; end <= spoken.length; end += 1) {
      const so = spoken.slice(0, end)
      expect([so, unverifiedFigures(so, [given], 'streaming')]).toEqual([so, []])
    }
    expect(marked(spoken, given)).toEqual([])
  })
})

describe('unverifiedFigures for any number', () => {
  const number = fc.integer({ min: 2, max: 9_999 })
  const units: [string, string, string][] = [
    ['°F', 'degrees Fahrenheit', 'grados Fahrenheit'],
    ['°C', 'degrees Celsius', 'grados centígrados'],
    ['h', 'hours', 'horas'],
    ['min', 'minutes', 'minutos'],
    ['%', 'percent', 'por ciento'],
    ['ppm', 'parts per million', 'partes por millón'],
    ['lb', 'pounds', 'libras'],
    ['ml', 'milliliters', 'mililitros'],
    ['days', 'days', 'días']
  ]
  const unit = fc.constantFrom(...units)

  it('equates words of both languages and digits, and marks another number', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 50 }), unit, (value, more, [sign, en, es]) => {
        const figures = [
          [`${inEnglish(value)} ${en}`, 'It is the limit of'],
          [`${inSpanish(value)} ${es}`, 'El límite es de'],
          [`${value} ${es}`, 'El límite es de']
        ]
        for (const [figure = '', before] of figures) {
          const spoken = `${before} ${figure}.`
          expect([spoken, marked(spoken, passage(`${value} ${sign}`))]).toEqual([spoken, []])
          const other = marked(spoken, passage(`${value + more} ${sign}`))
          expect([spoken, other]).toEqual([spoken, [figure]])
        }
        const written = passage(`${inSpanish(value)} ${es}`, 'es')
        expect(marked(`${value} ${sign}`, written)).toEqual([])
      })
    )
  })

  it('marks another unit', () => {
    const others = fc.uniqueArray(unit, { minLength: 2, maxLength: 2, selector: ([sign]) => sign })
    fc.assert(
      fc.property(number, others, (value, [[, said] = ['', ''], [written] = ['']]) => {
        // Two units of time are never equal for one number.
        expect(marked(`${value} ${said}`, passage(`${value} ${written}`))).toEqual([
          `${value} ${said}`
        ])
      })
    )
  })

  it('equates both decimal separators and the digits of another script', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 9 }), (value, tenth) => {
        const arabic = String(value).replaceAll(/\d/g, (digit) =>
          String.fromCharCode(0x0660 + Number(digit))
        )
        expect(marked(`${value},${tenth} %`, passage(`${value}.${tenth} percent`))).toEqual([])
        expect(marked(`${arabic} %`, passage(`${value} percent`))).toEqual([])
        expect(marked(value.toLocaleString('de'), passage(value.toLocaleString('en')))).toEqual([])
      })
    )
  })
})

describe('unverifiedFigures for any text', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom(
      ...'one two half quarter past to and a an hour hours y media hora las la 3 4:30 10-15 1/2 ½ $ % °F p.m. a. m. , . - minus menos June de junio twice docena hundred mil thousand point coma third 5 5 5 0 twenty veinte once ten F C oz'.split(
        ' '
      ),
      ...['\n', '|', '**', '١٦٥', '１６５', '\ud800', '\u0000', '1,500', '999999999999999999999']
    )
  )
  const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(' '))

  it('accepts the figures of a text against the text itself', () => {
    fc.assert(
      fc.property(text, fc.constantFrom<Language>('en', 'es'), (spoken, language) => {
        expect(marked(spoken, passage(spoken, language))).toEqual([])
      }),
      { numRuns: 2_000 }
    )
  })

  it('marks in order, within the text, and without overlap', () => {
    fc.assert(
      fc.property(text, (spoken) => {
        let last = 0
        for (const { start, end } of unverifiedFigures(spoken, [])) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          last = end
        }
        expect(last).toBeLessThanOrEqual(spoken.length)
      }),
      { numRuns: 2_000 }
    )
  })

  it('takes linear time', () => {
    const startedMs = performance.now()
    for (const piece of ['one ', '10 ', 'a ', '1/', '- ', 'twenty-', 'y media ', '((', '9', '1,']) {
      unverifiedFigures(piece.repeat(4_000), [passage(piece.repeat(4_000))])
    }
    expect(performance.now() - startedMs).toBeLessThan(20_000)
  })
})

describe('on the sample handbook', () => {
  it('accepts the figures of a translation, and marks most figures of another section', async () => {
    const { groups } = await readHandbookFolder(HANDBOOK_FOLDER)
    const written = groups.flatMap(({ sections }) =>
      sections.flatMap(({ slug, texts }) => {
        const { en, es } = texts
        return en === undefined || es === undefined
          ? []
          : [{ slug, en: passage(en.content), es: passage(es.content, 'es') }]
      })
    )
    expect(written.length).toBeGreaterThan(60)
    let [figures, unsupported] = [0, 0]
    for (const [at, { slug, en, es }] of written.entries()) {
      expect([slug, marked(en.text, es), marked(es.text, en)]).toEqual([slug, [], []])
      figures += marked(en.text).length
      unsupported += marked(en.text, written[(at + 17) % written.length]?.en ?? en).length
    }
    expect(figures).toBeGreaterThan(300)
    expect(unsupported / figures).toBeGreaterThan(0.7)
  })
})

const COOKING = passage(
  '## Poultry\n\nCook **chicken** to 165 °F (74 °C) — in the “thickest” part.\n\n' +
    '| Food | Heat | Time |\n|---|---|---|\n| Salmón | 145 °F | 15 seconds |\n\n' +
    '1. Wash your hands.\n2. See [the chart](https://example.com/chart) on the wall.\n'
)

describe('checkQuote accepts', () => {
  it.each([
    'Cook chicken to 165 °F (74 °C) — in the “thickest” part.',
    'cook CHICKEN to 165 ºF (74 ºC) - in the "thickest" part',
    'Cook **chicken** to 165 °F',
    '  Cook\n chicken   to 165 °F ',
    'Salmón | 145 °F | 15 seconds',
    '| Salmon | 145 °F | 15 seconds |',
    'Wash your hands.',
    '1. Wash your hands.',
    'See the chart on the wall.'
  ])('a quote with other marks: %j', (quote) => {
    expect(checkQuote(quote, [passage('Other.'), COOKING])).toBe(true)
  })

  it('any run of words of a passage, in any case and with any spaces', () => {
    const words = fc.array(
      fc.constantFrom('Cook', 'chicken', 'to', '165', '°F', 'niño', 'two', 'hours', '4:30', '1/2'),
      { minLength: 4, maxLength: 20 }
    )
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (all, from, count) => {
        const start = from % (all.length - 1)
        const quote = all.slice(start, start + 2 + (count % 6))
        const given = passage(`# ${all.join(' ')}`)
        expect(checkQuote(quote.join('\n').toUpperCase(), [given])).toBe(true)
        expect(checkQuote([...quote, 'zamboni'].join(' '), [given])).toBe(false)
      })
    )
  })
})

describe('checkQuote refuses a quote', () => {
  it.each([
    ['of no passage', 'Chicken is done when the juices run clear.'],
    ['with another figure', 'Cook chicken to 150 °F'],
    ['with a part of a figure', 'chicken to 16'],
    ['with a word left out', 'Cook to 165 °F'],
    ['of another restaurant’s text', 'El trompo gira a 165 grados toda la noche.'],
    ['of 5,000 characters', 'Cook chicken to 165 °F. '.repeat(210)],
    ['of one word', 'chicken'],
    ['without words', ''],
    ['of marks only', '**—** | "…"'],
    ['across two passages', 'Other. Cook chicken']
  ])('%s', (_what, quote) => {
    expect(checkQuote(quote, [passage('Other.'), COOKING])).toBe(false)
  })

  it('without a passage', () => {
    expect(checkQuote('Wash your hands.', [])).toBe(false)
  })
})
