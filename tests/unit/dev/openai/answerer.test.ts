// Tests the answerer: its search, its quotation and its report.
import { describe, expect, test } from 'vitest'
import { FALSE_FIGURE, FALSE_QUOTE, withFault } from '../../../../dev/openai/answer-fault.ts'
import { type Answer, decide } from '../../../../dev/openai/answerer.ts'
import type { ModelView, ViewItem } from '../../../../dev/openai/model-view.ts'
import { restated } from '../../../../dev/openai/restatement.ts'
import { sentencesOf } from '../../../../dev/openai/sentence.ts'
import { spokenForm } from '../../../../dev/openai/spoken-form.ts'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../../../dev/supabase/handbook-files.ts'
import { checkQuote, unverifiedFigures } from '../../../../src/shared/answer-check.ts'
import { LANGUAGES } from '../../../../src/shared/language.ts'
import { splitIntoPassages } from '../../../../supabase/functions/_shared/passages.ts'

const text = { type: 'string' }
const toolWith = (properties: object, name = 'search_handbook') => ({
  type: 'function' as const,
  name,
  parameters: { type: 'object', properties }
})
const search = toolWith({ sections: { type: 'array' }, question: text, restated: text })
const report = toolWith({ found: { type: 'boolean' }, sources: { type: 'array' } }, 'report_answer')

const typed = (words: string): ViewItem => ({ kind: 'user', text: words, recognition: 'typed' })
const output = (value: object | string): ViewItem => ({
  kind: 'output',
  callId: 'call_1',
  output: typeof value === 'string' ? value : JSON.stringify(value)
})
const view = (items: readonly ViewItem[], patch: Partial<ModelView> = {}): ModelView => ({
  language: 'en',
  tools: [search, report],
  toolChoice: 'auto',
  items,
  ...patch
})
const passage = (section: string, title: string, content: string, more: object = {}) => ({
  section,
  title,
  language: 'en',
  text: content,
  ...more
})
const POULTRY = passage(
  'cooking-temperatures',
  'Cooking temperatures',
  'Ground beef needs 155 °F for 17 seconds. Cook chicken and turkey to **165 °F** for\n15 seconds. Wash the probe after each use.'
)
const WALK_IN = passage(
  'walk-in',
  'Walk-in order',
  'Raw chicken goes on the lowest shelf.\n\n| Food | Shelf |\n|---|---|\n| Fish | third |'
)

const answered = (
  question: string,
  result: object | string,
  patch: Partial<ModelView> = {}
): Answer => {
  const decision = decide(view([typed(question), output(result)], patch))
  if (decision.kind !== 'say') throw new Error(`It called ${decision.name}.`)
  return decision
}
const found = (...passages: object[]) => ({ found: true, note: 'Only the nearest.', passages })
const spoken = ({ pieces }: Answer): string => pieces.map((piece) => piece.text).join(' ')
const reported = ({ call }: Answer): unknown =>
  call === null ? null : JSON.parse(call.argumentsJson)
const NO = { found: false, sources: [] }

describe('decide', () => {
  test('searches with the question and names no section', () => {
    expect(decide(view([typed('Is the chicken in the cooler okay?')]))).toEqual({
      kind: 'call',
      name: 'search_handbook',
      argumentsJson: JSON.stringify({
        sections: [],
        question: 'Is the chicken in the cooler okay?',
        restated: 'Is the chicken in the cooler okay?'
      })
    })
  })

  test.each([
    ['query', { n: { type: 'number' }, query: text }],
    ['place', { n: { type: 'number' }, place: text, other: text }]
  ])('puts the question into %s for another client', (name, properties) => {
    const tools = [toolWith(properties, 'lookup')]
    expect(decide(view([typed('Where?')], { tools }))).toMatchObject({
      name: 'lookup',
      argumentsJson: JSON.stringify({ [name]: 'Where?' })
    })
  })

  test('answers a greeting, unless a search is forced', () => {
    expect(decide(view([typed('Hello!')])).kind).toBe('say')
    expect(decide(view([typed('Hello!')], { toolChoice: 'required' })).kind).toBe('call')
  })

  test.each(['auto', 'required'] as const)(
    'asks again for an unrecognised question (%s)',
    (toolChoice) => {
      const unclear: ViewItem = { kind: 'user', text: null, recognition: 'unclear' }
      expect(decide(view([unclear], { toolChoice }))).toMatchObject({
        pieces: [{ text: expect.stringContaining('did not catch') }]
      })
    }
  )
})

describe('an answer', () => {
  test('quotes the sentence that covers most of the question', () => {
    const answer = answered('How hot does chicken have to be?', found(WALK_IN, POULTRY))
    expect(spoken(answer)).toBe('Cook chicken and turkey to 165 °F for 15 seconds.')
    expect(reported(answer)).toEqual({
      found: true,
      sources: [
        {
          section: 'cooking-temperatures',
          quote: 'Cook chicken and turkey to **165 °F** for 15 seconds.'
        }
      ]
    })
  })

  test('quotes a table row', () => {
    const answer = answered('Which shelf is for fish?', found(POULTRY, WALK_IN))
    expect(spoken(answer)).toBe('Fish: third.')
    expect(reported(answer)).toMatchObject({
      sources: [{ section: 'walk-in', quote: '| Fish | third |' }]
    })
  })

  test('includes the opening line of a list item', () => {
    const list = passage('stuffed', 'Stuffed', 'Cook these to 165 °F:\n\n- Duck\n- Stuffed cod')
    const answer = answered('How hot for stuffed cod?', found(list))
    expect(spoken(answer)).toBe('Cook these to 165 °F: Stuffed cod.')
    expect(reported(answer)).toMatchObject({
      sources: [{ quote: 'Cook these to 165 °F:' }, { quote: 'Stuffed cod' }]
    })
    // One word is no quote.
    expect(reported(answered('How hot for duck?', found(list)))).toMatchObject({
      sources: [{ quote: 'Cook these to 165 °F:' }]
    })
  })

  test.each([
    ['little of the question is covered', 'What is the wifi password?', found(POULTRY, WALK_IN)],
    ['nothing was found', 'How hot is chicken?', { found: false, passages: [] }]
  ])('is "not in the handbook", also in its report, when %s', (_, question, result) => {
    const answer = answered(question, result)
    expect(spoken(answer)).toContain('not in the handbook')
    expect(reported(answer)).toEqual(NO)
  })

  test('has no report when the search failed or the report tool is not available', () => {
    const failed = answered('How hot?', { found: false, error: 'search_timeout', passages: [] })
    expect(spoken(failed)).toContain('could not reach')
    expect(reported(failed)).toBeNull()
    const question = 'How hot does chicken have to be?'
    expect(answered(question, found(POULTRY), { toolChoice: 'none' }).call).toBeNull()
    expect(answered(question, found(POULTRY), { tools: [search] }).call).toBeNull()
  })

  test.each([
    ['en', 'Check with a manager first.'],
    ['es', 'Confírmalo antes con un encargado.']
  ] as const)('names a manager when the passage has a caution (%s)', (language, said) => {
    const nuts = passage('allergens', 'Allergens', 'The mole has nuts.', { caution: 'Also tell …' })
    const answer = answered('Does the mole have nuts?', found(nuts), { language })
    expect(answer.pieces.at(-1)).toEqual({ text: said, language })
  })

  test('announces a passage in the other language and quotes it', () => {
    const answer = answered('¿A qué temperatura va el pollo?', found(POULTRY), { language: 'es' })
    expect(answer.pieces).toMatchObject([
      { language: 'es', text: expect.stringContaining('solo en inglés') },
      { language: 'en', text: expect.stringContaining('165 °F') }
    ])
  })

  test('repeats the plain text of another tool', () => {
    const weather = 'It is sunny in Boston.'
    expect(spoken(answered('What is the weather?', weather))).toBe(weather)
  })

  test('uses the last question only, and no receipt of a report', () => {
    const first = [typed('How hot?'), output(found(POULTRY))]
    expect(decide(view([...first, typed('Why?')])).kind).toBe('call')
    const receipt: ViewItem[] = [
      { kind: 'call', callId: 'call_2', name: 'report_answer' },
      { kind: 'output', callId: 'call_2', output: '{"received":true}' }
    ]
    const items = [typed('What is the wifi?'), output({ found: false, passages: [] }), ...receipt]
    expect(decide(view(items, { toolChoice: 'none' }))).toMatchObject({
      pieces: [{ text: expect.stringContaining('not in the handbook') }]
    })
  })
})

test('restates slang and misheard words, and keeps all others', () => {
  expect(restated('How long does the Birria keep?', 'en')).toBe('How long does the Birria keep?')
  expect(restated('¿El poyo va en el refri?', 'es')).toBe('¿El pollo va en el refrigerador?')
})

test('addresses people with tú in Spanish', () => {
  const phrases = [
    [typed('Hola')],
    [typed('¿Cuál es la contraseña?'), output({ found: false, passages: [] })],
    [typed('¿Cuál?'), output({ found: false, error: 'search_timeout', passages: [] })],
    [{ kind: 'user', text: null, recognition: 'unclear' }],
    [{ kind: 'user', text: null, recognition: 'unable' }],
    []
  ].map((items) => {
    const decision = decide(view(items as ViewItem[], { language: 'es' }))
    return decision.kind === 'say' ? spoken(decision) : ''
  })
  for (const sentence of phrases) expect(sentence).not.toBe('')
  expect(phrases.join(' ')).not.toMatch(
    /\b(?:usted|su|le|quiera|quiere|pregunt[eé](?:me)?|repita|escriba|inténtelo)\b/i
  )
})

test('takes every quote and figure from its passage in the sample handbook', async () => {
  const { groups } = await readHandbookFolder(HANDBOOK_FOLDER)
  const passages = groups
    .flatMap(({ sections }) => sections.map(({ texts }) => texts))
    .flatMap((texts) => LANGUAGES.map((language) => ({ language, ...texts[language] })))
    .flatMap(({ title = '', content = '', language }) =>
      splitIntoPassages(content).map(({ heading, text }) => ({ title, heading, text, language }))
    )
  expect(passages.length).toBeGreaterThan(100)
  for (const checked of passages) {
    for (const sentence of sentencesOf(checked.text)) {
      expect(checkQuote(sentence.quote, [checked]), sentence.quote).toBe(true)
      expect(unverifiedFigures(sentence.text, [checked]), sentence.text).toEqual([])
    }
  }
})

describe('withFault', () => {
  const answer = answered('How hot does chicken have to be?', found(POULTRY))

  test('adds a figure or a quote that is in no passage, or removes the report', () => {
    expect(spoken(withFault(answer, 'false_figure'))).toContain(`165 °F for 15 seconds. It takes`)
    expect(spoken(withFault(answer, 'false_figure'))).toContain(FALSE_FIGURE)
    expect(reported(withFault(answer, 'false_quote'))).toEqual({
      found: true,
      sources: [{ section: 'cooking-temperatures', quote: FALSE_QUOTE }]
    })
    expect(withFault(answer, 'no_report')).toEqual({ ...answer, call: null })
  })
})

test.each([
  ['Cook to 165 °F (74 °C).', 'en', 'Cook to 165 degrees Fahrenheit (74 degrees Celsius).'],
  ['Enfríe a 41 °F en 2–4 horas.', 'es', 'Enfríe a 41 grados Fahrenheit en 2 a 4 horas.'],
  ['Use 200 ppm & rinse 50%.', 'en', 'Use 200 parts per million and rinse 50 percent.']
] as const)('spells %s for the voice', (written, language, said) => {
  expect(spokenForm(written, language)).toBe(said)
})
