// Exports published sections as Markdown files, one per section and language. They import again unchanged.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../../dev/run-command.ts'
import { LANGUAGES } from '../../src/shared/language.ts'
import { describeReadError } from './file-errors.ts'
import type { Project } from './project.ts'
import { writeSectionFile } from './section-file.ts'
import { SLUG } from './slug.ts'
import { readStoredSections } from './stored-sections.ts'
import { type NewFile, STAGING, writeFilesAtomically } from './write-files-atomically.ts'

const isEmpty = async (folder: string): Promise<boolean> => {
  try {
    return (await readdir(folder)).every((name) => name === STAGING)
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'ENOENT') return true
      if (error.code === 'ENOTDIR') {
        throw new CommandError(`${folder} is a file, or a part of its path is; name a folder.`)
      }
    }
    const sentence = describeReadError(error)
    throw sentence === null ? error : new CommandError(`${folder} ${sentence}.`)
  }
}

/**
 * Writes `folder/<language>/<slug>.md`, all or none.
 * @param overwrite writes into a folder that is not empty; removes no file
 * @throws CommandError
 */
export const exportFiles = async (
  { client, scope }: Project,
  folder: string,
  { overwrite }: { overwrite: boolean }
): Promise<{ sections: number; files: string[] }> => {
  if (!overwrite && !(await isEmpty(folder))) {
    throw new CommandError(`${folder} is not empty; --overwrite writes into it all the same.`)
  }
  const stored = await readStoredSections(client, scope)
  const files: NewFile[] = []
  let sections = 0
  for (const { slug, published } of stored.values()) {
    // The slug becomes a file name.
    if (published === null || !SLUG.test(slug)) continue
    sections += 1
    for (const language of LANGUAGES) {
      const title = published[`title_${language}`]
      const content = published[`content_${language}`]
      if (title === null || content === null) continue
      const { category, sort_order: order } = published
      const questions = published[`questions_${language}`]
      const text = writeSectionFile({ title, category, order, questions, content })
      files.push({ path: join(language, `${slug}.md`), text })
    }
  }
  return { sections, files: await writeFilesAtomically(folder, files) }
}
