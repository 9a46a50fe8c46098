// The cutting of a section into passages.
import assert from 'node:assert/strict'
import {
  embeddingInput,
  LONGEST_PASSAGE_TOKENS,
  splitIntoPassages
} from '../../supabase/functions/_shared/passages.ts'

const sentence =
  'Keep the door of the walk-in closed, because the fan cannot win against the kitchen. '
const long = (times: number): string => sentence.repeat(times).trim()

Deno.test('makes a passage of each heading with its path, and of the text before the first', () => {
  const passages = splitIntoPassages(
    '# Cooling\n\nIntro.\n\n## Soup\n\nHot.\n\n### Stock\n\nDeep.\n\n## Rice ##\n\nFlat.\n'
  )
  assert.deepEqual(
    passages.map(({ heading, text }) => [heading, text]),
    [
      ['', 'Intro.'],
      ['Soup', 'Hot.'],
      ['Soup › Stock', 'Deep.'],
      ['Rice', 'Flat.']
    ]
  )
})

Deno.test('makes no passage of a heading without text, and keeps it in the path', () => {
  const passages = splitIntoPassages('## Cold\n\n### Fish\n\nOn ice.\n')
  assert.deepEqual(
    passages.map(({ heading }) => heading),
    ['Cold › Fish']
  )
})

Deno.test('gives each passage its own anchor, from its headings only', () => {
  const anchors = (markdown: string) => splitIntoPassages(markdown).map(({ anchor }) => anchor)
  const own = '## Walk-in: 3 °C\n\nCold.\n\n### Después del pico\n\nTarde.\n'
  assert.deepEqual(anchors(`Intro.\n\n${own}`), ['', 'walk-in-3-c', 'walk-in-3-c/despues-del-pico'])
  // Text before them changes no anchor.
  assert.deepEqual(anchors(`## New\n\nMore.\n\n${own}`).slice(1), [
    'walk-in-3-c',
    'walk-in-3-c/despues-del-pico'
  ])
  assert.deepEqual(anchors(`## Soup\n\n${long(30)}\n\n## Soup\n\nAgain.\n`), [
    'soup',
    'soup~2',
    'soup~3'
  ])
  assert.deepEqual(anchors('## 冷蔵\n\nCold.\n'), ['冷蔵'])
})

Deno.test('cuts long text between sentences, without loss', () => {
  const passages = splitIntoPassages(`## Doors\n\n${long(60)}`)
  assert.ok(passages.length > 2)
  for (const { text, heading } of passages) {
    assert.equal(heading, 'Doors')
    assert.ok(text.length / 4 <= LONGEST_PASSAGE_TOKENS + 60, `${text.length}`)
    assert.ok(text.endsWith('.'))
  }
  assert.equal(passages.map(({ text }) => text).join(' '), long(60))
})

Deno.test('keeps a list and a table whole, with the line before them', () => {
  const list = Array.from({ length: 80 }, (_, index) => `- Item ${index} goes to ${index} °F`).join(
    '\n'
  )
  const table = ['| Food | °F |', '|---|---|', '| Chicken | 165 |'].join('\n')
  const passages = splitIntoPassages(
    `## Temperatures\n\n${long(14)}\n\nCook to these:\n\n${list}\n\n${long(14)}\n\nIn short:\n\n${table}`
  )
  const withList = passages.filter(({ text }) => text.includes('- Item 0 '))
  assert.equal(withList.length, 1)
  assert.ok(withList[0]?.text.includes(`Cook to these:\n\n${list}`))
  assert.ok(passages.some(({ text }) => text.includes(`In short:\n\n${table}`)))
})

Deno.test('cuts an overlong table between its rows, with its head on each piece', () => {
  const head = '| Item | Shelf |\n|---|---|'
  const rows = Array.from({ length: 900 }, (_, index) => `| Item number ${index} | ${index % 9} |`)
  const passages = splitIntoPassages(`## Shelves\n\nIn full:\n\n${head}\n${rows.join('\n')}`)
  assert.ok(passages.length > 1)
  assert.ok(passages[0]?.text.startsWith(`In full:\n\n${head}`))
  const seen = passages.flatMap(({ text }, at) => {
    assert.ok(text.length / 4 <= 2_100, `${text.length}`)
    if (at > 0) assert.ok(text.startsWith(head))
    return text.split('\n').filter((line) => line.startsWith('| Item number'))
  })
  assert.deepEqual(seen, rows)
  assert.equal(new Set(passages.map(({ anchor }) => anchor)).size, passages.length)
})

Deno.test('cuts an endless sentence between words, and an endless word between letters', () => {
  const words = Array.from({ length: 2_000 }, (_, index) => `word${index}`).join(' ')
  const passages = splitIntoPassages(`## Run-on\n\n${words}`)
  assert.ok(passages.flatMap(({ text }) => text.split(/\s+/)).join(' ') === words)
  const endless = splitIntoPassages(
    `## Endless\n\n${'x'.repeat(20_000)}\n\n- ${'y'.repeat(40_000)}`
  )
  for (const { text } of [...passages, ...endless])
    assert.ok(text.length / 4 <= 2_010, `${text.length}`)
  assert.equal(
    endless.map(({ text }) => text.match(/[xy]/g)?.length ?? 0).reduce((a, b) => a + b),
    60_000
  )
})

Deno.test('reads a heading inside a fence as text', () => {
  const passages = splitIntoPassages('## Sign\n\n```\n## Not a heading\n```\n')
  assert.deepEqual(
    passages.map(({ heading, text }) => [heading, text]),
    [['Sign', '```\n## Not a heading\n```']]
  )
})

Deno.test('numbers passages so that languages pair up, whatever their count of pieces', () => {
  const english = splitIntoPassages(`## One\n\n${long(10)}\n\n## Two\n\nShort.\n`)
  const spanish = splitIntoPassages(`## Uno\n\n${long(40)}\n\n## Dos\n\nCorto.\n`)
  assert.equal(spanish.filter(({ heading }) => heading === 'Uno').length > 1, true)
  const ordinals = spanish.map(({ ordinal }) => ordinal)
  assert.deepEqual(
    ordinals,
    [...new Set(ordinals)].sort((a, b) => a - b)
  )
  assert.equal(english.at(-1)?.ordinal, spanish.at(-1)?.ordinal)
})

Deno.test('accepts Windows line ends and empty sections', () => {
  assert.deepEqual(splitIntoPassages(''), [])
  assert.deepEqual(splitIntoPassages('## A\r\n\r\nText.\r\n'), splitIntoPassages('## A\n\nText.\n'))
})

Deno.test('embeds a passage with its title and headings in front', () => {
  assert.equal(
    embeddingInput('Cooling', { heading: 'Soup', text: 'Hot.' }),
    'Cooling › Soup\n\nHot.'
  )
  assert.equal(embeddingInput('Cooling', { heading: '', text: 'Hot.' }), 'Cooling\n\nHot.')
})

Deno.test('cuts a line with 200,000 spaces without backtracking', () => {
  const spaces = ' '.repeat(200_000)
  const passages = splitIntoPassages(
    `## A${spaces}b\n\nText.${spaces}More.\n\n| a |\n|${spaces}x\n\n## ##\n\nEnd.`
  )
  assert.deepEqual(
    passages.map(({ heading }) => heading.replace(/\s+/g, ' ')),
    ['A b', '##']
  )
})
