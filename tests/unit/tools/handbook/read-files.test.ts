import { describe, expect, it } from 'vitest'
import { fromProject } from '../../../../dev/paths.ts'
import { type ImportedSection, readFiles } from '../../../../tools/handbook/read-files.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { boldParagraph, type PdfText, paragraph, pdfFile, wordFile } from './generated-files.ts'

const fixture = (name: string): string => fromProject('tests/fixtures/handbook', name)

const folder = temporaryFolder()

const textOf = (sections: readonly ImportedSection[], slug: string): string => {
  const texts = sections.find((section) => section.slug === slug)?.texts
  return texts?.en?.content ?? texts?.es?.content ?? ''
}
const slugsOf = (sections: readonly ImportedSection[]): string[] => sections.map(({ slug }) => slug)
/** Slug and English text of each section. */
const englishOf = (sections: readonly ImportedSection[]) =>
  sections.map(({ slug, texts }) => [slug, texts.en?.content])

/** Without the marks of a format. */
const words = (text: string): string => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')

const SLUGS = [
  'blue-heron-diner-crew-handbook',
  'welcome',
  'the-griddle',
  'cooking-temperatures',
  'pancake-batter',
  'coffee',
  'milk-and-cream',
  'allergies',
  'limpieza-del-cuarto-de-platos',
  'schedule-and-calling-out',
  'breaks-and-meals',
  'cuts-and-burns',
  'phone-list'
]
const GRIDDLE = `| Zone | Setting | What goes there |
|---|---|---|
| Left, back | 325 °F (163 °C) | Eggs |
| Left, front | 375 °F (191 °C) | Pancakes and French toast |
| Right, back | 400 °F (204 °C) | Bacon and sausage |
| Right, front | 350 °F (177 °C) | Hash browns, corned beef |`
const TEMPERATURES = `- Eggs for one guest: 145 °F (63 °C) for 15 seconds
- Eggs for the buffet tray: 155 °F (68 °C) for 17 seconds
- Sausage patties: 155 °F (68 °C) for 17 seconds
- Chicken fried chicken: 165 °F (74 °C)
- Grits and gravy on the line: 135 °F (57 °C) or above`

describe('readFiles, of the sample handbook', () => {
  it.each(['sample.md', 'sample.docx', 'sample.pdf', 'two-columns.pdf'])(
    'reads thirteen sections with whole tables and lists from %s',
    async (name) => {
      const { sections, refused, remarks } = await readFiles([fixture(name)])
      expect(refused).toEqual([])
      expect(remarks).toEqual([])
      expect(slugsOf(sections)).toEqual(SLUGS)
      expect(textOf(sections, 'the-griddle')).toContain(`## Settings\n\n${GRIDDLE}`)
      expect(textOf(sections, 'cooking-temperatures')).toContain(TEMPERATURES)
      expect(textOf(sections, 'coffee')).toMatch(
        /^1\. Rinse the basket\.\n2\. Use one packet, 3\.5 ounces/
      )
    }
  )

  it.each(['sample.docx', 'sample.pdf', 'two-columns.pdf'])(
    'loses and adds no word of %s',
    async (name) => {
      const plain = await readFiles([fixture('sample.md')])
      const read = await readFiles([fixture(name)])
      for (const slug of SLUGS) {
        expect(words(textOf(read.sections, slug))).toBe(words(textOf(plain.sections, slug)))
      }
    }
  )

  it('detects the one Spanish section', async () => {
    const { sections } = await readFiles([fixture('sample.docx')])
    const spanish = sections.filter(({ texts }) => texts.es !== undefined)
    expect(slugsOf(spanish)).toEqual(['limpieza-del-cuarto-de-platos'])
    expect(sections.filter(({ texts }) => texts.en !== undefined)).toHaveLength(12)
  })

  it('finds the first page of each section of a PDF', async () => {
    const { sections } = await readFiles([fixture('sample.pdf')])
    const pages = sections.map(({ texts }) => (texts.en ?? texts.es)?.page)
    expect(pages).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3])
  })

  it('takes one of three formats and names the others', async () => {
    const { sections, refused, remarks } = await readFiles([
      fixture('sample.md'),
      fixture('sample.docx'),
      fixture('sample.pdf')
    ])
    expect(slugsOf(sections)).toEqual(SLUGS)
    expect(refused).toEqual([])
    expect(remarks).toHaveLength(2 * SLUGS.length)
    expect(remarks[0]?.message).toMatch(
      /^the section "blue-heron.*" is the same as in .*sample\.md/
    )
  })
})

describe('readFiles, of Markdown', () => {
  it('reads a file with a title as one section, named by the file', async () => {
    const path = folder.write(
      'es/cooling.md',
      '---\ntitle: Enfriar sopas\ncategory: food\norder: 30\nquestions:\n  - ¿Cómo se enfría?\n---\n\n## Sopas\n\nDe 135 °F a 70 °F en dos horas, en la mesa de hielo.\n'
    )
    const { sections } = await readFiles([path])
    expect(sections).toEqual([
      {
        slug: 'cooling',
        category: 'food',
        order: 30,
        texts: {
          es: {
            title: 'Enfriar sopas',
            content: '## Sopas\n\nDe 135 °F a 70 °F en dos horas, en la mesa de hielo.',
            questions: ['¿Cómo se enfría?'],
            file: path,
            page: null
          }
        }
      }
    ])
  })

  it.each([
    ['file names', 'en/platos.md', 'es/platos.md', (title: string) => `---\ntitle: ${title}\n---`],
    ['slugs behind headings', 'a.md', 'b.md', (title: string) => `# ${title} {#platos}`]
  ])('joins two languages into one section by their %s', async (_, enName, esName, heading) => {
    const en = `${heading('The dish room')}\n\nThe machine rinses at 180 °F and you wait.\n`
    const es = `${heading('Los platos')}\n\nLa máquina enjuaga a 180 °F y se espera.\n`
    const { sections } = await readFiles([folder.write(enName, en), folder.write(esName, es)])
    expect(sections.map(({ slug, texts }) => [slug, texts.en?.title, texts.es?.title])).toEqual([
      ['platos', 'The dish room', 'Los platos']
    ])
  })

  it('reads the files of other programs: their keys, a repeated title, HTML tables and comments', async () => {
    const path = folder.write(
      'gloves.md',
      [
        ...['---', 'title: Gloves', 'version: 1.0', 'applies_to: all', '---', '', '# Gloves', ''],
        ...['Wear them at the slicer.<!-- ask Ana -->', '', '<table>'],
        ...['  <tr><td>Size</td><td>Hook</td></tr>', '  <tr><td>Large</td><td>Left</td></tr>'],
        ...['</table>', '', '```', '<table><tr><td>code</td></tr></table>', '```']
      ].join('\n')
    )
    const { sections, refused, remarks } = await readFiles([path])
    expect(refused).toEqual([])
    expect(englishOf(sections)).toEqual([
      [
        'gloves',
        [
          ...['Wear them at the slicer.', '', '', '| Size | Hook |', '|---|---|'],
          ...['| Large | Left |', '', '', '```', '<table><tr><td>code</td></tr></table>', '```']
        ].join('\n')
      ]
    ])
    expect(remarks.map(({ message }) => message)).toEqual([
      'these keys of the front matter are not read: version, applies_to'
    ])
  })

  it('ignores headings inside fences, and finds underlined ones', async () => {
    const path = folder.write(
      'signs.md',
      'Signs\n=====\n\nThis is what the sign says:\n\n```\n# NOT A HEADING\n```\n\nDoors\n-----\n\nKeep the doors of the walk-in shut.\n'
    )
    const { sections } = await readFiles([path], { atLevel: 2 })
    expect(englishOf(sections)).toEqual([
      ['signs', 'This is what the sign says:\n\n```\n# NOT A HEADING\n```'],
      ['doors', 'Keep the doors of the walk-in shut.']
    ])
  })

  it('splits at smaller headings with atLevel', async () => {
    const text =
      '# A\n\n## One\n\nThis is the first of them.\n\n## Two\n\nThis is the second of them.\n\n# B\n\nThis is the other.\n'
    const path = folder.write('parts.md', text)
    expect(slugsOf((await readFiles([path])).sections)).toEqual(['a', 'b'])
    expect(slugsOf((await readFiles([path], { atLevel: 2 })).sections)).toEqual(['one', 'two', 'b'])
  })
})

describe('readFiles, of a Word file', () => {
  const read = async (body: string) => readFiles([folder.write('crew.docx', await wordFile(body))])

  it('takes bold lines as headings, and not the bold words of a sentence', async () => {
    const { sections } = await read(
      boldParagraph('Closing the fryer') +
        paragraph('Let the oil cool to 150 °F before you filter it.') +
        boldParagraph('Opening the fryer') +
        `<w:p><w:r><w:t>Fill it to the </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>upper line</w:t></w:r><w:r><w:t> and no higher.</w:t></w:r></w:p>`
    )
    expect(englishOf(sections)).toEqual([
      ['closing-the-fryer', 'Let the oil cool to 150 °F before you filter it.'],
      ['opening-the-fryer', 'Fill it to the **upper line** and no higher.']
    ])
  })

  it('accepts tracked changes, with a remark about their number', async () => {
    const { sections, remarks } = await read(
      `${paragraph('Holding', 'Heading1')}<w:p><w:r><w:t>Keep soup at </w:t></w:r>` +
        '<w:del w:id="1" w:author="a"><w:r><w:delText>120</w:delText></w:r></w:del>' +
        '<w:ins w:id="2" w:author="a"><w:r><w:t>135</w:t></w:r></w:ins>' +
        '<w:r><w:t> °F and stir it when you pass by.</w:t></w:r></w:p>'
    )
    expect(textOf(sections, 'holding')).toBe('Keep soup at 135 °F and stir it when you pass by.')
    expect(remarks.map(({ message }) => message)).toEqual([
      'has tracked changes (1 additions, 1 deletions); it is read as if all were accepted'
    ])
  })

  it('keeps a table whole with the bars and lines of its cells', async () => {
    const cell = (text: string): string => `<w:tc>${paragraph(text)}</w:tc>`
    const { sections } = await read(
      `${paragraph('Shelves of the walk-in', 'Heading1')}${paragraph('This is where it all goes:')}` +
        `<w:tbl><w:tr>${cell('Shelf')}${cell('What')}</w:tr><w:tr>${cell('Top | first')}<w:tc>${paragraph('Ready')}${paragraph('to eat')}</w:tc></w:tr></w:tbl>`
    )
    expect(textOf(sections, 'shelves-of-the-walk-in')).toBe(
      'This is where it all goes:\n\n| Shelf | What |\n|---|---|\n| Top \\| first | Ready; to eat |'
    )
  })

  it('reads tags in a text as text', async () => {
    const { sections } = await read(
      paragraph('Labels', 'Heading1') +
        paragraph('Write &lt;h1&gt;the date&lt;/h1&gt; and &amp;lt; on it.')
    )
    expect(textOf(sections, 'labels')).toBe('Write <h1>the date</h1> and &lt; on it.')
  })
})

describe('readFiles, of a PDF', () => {
  const read = async (...pages: readonly PdfText[][]) =>
    readFiles([folder.write('crew.pdf', pdfFile(pages))])
  const line = (y: number, text: string, x = 72): PdfText => ({ x, y, text })
  const heading = (y: number, text: string): PdfText => ({ x: 72, y, sizePt: 16, text })

  it('removes running titles and page numbers', async () => {
    const page = (number: number, title: string, text: string) => [
      line(750, 'Crew handbook, edition of March'),
      heading(700, title),
      line(670, text),
      line(40, `Page ${number} of 3`, 300)
    ]
    const { sections } = await read(
      page(
        1,
        'The ice machine',
        'Scoop the ice with the scoop and never with a glass, because the'
      ),
      page(2, 'The fryer', 'The oil is changed on Monday and on Thursday before we open.'),
      page(3, 'The grill', 'The grill is brushed after every order of fish that was on it.')
    )
    expect(slugsOf(sections)).toEqual(['the-ice-machine', 'the-fryer', 'the-grill'])
    expect(sections.map(({ texts }) => texts.en?.content).join(' ')).not.toMatch(/Page|edition/)
  })

  it('reads two columns one after the other when the lines run across both', async () => {
    const left = Array.from({ length: 8 }, (_, at) => `this is line ${at} of the first column`)
    const right = Array.from({ length: 8 }, (_, at) => `this is line ${at} of the second column`)
    const { sections } = await read([
      { x: 60, y: 740, sizePt: 18, text: 'House rules' },
      ...left.flatMap((text, at) => [
        line(700 - at * 14, text, 60),
        line(700 - at * 14, right[at] ?? '', 330)
      ])
    ])
    expect(words(textOf(sections, 'house-rules'))).toBe(words([...left, ...right].join(' ')))
  })

  it('takes bold lines as headings in a document of one size', async () => {
    const { sections } = await read([
      { ...line(700, 'Receiving fish'), bold: true },
      line(680, 'Fish is taken at 41 °F or below, on ice, with the tag of the boat.'),
      { ...line(640, 'Receiving produce'), bold: true },
      line(620, 'Look at the bottom of each case before you sign for it.')
    ])
    expect(slugsOf(sections)).toEqual(['receiving-fish', 'receiving-produce'])
  })

  it('joins wrapped lines, list items and table rows', async () => {
    const { sections } = await read([
      heading(740, 'Opening the kitchen'),
      line(710, 'The opener comes at 5:00 a.m. by the back door, turns off the alarm and'),
      line(696, 'turns on the hoods before anything else.'),
      line(668, 'Before the first order:'),
      line(650, '\u0095', 90),
      line(650, 'Check the walk-in and write down what it shows, which has to be at', 108),
      line(636, '41 degrees or below.', 108),
      line(618, '\u0095', 90),
      line(618, 'Test the sanitizer with a strip.', 108),
      heading(580, 'The cold line'),
      line(560, 'Item'),
      line(560, 'Pan', 250),
      line(560, 'Holds until', 400),
      line(544, 'Lettuce, washed and'),
      line(544, 'Half', 250),
      line(544, 'Close, then', 400),
      line(531, 'chopped'),
      line(531, 'thrown out', 400),
      line(514, 'Salsa'),
      line(514, 'Sixth', 250),
      line(514, '4 hours', 400)
    ])
    expect(textOf(sections, 'opening-the-kitchen')).toBe(
      [
        'The opener comes at 5:00 a.m. by the back door, turns off the alarm and turns on the hoods before anything else.',
        'Before the first order:',
        '- Check the walk-in and write down what it shows, which has to be at 41 degrees or below.\n- Test the sanitizer with a strip.'
      ].join('\n\n')
    )
    expect(textOf(sections, 'the-cold-line')).toBe(
      '| Item | Pan | Holds until |\n|---|---|---|\n| Lettuce, washed and chopped | Half | Close, then thrown out |\n| Salsa | Sixth | 4 hours |'
    )
  })

  it('drops a table of contents, and joins a sentence across pages', async () => {
    const { sections, remarks } = await read(
      [
        heading(740, 'Contents'),
        line(710, 'Closing ........................................ 2'),
        heading(600, 'Closing'),
        line(90, 'The closer walks the line and turns off each')
      ],
      [line(740, 'burner, and then the hoods.')]
    )
    expect(englishOf(sections)).toEqual([
      ['closing', 'The closer walks the line and turns off each burner, and then the hoods.']
    ])
    expect(remarks.map(({ message }) => message)).toEqual([])
  })

  it('takes lines in capitals as headings in a document of one font', async () => {
    const { sections } = await read([
      line(740, 'FRYER'),
      line(720, 'The oil is changed on Monday and on Thursday.'),
      line(690, 'GRILL'),
      line(670, 'The grill is brushed after each fish that was on it.')
    ])
    expect(slugsOf(sections)).toEqual(['fryer', 'grill'])
  })

  it('names pages without text and reads the others', async () => {
    const { sections, remarks } = await read(
      [heading(700, 'Hand sink'), line(670, 'Wash your hands for 20 seconds when you come in.')],
      [],
      []
    )
    expect(slugsOf(sections)).toEqual(['hand-sink'])
    expect(remarks).toEqual([
      expect.objectContaining({
        page: 2,
        message: 'has no text: blank, or a picture of text (pages 2 to 3)'
      })
    ])
  })
})
