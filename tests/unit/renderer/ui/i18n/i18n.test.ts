// Every word in both languages, and something to say and to press for everything that can go wrong.
import { describe, expect, test } from 'vitest'
import { failureAction } from '../../../../../src/renderer/app/failure-action.ts'
import { en } from '../../../../../src/renderer/ui/i18n/en.ts'
import { es } from '../../../../../src/renderer/ui/i18n/es.ts'
import {
  type FailureCode,
  MAIN_FAILURE_CODES,
  RENDERER_FAILURE_CODES
} from '../../../../../src/shared/failure.ts'

const flatten = (table: object, path = ''): Record<string, string> =>
  Object.fromEntries(
    Object.entries(table).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[`${path}${key}`, value]]
        : Object.entries(flatten(value, `${path}${key}.`))
    )
  )

const english = flatten(en)
const spanish = flatten(es)
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([all]) => all).sort()

test('both languages have the same keys, none of them empty', () => {
  expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort())
  for (const text of [...Object.values(english), ...Object.values(spanish)]) {
    expect(text.trim()).not.toBe('')
  }
})

test('both languages fill in the same values', () => {
  for (const [key, text] of Object.entries(english)) {
    expect(placeholders(spanish[key] ?? ''), key).toEqual(placeholders(text))
  }
})

describe.each([...MAIN_FAILURE_CODES, ...RENDERER_FAILURE_CODES] as FailureCode[])(
  'the failure %s',
  (code) => {
    test('has a sentence and an action in both languages, and the action does something', () => {
      for (const table of [en, es]) {
        expect(table.failure[code].sentence).toMatch(/[.]$/)
        expect(table.failure[code].action.length).toBeGreaterThan(1)
        // The button stands beside its sentence on a small screen.
        expect(table.failure[code].action.length).toBeLessThanOrEqual(18)
      }
      expect(failureAction(code)).toBeTruthy()
    })
  }
)

test('every hint is a whole sentence that fits beside the button', () => {
  for (const table of [en, es]) {
    for (const [code, sentence] of Object.entries(table.hint)) {
      expect(sentence, code).toMatch(/[.]$/)
      // Three lines under the talk button.
      expect(sentence.length, code).toBeLessThanOrEqual(80)
    }
  }
})
