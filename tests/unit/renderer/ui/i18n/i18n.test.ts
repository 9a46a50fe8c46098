// The two tables of screen texts.
import { expect, test } from 'vitest'
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

test('has the same keys in both languages, none of them empty', () => {
  expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort())
  for (const text of [...Object.values(english), ...Object.values(spanish)]) {
    expect(text.trim()).not.toBe('')
  }
})

test('fills in the same values in both languages', () => {
  for (const [key, text] of Object.entries(english)) {
    expect(placeholders(spanish[key] ?? ''), key).toEqual(placeholders(text))
  }
})

test.each([...MAIN_FAILURE_CODES, ...RENDERER_FAILURE_CODES] as FailureCode[])(
  'has a sentence in both languages and an action for the failure %s',
  (code) => {
    for (const table of [en, es]) expect(table.failure[code]).toMatch(/[.]$/)
    expect(failureAction(code)).toBeTruthy()
  }
)

test('keeps the labels of a failure short enough to stand beside its sentence', () => {
  for (const table of [en, es]) {
    for (const label of Object.values(table.failure_button)) {
      expect(label.length, label).toBeGreaterThan(1)
      expect(label.length, label).toBeLessThanOrEqual(18)
    }
  }
})

test('has hints that are whole sentences and fit beside the button', () => {
  for (const table of [en, es]) {
    for (const [code, sentence] of Object.entries(table.hint)) {
      expect(sentence, code).toMatch(/[.]$/)
      // Three lines under the talk button.
      expect(sentence.length, code).toBeLessThanOrEqual(80)
    }
  }
})
