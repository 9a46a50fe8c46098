// What the model does: when it searches, what it quotes, and what it says when it cannot.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fromProject } from '../../../local/paths.ts'
import { decide, quotesFrom } from '../../../local/realtime/answerer.ts'
import type { ModelView, ViewItem } from '../../../local/realtime/model-view.ts'
import { spokenForm } from '../../../local/realtime/spoken-form.ts'
import type { ReadPassage } from '../../../local/realtime/tool-result.ts'

const search = {
  type: 'function' as const,
  name: 'search_handbook',
  parameters: { type: 'object', properties: { query: { type: 'string' } } }
}
const typed = (text: string): ViewItem => ({ kind: 'user', text, hearing: 'typed' })
const output = (value: object | string): ViewItem => ({
  kind: 'output',
  callId: 'call_1',
  output: typeof value === 'string' ? value : JSON.stringify(value)
})
const view = (items: readonly ViewItem[], patch: Partial<ModelView> = {}): ModelView => ({
  language: 'en',
  tools: [search],
  toolChoice: 'auto',
  items,
  ...patch
})
const spoken = (modelView: ModelView): string => {
  const decision = decide(modelView)
  if (decision.kind !== 'say') throw new Error(`It called ${decision.name}.`)
  return decision.pieces.map(({ text }) => text).join(' ')
}
const quote = (question: string, passages: readonly ReadPassage[]): string[] =>
  quotesFrom(question, passages).map(({ text }) => text)
const passage = (text: string, language: 'en' | 'es' = 'en', section = 'Cooking') => ({
  section,
  language,
  text
})

describe('a question', () => {
  test('is searched for in its own words', () => {
    expect(decide(view([typed('How hot does chicken have to be?')]))).toEqual({
      kind: 'call',
      name: 'search_handbook',
      argumentsJson: '{"query":"How hot does chicken have to be?"}'
    })
  })

  test('that is a greeting is greeted, unless a search is forced', () => {
    expect(spoken(view([typed('Hello!')]))).toContain('Hello')
    expect(decide(view([typed('Hello!')], { toolChoice: 'required' })).kind).toBe('call')
  })

  test('goes in the text that another tool asks for', () => {
    const tool = {
      ...search,
      name: 'lookup',
      parameters: {
        type: 'object',
        properties: { n: { type: 'number' }, text: { type: 'string' } }
      }
    }
    expect(decide(view([typed('Where?')], { tools: [tool] }))).toMatchObject({
      name: 'lookup',
      argumentsJson: '{"text":"Where?"}'
    })
  })

  test.each(['auto', 'required'] as const)(
    'that was not understood is asked for again, not invented (%s)',
    (toolChoice) => {
      const item: ViewItem = { kind: 'user', text: null, hearing: 'unclear' }
      expect(spoken(view([item], { toolChoice }))).toContain('did not catch')
    }
  )

  test('in Spanish that cannot be heard is told so in Spanish', () => {
    const item: ViewItem = { kind: 'user', text: null, hearing: 'unable' }
    expect(spoken(view([item], { language: 'es' }))).toContain('inglés')
  })
})

test('in Spanish a person is tú, as on the screen', () => {
  const said = [
    [typed('Hola')],
    [typed('¿Cuál es la contraseña?'), output({ found: false, passages: [] })],
    [typed('¿Cuál?'), output({ found: false, error: 'search_timeout', passages: [] })],
    [{ kind: 'user', text: null, hearing: 'unclear' }],
    [{ kind: 'user', text: null, hearing: 'unable' }],
    []
  ].map((items) => spoken(view(items as ViewItem[], { language: 'es' })))
  expect(said.map((sentence) => sentence.split(' ').at(-1))).toEqual([
    'manual.',
    'encargado.',
    'encargado.',
    'pregunta.',
    'pregunta.',
    'saber?'
  ])
  expect(said.join(' ')).not.toMatch(
    /\b(?:usted|su|le|quiera|quiere|pregunt[eé](?:me)?|repita|escriba|inténtelo)\b/i
  )
})

describe('an answer', () => {
  const text =
    'Ground beef needs 155 °F for 17 seconds. Cook chicken and turkey to **165 °F** for 15 seconds. Check the thickest part with a probe. Wash the probe after each use.'

  test('quotes the sentence with the figure first, and says what follows it', () => {
    const items = [
      typed('How hot does chicken have to be?'),
      output({ found: true, passages: [passage(text)] })
    ]
    const answer = spoken(view(items))
    expect(answer).toContain('Cook chicken and turkey to 165 °F for 15 seconds.')
    expect(answer).not.toContain('155')
    expect(answer).not.toContain('*')
  })

  test('prefers the sentence with the kind of figure that was asked for', () => {
    const breaks =
      'Every cook has a break in the afternoon. The break of a cook is in the staff room. The break lasts 30 minutes.'
    const asked = (question: string) =>
      quote(question, [{ section: 'Shifts', language: 'en', text: breaks }])
    expect(asked('How long is the break?')).toEqual(['The break lasts 30 minutes.'])
    expect(asked('Where is the break of a cook?')[0]).toContain('Every cook')
  })

  test('about how hot something is to be is not about the hot box', () => {
    const file = fromProject('supabase/handbook/harbor-and-rye/en/cooking-temperatures.md')
    const text = readFileSync(file, 'utf8').replace(/^---[\s\S]*?\n---\n/, '')
    expect(quote('How hot does chicken have to be?', [passage(text)])[0]).toContain('165 °F')
  })

  test('has at most three sentences, each of them from the passages', () => {
    const sentences = quote('chicken turkey beef probe', [
      { section: 'Cooking', language: 'en', text }
    ])
    expect(sentences.length).toBeLessThanOrEqual(3)
    for (const sentence of sentences) expect(text.replaceAll('**', '')).toContain(sentence)
  })

  test('keeps the line that a list belongs to', () => {
    const list = 'Cook these to 165 °F:\n\n- Chicken\n- Stuffed fish\n\nKeep the lid on.'
    const items = [
      typed('How hot for stuffed fish?'),
      output({ found: true, passages: [passage(list)] })
    ]
    expect(spoken(view(items))).toContain('Cook these to 165 °F: Stuffed fish.')
  })

  test('says that the handbook does not say', () => {
    const items = [typed('What is the wifi password?'), output({ found: false, passages: [] })]
    expect(spoken(view(items))).toContain('not in the handbook')
    expect(spoken(view(items, { language: 'es' }))).toContain('no está en el manual')
  })

  test('says that the handbook could not be reached', () => {
    const items = [
      typed('How hot?'),
      output({ found: false, error: 'search_timeout', passages: [] })
    ]
    expect(spoken(view(items))).toContain('could not reach')
  })

  test('says so when the handbook has it in the other language only, and reads it in that', () => {
    const items = [
      typed('¿A qué temperatura va el pollo?'),
      output({ found: true, passages: [passage('Cook chicken to 165 °F.')] })
    ]
    const decision = decide(view(items, { language: 'es' }))
    expect(decision).toMatchObject({
      pieces: [
        { language: 'es', text: expect.stringContaining('solo en inglés') },
        { language: 'en', text: 'Cook chicken to 165 °F.' }
      ]
    })
  })

  test("takes another client's plain text as it is", () => {
    const items = [typed('What is the weather?'), output('It is sunny in Boston.')]
    expect(spoken(view(items))).toBe('It is sunny in Boston.')
  })

  test('belongs to the last question only', () => {
    const items = [
      typed('How hot?'),
      output({ found: true, passages: [passage('165 °F.')] }),
      typed('Why?')
    ]
    expect(decide(view(items)).kind).toBe('call')
  })
})

describe('an answer in a session that takes its report', () => {
  const report = { type: 'function' as const, name: 'report_answer' }
  const CHICKEN = {
    slug: 'cooking-temperatures',
    section: 'Cooking temperatures',
    language: 'en',
    text: 'Cook chicken and turkey to 165 °F for 15 seconds. Ground beef needs 155 °F.'
  }
  const WALK_IN = {
    slug: 'walk-in',
    section: 'Walk-in order',
    language: 'en',
    text: 'Raw chicken goes on the lowest shelf. Fish goes above it.'
  }
  const NOTE = 'The handbook may not say this exactly.'
  const asked = (question: string, result: object, patch: Partial<ModelView> = {}) =>
    decide(view([typed(question), output(result)], { tools: [search, report], ...patch }))
  const reportIn = (decision: ReturnType<typeof decide>): unknown =>
    decision.kind === 'say' && decision.call !== null
      ? { name: decision.call.name, ...JSON.parse(decision.call.argumentsJson) }
      : null
  const found = (sections: string[]) => ({ name: 'report_answer', found: true, sections })
  const NOT_FOUND = { name: 'report_answer', found: false, sections: [] }

  test('is followed by the sections that were quoted, and by no other', () => {
    const passages = [CHICKEN, WALK_IN]
    const question = 'How hot does chicken have to be?'
    expect(reportIn(asked(question, { found: true, passages }))).toEqual(
      found(['cooking-temperatures'])
    )
    expect(reportIn(asked(question, { found: true, note: NOTE, passages }))).toEqual(
      found(['cooking-temperatures'])
    )
  })

  test.each([
    ['what it is about is in none of them', 'How hot does rabbit have to be?'],
    ['the figure that it asks for is in none of them', 'How long may chicken stay in the walk-in?']
  ])('is no, and reported as no, where a warning comes with the passages and %s', (_, question) => {
    const passages = [WALK_IN, { ...CHICKEN, text: 'Chicken is cooked through.' }]
    const decision = asked(question, { found: true, note: NOTE, passages })
    expect(reportIn(decision)).toEqual(NOT_FOUND)
    expect(decision).toMatchObject({
      pieces: [{ text: expect.stringContaining('not in the handbook') }]
    })
    // Nobody has warned: what was found is what there is.
    expect(reportIn(asked(question, { found: true, passages }))).toMatchObject({ found: true })
  })

  test('is reported as no where nothing was found, and not at all where nothing was read', () => {
    expect(reportIn(asked('What is the wifi?', { found: false, passages: [] }))).toEqual(NOT_FOUND)
    const failed = { found: false, error: 'search_timeout', passages: [] }
    expect(asked('What is the wifi?', failed)).toMatchObject({ kind: 'say', call: null })
    expect(asked('Hello!', failed, { items: [typed('Hello!')] })).toMatchObject({ call: null })
  })

  test('is not reported where no tool may be called, or there is none for it', () => {
    const result = { found: true, passages: [CHICKEN] }
    expect(asked('How hot is chicken?', result, { toolChoice: 'none' })).toMatchObject({
      kind: 'say',
      call: null
    })
    expect(asked('How hot is chicken?', result, { tools: [search] })).toMatchObject({ call: null })
  })

  test('is not taken from the receipt of a report', () => {
    const items: ViewItem[] = [
      typed('What is the wifi password?'),
      output({ found: false, passages: [] }),
      { kind: 'call', callId: 'call_2', name: 'report_answer' },
      { kind: 'output', callId: 'call_2', output: '{"received":true}' }
    ]
    expect(spoken(view(items, { tools: [search, report], toolChoice: 'none' }))).toContain(
      'not in the handbook'
    )
  })

  test('is searched for with the search, whichever tool comes first', () => {
    expect(decide(view([typed('How hot is chicken?')], { tools: [report, search] }))).toMatchObject(
      { kind: 'call', name: 'search_handbook' }
    )
  })
})

test.each([
  ['Cook to 165 °F (74 °C).', 'en', 'Cook to 165 degrees Fahrenheit (74 degrees Celsius).'],
  ['Enfríe a 41 °F en 2–4 horas.', 'es', 'Enfríe a 41 grados Fahrenheit en 2 a 4 horas.'],
  ['Use 200 ppm & rinse 50%.', 'en', 'Use 200 parts per million and rinse 50 percent.']
] as const)('the voice says %s in words', (written, language, said) => {
  expect(spokenForm(written, language)).toBe(said)
})
