import { expect, it } from 'vitest'
import { anchorOf, placeOf } from '../../../src/shared/headings.ts'
import { splitIntoPassages } from '../../../supabase/functions/_shared/passages.ts'

it.each([
  [['Storage', 'Walk-in: "días"'], 'storage/walk-in-dias'],
  [[], ''],
  [['  ¿Qué?  '], 'que'],
  [['165 °F (74 °C)'], '165-f-74-c'],
  [['冷藏'], '冷藏']
])('maps the path %j to the anchor %j, as the backend does', (path, anchor) => {
  expect(anchorOf(path.map((name, at) => ({ level: at + 2, name })))).toBe(anchor)
  const headings = path.map((name, level) => `${'#'.repeat(level + 2)} ${name}`)
  expect(splitIntoPassages([...headings, 'Text.'].join('\n\n')).map((one) => one.anchor)).toEqual([
    anchor
  ])
})

it('maps a later passage of a heading to the place of the heading', () => {
  const long = 'A sentence that says something of note. '.repeat(60)
  const anchors = splitIntoPassages(`## Long\n\n${long}\n\n${long}`).map(({ anchor }) => anchor)
  expect(anchors.length).toBeGreaterThan(2)
  expect(anchors.at(-1)).toMatch(/^long~\d$/)
  expect(new Set(anchors.map(placeOf))).toEqual(new Set(['long']))
})
