// Tests the lexical embeddings.
import { describe, expect, test } from 'vitest'
import { embed } from '../../../../dev/openai/lexical-embeddings.ts'

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
const near = (a: string, b: string): number => cosine(embed(a, 1_536), embed(b, 1_536))

const SECTIONS = [
  'Cook chicken and turkey to 165 °F. Check the thickest part with the thermometer.',
  'Wash your hands for 20 seconds with warm water and soap.',
  'Cool soup from 135 °F to 70 °F within 2 hours.',
  'The schedule is posted on Friday for the next two weeks.',
  'Change your gloves after touching raw meat.'
]

describe('an embedding', () => {
  test('has a space for each model, with the same distances', () => {
    const LARGE = 'text-embedding-3-large'
    const [soup, question] = ['Cool soup within 2 hours.', 'How fast do I cool soup?']
    const same = cosine(embed(soup, 1_536), embed(soup, 1_536, LARGE))
    expect(Math.abs(same)).toBeLessThan(0.1)
    const first = near(soup, question)
    const other = cosine(embed(soup, 1_536, LARGE), embed(question, 1_536, LARGE))
    expect(first).toBeGreaterThan(0.3)
    expect(Math.abs(first - other)).toBeLessThan(0.1)
  })

  test.each([1, 256, 1_536, 3_072])('has length one in %i dimensions', (dimensions) => {
    expect(Math.hypot(...embed('How hot is the soup?', dimensions))).toBeCloseTo(1, 5)
  })

  test('has length one for a text without words', () => {
    expect(Math.hypot(...embed('…', 64))).toBeCloseTo(1, 5)
  })

  test('is the same for the same text', () => {
    expect(embed('¿Dónde está la caja?', 512)).toEqual(embed('¿Dónde está la caja?', 512))
  })

  test.each([
    ['How hot does chicken have to be?', 0],
    ['washing hands', 1],
    ['cooling down soups', 2],
    ['When are schedules posted?', 3],
    ['Do I need new gloves?', 4],
    ['¿A qué temperatura se cocina el pollo?', 0],
    ['¿Cuánto tiempo me lavo las manos?', 1],
    ['¿Cómo enfrío la sopa?', 2],
    ['¿Cuándo sale el horario?', 3],
    ['¿Cuándo cambio los guantes?', 4]
  ])('is nearest to the section that answers "%s"', (question, expected) => {
    const scores = SECTIONS.map((section) => near(question, section))
    expect(scores.indexOf(Math.max(...scores))).toBe(expected)
  })

  test('ignores accents and endings', () => {
    expect(near('refrigeración del pollo', 'refrigeracion de pollos')).toBeGreaterThan(0.7)
  })
})
