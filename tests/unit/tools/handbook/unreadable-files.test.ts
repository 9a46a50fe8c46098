import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromProject } from '../../../../dev/paths.ts'
import { askSystem } from '../../../../tools/handbook/file-errors.ts'
import { type ReadOptions, readFiles } from '../../../../tools/handbook/read-files.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { paragraph, pdfFile, wordFile } from './generated-files.ts'

const folder = temporaryFolder()

/** `line message` or `page message` of each refusal; no section may be read. */
const refusalOf = async (
  path: string | readonly string[],
  options: ReadOptions = {}
): Promise<string[]> => {
  const { sections, refused } = await readFiles([path].flat(), options)
  expect(sections).toEqual([])
  return refused.map(({ line, page, message }) => `${line ?? page ?? '-'} ${message}`)
}
const refusalOfFile = (name: string, content: Content): Promise<string[]> =>
  refusalOf(folder.write(name, content))

const DOOR = 'Keep the door of it shut.'
const SPANISH =
  'La puerta del cuarto frío se cierra siempre, porque el ventilador no puede con la cocina.'

type Content = string | Uint8Array
/** Each file is refused with one sentence that contains the text. */
const refuses = (
  cases: [what: string, name: string, content: Content | Promise<Content>, sentence: string][]
) =>
  it.each(cases)('refuses %s', async (_, name, content, sentence) => {
    const refused = await refusalOfFile(name, await content)
    expect(refused).toEqual([expect.stringContaining(sentence)])
  })

describe('readFiles', () => {
  refuses([
    ['an empty text', 'empty.md', '', '- is empty'],
    ['an empty PDF', 'empty.pdf', '', '- is empty'],
    ['a spreadsheet', 'menu.xlsx', 'PK', 'kind that is not read; what can be read is'],
    ['an old Word file', 'menu.doc', 'x', 'save it as .docx'],
    ['a file without an extension', 'menu', 'x', 'kind that is not read']
  ])

  it('refuses a missing file and a pipe', async () => {
    expect(await refusalOf(join(folder.path, 'none.md'))).toEqual(['- is not there'])
    const pipe = join(folder.path, 'pipe.md')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    expect(await refusalOf(pipe)).toEqual(['- is not a file'])
  })

  it('names the reason of the system for each file, and reads the others', async () => {
    const soup = folder.write('soup.md', '# Soup\n\nCool the soup in the ice bath.\n')
    const loop = join(folder.path, 'loop.md')
    symlinkSync('loop.md', loop)
    const { sections, refused } = await readFiles([
      join(soup, 'rice.md'),
      loop,
      join(folder.path, `${'x'.repeat(300)}.md`),
      soup
    ])
    expect(refused.map(({ message }) => message)).toEqual([
      'is not there: a part of its path is a file',
      'is a link that leads back to itself',
      'has a name that is too long'
    ])
    expect(sections.map(({ slug }) => slug)).toEqual(['soup'])
  })

  // An administrator may read everything, so the errors are made up.
  it.each([
    ['EACCES', /^may not be read by this account/],
    ['EPERM', /^may not be read by this account/],
    ['EISDIR', /^is a folder$/],
    ['EBUSY', /^is open in another program/],
    ['EMFILE', /too many files are open/],
    ['EIO', /^cannot be read from its disk$/],
    ['ESTALE', /^cannot be read \(ESTALE\)$/]
  ])('has a sentence for %s', async (code, sentence) => {
    const failing = () => Promise.reject(Object.assign(new Error('no'), { code }))
    expect(await askSystem(failing)).toEqual({
      ok: false,
      message: expect.stringMatching(sentence)
    })
  })

  it('throws errors that are not of the system', async () => {
    for (const more of [{}, { code: 'ERR_INVALID_ARG_TYPE' }]) {
      const bug = Object.assign(new TypeError('x is undefined'), more)
      await expect(askSystem(() => Promise.reject(bug))).rejects.toBe(bug)
    }
  })

  it('refuses a file of 200 MB before it reads it', async () => {
    for (const name of ['large.md', 'large.docx', 'large.pdf']) {
      const path = folder.write(name, '')
      truncateSync(path, 200 * 1024 * 1024)
      const [message] = await refusalOf(path)
      expect(message).toMatch(/^- has 200 MB; at most \d+ MB are read/)
    }
  })

  it('reads the files of a folder, and refuses a folder without any', async () => {
    mkdirSync(join(folder.path, 'bare'))
    expect(await refusalOf(join(folder.path, 'bare'))).toEqual([
      expect.stringMatching(/is a folder without files of Markdown/)
    ])
    folder.write('handbook/en/soup.md', '# Soup\n\nCool the soup in the ice bath.\n')
    folder.write('handbook/.hidden/other.md', '# Other\n\nThis is hidden.\n')
    folder.write('handbook/notes.xlsx', 'no')
    const { sections, refused, files } = await readFiles([join(folder.path, 'handbook')])
    expect([sections.map(({ slug }) => slug), refused, files]).toEqual([['soup'], [], 1])
  })
})

describe('readFiles, of text', () => {
  it('refuses invalid UTF-8 with its line, and reads the UTF-16 of Windows', async () => {
    const broken = Buffer.from('# Soup\n\nCool it to 5 °C\n', 'latin1')
    expect(await refusalOfFile('latin1.md', broken)).toEqual([
      '3 is not UTF-8 text; save it again with that encoding'
    ])
    const wide = Buffer.from(
      '\uFEFF# Soup\r\n\r\nCool the soup to 5 °C in the bath.\r\n',
      'utf16le'
    )
    const { sections } = await readFiles([folder.write('wide.txt', wide)])
    expect(sections[0]?.texts.en?.content).toBe('Cool the soup to 5 °C in the bath.')
  })

  it('names a text without headings by its file, with a remark', async () => {
    const text = 'Park behind the building, and never at the loading dock.\n'
    const path = folder.write('staff-parking.md', text)
    const { sections, remarks } = await readFiles([path])
    expect(sections.map(({ slug, texts }) => [slug, texts.en?.title])).toEqual([
      ['staff-parking', 'Staff parking']
    ])
    expect(remarks[0]?.message).toBe('has no headings; all of it is one section, "Staff parking"')
  })

  refuses([
    ['a null character', 'a.md', '# Soup\n\nCool it\u0000 down.\n', '3 has a null character'],
    ['headings without text', 'a.md', '# Soup\n\n## Rice\n', '- has headings and no text'],
    ['a front matter without text', 'a.md', '---\ntitle: Soup\n---\n\n', '3 has no text'],
    ['an open front matter', 'a.md', '---\ntitle: Soup\n', '1 the front matter has no closing ---'],
    ['an invalid front matter', 'a.md', '---\ntitle: Soup\norder: x\n---\n\nText.\n', '3 order: '],
    ['a heading without a slug', 'a.md', `# 冷蔵\n\n${DOOR}`, 'has no letters for a slug'],
    [
      'a heading of 300 characters',
      'a.md',
      `# ${'Very long '.repeat(30)}\n\n${DOOR}`,
      'has 299 characters; at most 200 are a title'
    ],
    ['an invalid slug', 'a.md', `# Soup {#Not_A_Slug}\n\n${DOOR}`, '"Not_A_Slug" is no slug'],
    [
      'a section of 338,000 characters',
      'a.md',
      `# Soup\n\n${`${DOOR} `.repeat(13_000)}`,
      'has 337999 characters; divide it'
    ]
  ])

  it('refuses a second section of one slug and names the place of the first', async () => {
    const [first, second] = [
      'Cool the soup in the ice bath.',
      'Heat the soup on the back of the stove.'
    ]
    const one = folder.write('one.md', `# Soup\n\n${first}\n`)
    const other = folder.write('other.md', `# Soup\n\n${second}\n`)
    const twice = folder.write('a.md', `# Soup\n\n${first}\n\n# Soup\n\n${second}\n`)
    for (const [paths, place] of [
      [[twice], 'a'],
      [[one, other], 'one']
    ] as const) {
      const { refused } = await readFiles(paths)
      expect(refused.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          new RegExp(`^the English section "soup" is in .*${place}\\.md already; give one of them`)
        )
      ])
    }
  })
})

describe('readFiles, of hostile text', () => {
  it.each([
    ['a heading of spaces', `# A${' '.repeat(200_000)}b`],
    ['a heading of marks', `# A ${'#'.repeat(200_000)}b`],
    ['a heading of emphasis', `# ${'_a_b'.repeat(50_000)}`],
    ['a heading of brackets', `# ${'['.repeat(200_000)}`],
    ['a paragraph of spaces', `# A\n\nKeep the door${' '.repeat(200_000)}of it shut.`],
    ['a table of spaces', `# A\n\n| a |\n|${' '.repeat(200_000)}x\n| b |`]
  ])('reads or refuses %s in time', async (_name, text) => {
    const { sections, refused } = await readFiles([folder.write('slow.md', text)], {
      language: 'en'
    })
    expect(sections.length + refused.length).toBe(1)
  })

  it('refuses multiplying aliases in a front matter', async () => {
    const layers = Array.from({ length: 9 }, (_, at) =>
      at === 0
        ? 'a0: &a0 [x, x]'
        : `a${at}: &a${at} [${Array(9)
            .fill(`*a${at - 1}`)
            .join(', ')}]`
    )
    expect(await refusalOfFile('laughs.md', `---\n${layers.join('\n')}\n---\n\nText.\n`)).toEqual([
      expect.stringMatching(/^\d+ .*alias/i)
    ])
  })
})

describe('readFiles, of a Spanish file', () => {
  const BODY = `# Puertas\n\n${SPANISH}\n`

  it.each([
    ['en/doors.md', BODY],
    ['doors.en.md', BODY],
    ['doors.md', `---\nlanguage: en\n---\n${BODY}`],
    ['en/doors.docx', wordFile(paragraph('Puertas', 'Heading1') + paragraph(SPANISH))]
  ])('refuses one that is declared English: %s', async (name, content) => {
    expect(await refusalOfFile(name, await content)).toEqual([
      expect.stringMatching(
        /is said to be English and reads as Spanish; .* say --language en if it is English all the same/
      )
    ])
  })

  it('takes the detected language, or the one of --language', async () => {
    const path = folder.write('doors.md', BODY)
    expect(Object.keys((await readFiles([path])).sections[0]?.texts ?? {})).toEqual(['es'])
    const english = await readFiles([path], { language: 'en' })
    expect(Object.keys(english.sections[0]?.texts ?? {})).toEqual(['en'])
    expect(english.remarks[0]?.message).toBe(
      '"Puertas" reads as Spanish; it is taken as English, as --language says'
    )
  })

  it('refuses a text whose words show no language', async () => {
    const path = folder.write('list.md', '# Wifi\n\n555-0142\n')
    expect(await refusalOf(path)).toEqual([
      expect.stringMatching(/cannot be told from its words; say --language/)
    ])
    const { sections } = await readFiles([path], { language: 'es' })
    expect(Object.keys(sections[0]?.texts ?? {})).toEqual(['es'])
  })
})

describe('readFiles, of a Word file', () => {
  const NO_WORD = '- is not a Word document (.docx), whatever its name says'

  const CUT = wordFile(paragraph('Soup')).then((all) => all.subarray(0, 400))
  const OLE = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1)

  refuses([
    ['plain text', 'a.docx', 'just text', NO_WORD],
    ['a cut archive', 'a.docx', CUT, NO_WORD],
    ['an OLE file', 'a.docx', OLE, 'has a password or is of an old Word'],
    ['invalid XML', 'a.docx', wordFile('<w:p><w:r>'), 'is damaged'],
    ['an empty document', 'a.docx', wordFile(''), '- has no text']
  ])

  it('refuses an archive that unpacks to too much, even if its directory lies', async () => {
    const bomb = await wordFile(paragraph('Soup'), {
      'word/media/image1.bin': new Uint8Array(8 * 1024 * 1024)
    })
    expect(bomb.byteLength).toBeLessThan(20_000)
    const lying = Buffer.from(bomb)
    const header = 'PK\u0001\u0002'
    for (let at = lying.indexOf(header); at !== -1; at = lying.indexOf(header, at + 4)) {
      lying.writeUInt32LE(10, at + 24)
    }
    const options = { inflatedLimitBytes: 4 * 1024 * 1024 }
    expect(await refusalOf(folder.write('bomb.docx', bomb), options)).toEqual([
      expect.stringContaining('unpacks to more than')
    ])
    expect(await refusalOf(folder.write('lying.docx', lying), options)).toEqual([
      expect.stringMatching(/unpacks to more than|is damaged/)
    ])
  })

  it('reads an archive with entries that point outside, and writes no file', async () => {
    const body = paragraph('Soup', 'Heading1') + paragraph('Cool the soup in the bath.')
    const bytes = await wordFile(body, { '../../escaped.txt': 'out' })
    const { sections } = await readFiles([folder.write('slip.docx', bytes)])
    expect(sections.map(({ slug }) => slug)).toEqual(['soup'])
  })
})

describe('readFiles, of a PDF', () => {
  refuses([
    ['a scan', 'scan.pdf', pdfFile([[], []]), 'has no text: its pages are pictures'],
    ['plain text', 'a.pdf', 'just text', '- is not a PDF, whatever its name says'],
    ['a damaged file', 'b.pdf', '%PDF-1.4\nnothing that follows is one', 'is damaged']
  ])

  it('refuses one with a password', async () => {
    expect(await refusalOf(fromProject('tests/fixtures/handbook/encrypted.pdf'))).toEqual([
      '- has a password; save it without one'
    ])
  })
})

describe('readFiles, of a damaged file', () => {
  it.each(['sample.pdf', 'sample.docx'])('reads or refuses a cut or altered %s', async (name) => {
    const whole = new Uint8Array(readFileSync(fromProject('tests/fixtures/handbook', name)))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: whole.length }),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 }),
        async (length, changes) => {
          const bytes = whole.slice(0, length)
          for (const [at, byte] of changes) if (at < length) bytes[at] = byte
          const { sections, refused } = await readFiles([folder.write(name, bytes)])
          expect(sections.length + refused.length).toBeGreaterThan(0)
          for (const { message } of refused) expect(message).toMatch(/^\S.{5,300}$/)
        }
      ),
      { numRuns: 40 }
    )
  })
})
