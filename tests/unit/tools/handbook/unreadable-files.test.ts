// Files that are not what they should be: each gives one sentence that says what is wrong with it, and nothing is read
// of it.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromProject } from '../../../../dev/paths.ts'
import { askSystem } from '../../../../tools/handbook/file-errors.ts'
import { type ReadOptions, readFiles } from '../../../../tools/handbook/read-files.ts'
import { type MadeFolder, madeFolder, paragraph, pdfFile, wordFile } from './generated-files.ts'

let folder: MadeFolder
beforeEach(() => {
  folder = madeFolder()
})
afterEach(() => folder[Symbol.dispose]())

/** `line message` or `page message` of what was refused; nothing else may have been read. */
const refusalOf = async (
  path: string | readonly string[],
  options: ReadOptions = {}
): Promise<string[]> => {
  const { sections, refused } = await readFiles([path].flat(), options)
  expect(sections).toEqual([])
  return refused.map(({ line, page, message }) => `${line ?? page ?? '-'} ${message}`)
}
const refusalOfFile = (name: string, content: string | Uint8Array): Promise<string[]> =>
  refusalOf(folder.write(name, content))

const SPANISH =
  'La puerta del cuarto frío se cierra siempre, porque el ventilador no puede con la cocina.'

describe('a file', () => {
  it('that is not there, is no file, is empty or of another kind is not opened', async () => {
    expect(await refusalOf(join(folder.path, 'none.md'))).toEqual(['- is not there'])
    expect(await refusalOfFile('empty.md', '')).toEqual(['- is empty'])
    expect(await refusalOfFile('empty.pdf', '')).toEqual(['- is empty'])
    expect(await refusalOfFile('menu.xlsx', 'PK')).toEqual([
      expect.stringMatching(/kind that is not read.*\.pdf/)
    ])
    expect(await refusalOfFile('menu.doc', 'x')).toEqual([
      expect.stringMatching(/save it as \.docx/)
    ])
    expect(await refusalOfFile('menu', 'x')).toEqual([
      expect.stringMatching(/kind that is not read/)
    ])
    const pipe = join(folder.path, 'pipe.md')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    expect(await refusalOf(pipe)).toEqual(['- is not a file'])
  })

  it('that the system does not give has a sentence for each reason, and the others are read', async () => {
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

  // An administrator may read everything, so what the system answers others is asked of the function itself.
  it.each([
    ['EACCES', /^may not be read by this account/],
    ['EPERM', /^may not be read by this account/],
    ['EISDIR', /^is a folder$/],
    ['EBUSY', /^is open in another program/],
    ['EMFILE', /too many files are open/],
    ['EIO', /^cannot be read from its disk$/],
    ['ESTALE', /^cannot be read \(ESTALE\)$/]
  ])('for which the system answers %s has its sentence', async (code, sentence) => {
    const answered = () => Promise.reject(Object.assign(new Error('no'), { code }))
    expect(await askSystem(answered)).toEqual({
      ok: false,
      message: expect.stringMatching(sentence)
    })
  })

  it('is not blamed for a mistake in the program', async () => {
    for (const bug of [
      new TypeError('x is undefined'),
      Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_ARG_TYPE' })
    ]) {
      await expect(askSystem(() => Promise.reject(bug))).rejects.toBe(bug)
    }
  })

  it('of 200 MB is refused by its size, before anything of it is read', async () => {
    for (const name of ['large.md', 'large.docx', 'large.pdf']) {
      const path = folder.write(name, '')
      // A hole of that length: reading it would take seconds and memory, looking at it neither.
      truncateSync(path, 200 * 1024 * 1024)
      const [message] = await refusalOf(path)
      expect(message).toMatch(/^- has 200 MB; at most \d+ MB are read/)
    }
  })

  it('that is a folder stands for the files in it, and says so when there are none', async () => {
    mkdirSync(join(folder.path, 'bare'))
    expect(await refusalOf(join(folder.path, 'bare'))).toEqual([
      expect.stringMatching(/is a folder without files of Markdown/)
    ])
    folder.write('handbook/en/soup.md', '# Soup\n\nCool the soup in the ice bath.\n')
    folder.write('handbook/.hidden/other.md', '# Other\n\nThis is not for anybody.\n')
    folder.write('handbook/notes.xlsx', 'no')
    const { sections, refused, files } = await readFiles([join(folder.path, 'handbook')])
    expect([sections.map(({ slug }) => slug), refused, files]).toEqual([['soup'], [], 1])
  })
})

describe('text', () => {
  it('that is broken UTF-8 is refused with its line, and the UTF-16 of Windows is read', async () => {
    const broken = Buffer.concat([
      Buffer.from('# Soup\n\nCool it to 5 '),
      Buffer.from([0xb0]),
      Buffer.from('C\n')
    ])
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

  it('with a null character is refused with its line', async () => {
    expect(await refusalOfFile('null.md', '# Soup\n\nCool it\u0000 down.\n')).toEqual([
      '3 has a null character; this is no text'
    ])
  })

  it('without a heading is one section, named by its file, and that is said', async () => {
    const path = folder.write(
      'staff-parking.md',
      'Park behind the building, and never at the loading dock.\n'
    )
    const { sections, remarks } = await readFiles([path])
    expect(sections.map(({ slug, texts }) => [slug, texts.en?.title])).toEqual([
      ['staff-parking', 'Staff parking']
    ])
    expect(remarks[0]?.message).toBe('has no headings; all of it is one section, "Staff parking"')
  })

  it('of headings only, or of nothing but a front matter, is refused', async () => {
    expect(await refusalOfFile('a.md', '# Soup\n\n## Rice\n')).toEqual([
      '- has headings and no text'
    ])
    expect(await refusalOfFile('b.md', '---\ntitle: Soup\n---\n\n')).toEqual(['3 has no text'])
    expect(await refusalOfFile('c.md', '---\ntitle: Soup\n')).toEqual([
      '1 the front matter has no closing ---'
    ])
    expect(await refusalOfFile('d.md', '---\ntitle: Soup\norder: first\n---\n\nText.\n')).toEqual([
      expect.stringMatching(/^3 order: /)
    ])
  })

  it('with two sections of one slug takes neither file further, and both places are named', async () => {
    const twice = folder.write(
      'a.md',
      '# Soup\n\nCool the soup in a bath.\n\n# Soup\n\nHeat the soup on the stove.\n'
    )
    const { refused } = await readFiles([twice])
    expect(refused.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^the English section "soup" is in .*a\.md already; give one of them a name/
      )
    ])
    const one = folder.write('one.md', '# Rice\n\nCool the rice in a bath.\n')
    const other = folder.write('other.md', '# Rice\n\nHeat the rice on the stove.\n')
    expect((await readFiles([one, other])).refused).toHaveLength(1)
  })

  it('with a heading that makes no slug, or one of 300 characters, is refused', async () => {
    expect(await refusalOfFile('a.md', '# 冷蔵\n\nKeep the door of it shut.\n')).toEqual([
      expect.stringMatching(/has no letters for a slug/)
    ])
    expect(
      await refusalOfFile('b.md', `# ${'Very long '.repeat(30)}\n\nKeep the door of it shut.\n`)
    ).toEqual([expect.stringMatching(/has 2\d\d characters; at most 200 are a title/)])
    expect(
      await refusalOfFile('c.md', '# Soup {#Not_A_Slug}\n\nKeep the door of it shut.\n')
    ).toEqual([expect.stringMatching(/"Not_A_Slug" is no slug/)])
    expect(
      await refusalOfFile('d.md', `# Soup\n\n${'Keep the door of it shut. '.repeat(13_000)}\n`)
    ).toEqual([expect.stringMatching(/has 33\d{4} characters; divide it/)])
  })
})

describe('text that is made to be slow', () => {
  it.each([
    ['a heading of spaces', `# A${' '.repeat(200_000)}b`],
    ['a heading of marks', `# A ${'#'.repeat(200_000)}b`],
    ['a heading of emphasis', `# ${'_a_b'.repeat(50_000)}`],
    ['a heading of brackets', `# ${'['.repeat(200_000)}`],
    ['a paragraph of spaces', `# A\n\nKeep the door${' '.repeat(200_000)}of it shut.`],
    ['a table of spaces', `# A\n\n| a |\n|${' '.repeat(200_000)}x\n| b |`]
  ])('%s is read or refused like any other', async (_name, text) => {
    const { sections, refused } = await readFiles([folder.write('slow.md', text)], {
      language: 'en'
    })
    expect(sections.length + refused.length).toBe(1)
  })

  it('aliases that multiply in a front matter are refused with a sentence', async () => {
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

describe('a Spanish file', () => {
  it('that is said to be English is refused with a sentence, wherever it is said', async () => {
    const sentence =
      /is said to be English and reads as Spanish; .* say --language en if it is English all the same/
    const body = `# Puertas\n\n${SPANISH}\n`
    expect(await refusalOfFile('en/doors.md', body)).toEqual([expect.stringMatching(sentence)])
    expect(await refusalOfFile('doors.en.md', body)).toEqual([expect.stringMatching(sentence)])
    expect(await refusalOfFile('doors.md', `---\nlanguage: en\n---\n${body}`)).toEqual([
      expect.stringMatching(sentence)
    ])
    const word = await wordFile(paragraph('Puertas', 'Heading1') + paragraph(SPANISH))
    expect(await refusalOfFile('en/doors.docx', word)).toEqual([expect.stringMatching(sentence)])
  })

  it('is Spanish where nobody says anything, and what the person says where they do', async () => {
    const path = folder.write('doors.md', `# Puertas\n\n${SPANISH}\n`)
    expect(Object.keys((await readFiles([path])).sections[0]?.texts ?? {})).toEqual(['es'])
    const said = await readFiles([path], { language: 'en' })
    expect(Object.keys(said.sections[0]?.texts ?? {})).toEqual(['en'])
    expect(said.remarks[0]?.message).toBe(
      '"Puertas" reads as Spanish; it is taken as English, as --language says'
    )
  })

  it('and any other whose words do not tell is not guessed at', async () => {
    const path = folder.write('list.md', '# Wifi\n\n555-0142\n')
    expect(await refusalOf(path)).toEqual([
      expect.stringMatching(/cannot be told from its words; say --language/)
    ])
    const { sections } = await readFiles([path], { language: 'es' })
    expect(Object.keys(sections[0]?.texts ?? {})).toEqual(['es'])
  })
})

describe('a Word file', () => {
  it('that is none, an old one, one with a password, or damaged, says which', async () => {
    expect(await refusalOfFile('a.docx', 'just text')).toEqual([
      '- is not a Word document (.docx), whatever its name says'
    ])
    const archive = await wordFile(paragraph('Soup'))
    expect(await refusalOfFile('b.docx', archive.subarray(0, 400))).toEqual([
      '- is not a Word document (.docx), whatever its name says'
    ])
    expect(
      await refusalOfFile('c.docx', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1))
    ).toEqual([expect.stringMatching(/has a password or is of an old Word/)])
    expect(await refusalOfFile('d.docx', await wordFile('<w:p><w:r>'))).toEqual([
      expect.stringMatching(/is damaged/)
    ])
    expect(await refusalOfFile('e.docx', await wordFile(''))).toEqual(['- has no text'])
  })

  it('that unpacks to more than any document is not opened, whatever its directory says of it', async () => {
    const bomb = await wordFile(paragraph('Soup'), {
      'word/media/image1.bin': new Uint8Array(8 * 1024 * 1024)
    })
    // Eight megabytes in some kilobytes: the directory's own sizes are made to lie.
    expect(bomb.byteLength).toBeLessThan(20_000)
    const lying = Buffer.from(bomb)
    for (
      let at = lying.indexOf('PK\u0001\u0002');
      at !== -1;
      at = lying.indexOf('PK\u0001\u0002', at + 4)
    ) {
      lying.writeUInt32LE(10, at + 24)
    }
    for (const bytes of [bomb, lying]) {
      const { sections, refused } = await readFiles([folder.write('bomb.docx', bytes)], {
        inflatedLimitBytes: 4 * 1024 * 1024
      })
      expect(sections).toEqual([])
      expect(refused.map(({ message }) => message)).toEqual([
        expect.stringMatching(/unpacks to more than|is damaged/)
      ])
    }
    const { refused } = await readFiles([folder.write('bomb.docx', bomb)], {
      inflatedLimitBytes: 4 * 1024 * 1024
    })
    expect(refused[0]?.message).toMatch(/unpacks to more than/)
  })

  it('with entries that point out of the archive is read, and writes nothing anywhere', async () => {
    const bytes = await wordFile(
      paragraph('Soup', 'Heading1') + paragraph('Cool the soup in the bath.'),
      {
        '../../escaped.txt': 'out'
      }
    )
    const { sections } = await readFiles([folder.write('slip.docx', bytes)])
    expect(sections.map(({ slug }) => slug)).toEqual(['soup'])
  })
})

describe('a PDF', () => {
  it('without text is refused as the scan that it is', async () => {
    expect(await refusalOfFile('scan.pdf', pdfFile([[], []]))).toEqual([
      expect.stringMatching(/has no text: its pages are pictures, as a scanner makes them/)
    ])
  })

  it('with a password, damaged, or of another kind, says which', async () => {
    expect(await refusalOf(fromProject('tests/fixtures/handbook/encrypted.pdf'))).toEqual([
      '- has a password; save it without one'
    ])
    expect(await refusalOfFile('a.pdf', 'just text')).toEqual([
      '- is not a PDF, whatever its name says'
    ])
    expect(await refusalOfFile('b.pdf', '%PDF-1.4\nnothing that follows is one')).toEqual([
      expect.stringMatching(/is damaged/)
    ])
  })
})

describe('a file that was damaged on its way', () => {
  it.each(['sample.pdf', 'sample.docx'])(
    '%s is read or refused with a sentence, wherever it is cut or altered',
    async (name) => {
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
    }
  )
})
