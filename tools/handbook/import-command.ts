// Runs `import`: reads the files, then shows, drafts or publishes their changes.
import { say } from '../../dev/run-command.ts'
import { type FileWarning, formatFileWarning } from './document-blocks.ts'
import { type ImportPlan, planImport } from './import-plan.ts'
import { printable } from './plain-text.ts'
import { countsLine, planCounts, planLines } from './plan-report.ts'
import type { Project } from './project.ts'
import { type Published, publishDrafts, publishedLines } from './publish.ts'
import { type ReadFiles, type ReadOptions, readFiles } from './read-files.ts'
import { type SavedDrafts, saveDrafts } from './save-drafts.ts'
import { readStoredSections } from './stored-sections.ts'

/** Pages of a long PDF between two lines of progress. */
const PAGES_PER_LINE = 50
/** Files between two lines of progress. */
const FILES_PER_LINE = 100

type ImportOptions = Omit<ReadOptions, 'onProgress'> & { dryRun: boolean; publish: boolean }

type ImportResult = {
  files: number
  plan: ImportPlan | null
  refused: FileWarning[]
  remarks: FileWarning[]
  saved: SavedDrafts | null
  published: Published | null
}

export const readWithProgress = async (
  paths: readonly string[],
  options: ReadOptions
): Promise<ReadFiles> => {
  let files = 0
  return readFiles(paths, {
    ...options,
    onProgress: ({ file, page, pages }) => {
      if (page === 0) {
        files += 1
        if (files % FILES_PER_LINE === 0) say(`Reading file ${files} …`)
      } else if (page % PAGES_PER_LINE === 0) {
        say(`${file}: page ${page} of ${pages}`)
      }
    }
  })
}

export const sayRead = ({ sections, refused, remarks, files }: ReadFiles): void => {
  for (const remark of remarks) say(printable(formatFileWarning(remark)))
  for (const problem of refused) say(`CANNOT BE READ  ${printable(formatFileWarning(problem))}`)
  say(`${files} files read, ${sections.length} sections, ${refused.length} problems.`)
}

export const importSections = async (
  project: Project,
  read: ReadFiles,
  { dryRun, publish }: ImportOptions
): Promise<ImportResult> => {
  const { refused, remarks, files } = read
  const plan = planImport(read.sections, await readStoredSections(project.client, project.scope))
  const nothing = { files, plan, refused, remarks, saved: null, published: null }
  if (dryRun) {
    for (const line of planLines(plan)) process.stdout.write(`${printable(line)}\n`)
    say(`${project.name}: ${countsLine(planCounts(plan))}. Nothing was written.`)
    return nothing
  }
  say(`${project.name}: ${countsLine(planCounts(plan))}.`)
  const saved = await saveDrafts(project, plan.sections, say)
  say(`${saved.written} sections drafted, ${saved.embedded} vectors made.`)
  if (!publish) {
    if (saved.draftIds.length > 0) {
      say(`${saved.draftIds.length} drafts wait for: npm run handbook -- publish`)
    }
    return { ...nothing, saved }
  }
  if (saved.draftIds.length === 0) {
    say('There is nothing to publish.')
    return { ...nothing, saved }
  }
  const published = await publishDrafts(project, saved.draftIds, { dryRun: false })
  for (const line of publishedLines(published, { dryRun: false })) say(printable(line))
  return { ...nothing, saved, published }
}

const savedJson = ({ draftIds, ...counts }: SavedDrafts) => ({
  drafts: draftIds.length,
  ...counts
})

export const importedJson = ({ plan, saved, ...result }: ImportResult) => ({
  ...result,
  sections:
    plan?.sections.map(({ slug, state, missing: missingTranslation }) => ({
      slug,
      state,
      missingTranslation
    })) ?? [],
  kept: plan?.kept ?? [],
  counts: plan === null ? null : planCounts(plan),
  saved: saved === null ? null : savedJson(saved)
})
