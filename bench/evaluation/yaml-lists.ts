// Reads a folder of YAML lists and names each invalid entry by file and id.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import type { z } from 'zod'

const LIST_FILE = /\.yaml$/

/** One sentence a problem. */
export class EvaluationSetError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'EvaluationSetError'
    this.problems = problems
  }
}

const idOf = (entry: unknown, place: number): string =>
  typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string'
    ? entry.id
    : `entry ${place + 1}`

const describeIssue = (file: string, id: string, issue: z.core.$ZodIssue): string => {
  const where = issue.path.filter((step) => typeof step !== 'symbol').join('.')
  return `${file}: ${id}: ${where === '' ? '' : `${where} `}${issue.message}.`
}

type ReadList<Entry> = { entries: Entry[]; problems: string[] }

const readList = <Entry>(file: string, yaml: string, schema: z.ZodType<Entry>): ReadList<Entry> => {
  const document = parseDocument(yaml)
  const broken = document.errors[0]
  if (broken !== undefined) {
    const message = broken.message.split('\n', 1)[0] ?? ''
    return { entries: [], problems: [`${file}: is not YAML: ${message}`] }
  }
  const list: unknown = document.toJS()
  if (!Array.isArray(list)) return { entries: [], problems: [`${file}: is not a list.`] }
  const entries: Entry[] = []
  const problems: string[] = []
  for (const [place, entry] of list.entries()) {
    const parsed = schema.safeParse(entry)
    if (parsed.success) entries.push(parsed.data)
    else {
      const id = idOf(entry, place)
      problems.push(...parsed.error.issues.map((issue) => describeIssue(file, id, issue)))
    }
  }
  return { entries, problems }
}

/**
 * In the order of the file names.
 * @throws EvaluationSetError with all problems; errors of the file system
 */
export const loadLists = async <Entry extends { id: string }>(
  folder: string,
  schema: z.ZodType<Entry>
): Promise<Entry[]> => {
  const files = (await readdir(folder)).filter((name) => LIST_FILE.test(name)).sort()
  const all: Entry[] = []
  const problems: string[] = []
  const fileOfId = new Map<string, string>()
  for (const file of files) {
    const read = readList(file, await readFile(join(folder, file), 'utf8'), schema)
    problems.push(...read.problems)
    for (const entry of read.entries) {
      const other = fileOfId.get(entry.id)
      if (other === undefined) fileOfId.set(entry.id, file)
      else problems.push(`${file}: ${entry.id}: id is taken by an entry of ${other}.`)
      all.push(entry)
    }
  }
  if (files.length === 0) problems.push(`${folder}: holds no .yaml file.`)
  if (problems.length > 0) throw new EvaluationSetError(problems)
  return all
}
