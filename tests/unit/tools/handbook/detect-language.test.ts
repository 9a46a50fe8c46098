import { describe, expect, it } from 'vitest'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../../../dev/supabase/handbook-files.ts'
import { LANGUAGES } from '../../../../src/shared/language.ts'
import { detectLanguage } from '../../../../tools/handbook/detect-language.ts'

describe('detectLanguage', () => {
  it('detects the language of every section of the sample handbook', async () => {
    const { groups } = await readHandbookFolder(HANDBOOK_FOLDER)
    const wrong = groups.flatMap(({ sections }) =>
      sections.flatMap(({ slug, texts }) =>
        LANGUAGES.flatMap((language) => {
          const text = texts[language]
          if (text === undefined) return []
          const detected = detectLanguage(`${text.title}\n${text.content}`)
          return detected === language ? [] : [`${language}/${slug}: ${detected}`]
        })
      )
    )
    expect(groups.length).toBeGreaterThan(1)
    expect(wrong).toEqual([])
  })

  it.each([
    ['names and numbers', 'Ruth 555-0142, Emilio 555-0167'],
    ['too few words', 'Chile con queso'],
    ['a mixture', 'the pan and the lid are hot; la olla y la tapa están calientes']
  ])('detects no language in %s', (_, text) => {
    expect(detectLanguage(text)).toBeNull()
  })

  it('detects English in spite of the Spanish words of a menu', () => {
    const text =
      'Heat the carne asada on la plancha and keep the salsa for el pastor in the cooler until it is called.'
    expect(detectLanguage(text)).toBe('en')
  })
})
