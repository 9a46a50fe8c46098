// Telling English from Spanish by small words, on all that the repo has in both.
import { describe, expect, it } from 'vitest'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../../../dev/supabase/handbook-files.ts'
import { LANGUAGES } from '../../../../src/shared/language.ts'
import { detectLanguage } from '../../../../tools/handbook/detect-language.ts'

describe('the language of a text', () => {
  it('is told for every section of the sample handbook', async () => {
    const { groups } = await readHandbookFolder(HANDBOOK_FOLDER)
    const wrong = groups.flatMap(({ sections }) =>
      sections.flatMap(({ slug, texts }) =>
        LANGUAGES.flatMap((language) => {
          const text = texts[language]
          if (text === undefined) return []
          const told = detectLanguage(`${text.title}\n${text.content}`).language
          return told === language ? [] : [`${language}/${slug}: ${told}`]
        })
      )
    )
    expect(groups.length).toBeGreaterThan(1)
    expect(wrong).toEqual([])
  })

  it('is not told for names and numbers, for too few words, or for a mixture', () => {
    expect(detectLanguage('Ruth 555-0142, Emilio 555-0167')).toEqual({
      language: null,
      englishShare: null
    })
    expect(detectLanguage('Chile con queso').language).toBeNull()
    expect(
      detectLanguage('the pan and the lid are hot; la olla y la tapa están calientes').language
    ).toBeNull()
  })

  it('stays English with the Spanish words of a menu in it', () => {
    const text =
      'Heat the carne asada on la plancha and keep the salsa for el pastor in the cooler until it is called.'
    expect(detectLanguage(text).language).toBe('en')
  })
})
