// The commands of `npm run handbook`: what a manager does to the handbook of a restaurant or a brand.
import { parseArgs } from 'node:util'
import { CommandError, say } from '../../dev/run-command.ts'
import { type Language, languageSchema } from '../../src/shared/language.ts'
import { RETENTION_DAYS } from '../../supabase/functions/_shared/retention.ts'
import {
  cautionLines,
  changeCautionTopics,
  findUnmatchedTopics,
  readCautionTopics,
  unmatchedTopicsLines
} from './caution-topics.ts'
import {
  cancelEmbeddingModelChange,
  changeEmbeddingModel,
  embedMissingTexts,
  parseEmbeddingModel
} from './embed-command.ts'
import { exportFiles } from './export-files.ts'
import { GAP_STATUSES, type GapStatus, gapLines, listGaps, resolveGap } from './gaps.ts'
import { hasRegressions } from './golden-question-check.ts'
import {
  addGolden,
  deleteGolden,
  goldenLines,
  goldenResultLines,
  lostGolden,
  runGolden,
  setGoldenAside
} from './golden-questions.ts'
import { importedJson, importSections, readWithProgress, sayRead } from './import-command.ts'
import { printable } from './plain-text.ts'
import { type Project, withProject } from './project.ts'
import { findDrafts, publishDrafts, publishedLines } from './publish.ts'
import { readRetention, retentionLine, retentionSetLine, setRetention } from './retention.ts'
import { findSections, retiredLines, retireSections } from './retire.ts'
import { SLUG } from './slug.ts'
import { readUsage, usageLines } from './usage.ts'
import { USAGE } from './usage-text.ts'

const EXIT_USAGE = 64

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        publish: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        language: { type: 'string' },
        category: { type: 'string' },
        'split-at': { type: 'string' },
        overwrite: { type: 'boolean', default: false },
        days: { type: 'string', default: '30' },
        status: { type: 'string', default: 'open' },
        section: { type: 'string' },
        model: { type: 'string' },
        cancel: { type: 'boolean', default: false },
        'must-say': { type: 'string', multiple: true, default: [] },
        why: { type: 'string' },
        add: { type: 'boolean', default: false },
        remove: { type: 'boolean', default: false },
        group: { type: 'string' },
        brand: { type: 'boolean', default: false },
        organisation: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false }
      }
    })
  } catch (error) {
    // parseArgs names the unknown option.
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}

const wrong = (message: string): CommandError =>
  new CommandError(`${message}\n\n${USAGE}`, EXIT_USAGE)

type Options = ReturnType<typeof readArguments>['values']

const languageOf = (word: string | undefined): Language | undefined => {
  const read = languageSchema.optional().safeParse(word)
  if (!read.success) throw wrong(`--language is en or es, not "${word}".`)
  return read.data
}

const wholeNumber = (option: string, word: string, least: number, most: number): number => {
  const number = Number(word)
  if (/^\d+$/.test(word) && number >= least && number <= most) return number
  throw wrong(`${option} is a whole number from ${least} to ${most}, not "${word}".`)
}

const daysOf = (option: string, word: string): number =>
  wholeNumber(option, word, RETENTION_DAYS.least, RETENTION_DAYS.most)

const statusOf = (word: string): GapStatus | null => {
  if (word === 'all') return null
  const status = GAP_STATUSES.find((one) => one === word)
  if (status === undefined)
    throw wrong(`--status is ${GAP_STATUSES.join(', ')} or all, not "${word}".`)
  return status
}

/** Runs a command in the restaurant or brand of the options; it returns an exit code, or nothing for 0. */
const inProject = async (
  { group, brand, organisation }: Options,
  work: (project: Project) => Promise<number | undefined>
): Promise<number> =>
  withProject(
    { isBrand: brand, group, organisation },
    async (project) => (await work(project)) ?? 0
  )

/** @param message for a command that names a restaurant */
const inBrand = (
  options: Options,
  message: string,
  work: (project: Project) => Promise<number | undefined>
): Promise<number> => {
  if (options.group !== undefined) throw wrong(message)
  return inProject({ ...options, brand: true }, work)
}

const print = (lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${printable(line)}\n`)
}

const printJson = (options: Options, value: unknown): void => {
  if (options.json) process.stdout.write(`${JSON.stringify(value)}\n`)
}

const importCommand = async (options: Options, files: readonly string[]): Promise<number> => {
  if (files.length === 0) throw wrong('import needs the files to read.')
  if (options['dry-run'] && options.publish)
    throw wrong('--dry-run and --publish exclude each other.')
  const level = options['split-at']
  const wanted = {
    dryRun: options['dry-run'],
    publish: options.publish,
    language: languageOf(options.language),
    category: options.category,
    atLevel: level === undefined ? undefined : wholeNumber('--split-at', level, 1, 6)
  }
  const read = await readWithProgress(files, wanted)
  sayRead(read)
  const { sections, ...result } = read
  // A handbook is not half imported.
  if (sections.length === 0 || (read.refused.length > 0 && !wanted.dryRun)) {
    printJson(options, importedJson({ ...result, plan: null, saved: null, published: null }))
    throw new CommandError(
      sections.length === 0
        ? 'There is nothing to import; nothing was written.'
        : 'Nothing was written. Mend what could not be read, or leave it out.'
    )
  }
  return inProject(options, async (project) => {
    const imported = await importSections(project, read, wanted)
    printJson(options, importedJson(imported))
    const { published } = imported
    const isRefused = published !== null && hasRegressions(published.golden)
    return read.refused.length > 0 || isRefused ? 1 : 0
  })
}

const publishCommand = (options: Options, slugs: readonly string[]): Promise<number> =>
  inProject(options, async (project) => {
    const dryRun = options['dry-run']
    const drafts = await findDrafts(project, slugs)
    if (drafts.length === 0) {
      say('There is nothing to publish.')
      return 0
    }
    const published = await publishDrafts(project, drafts, { dryRun })
    print(publishedLines(published, { dryRun }))
    printJson(options, published)
    return hasRegressions(published.golden) ? 1 : 0
  })

const retireCommand = (options: Options, slugs: readonly string[]): Promise<number> => {
  if (slugs.length === 0) throw wrong('retire needs the names of the sections.')
  if (options['dry-run'] && options.yes) throw wrong('--dry-run and --yes exclude each other.')
  const dryRun = !options.yes
  return inProject(options, async (project) => {
    const sections = await findSections(project, slugs)
    const retired = await retireSections(project, sections, { dryRun })
    print(retiredLines(retired, { dryRun }))
    printJson(options, retired)
    return hasRegressions(retired.golden) ? 1 : 0
  })
}

const exportCommand = (options: Options, folders: readonly string[]): Promise<number> => {
  const [folder, ...others] = folders
  if (folder === undefined || others.length > 0) throw wrong('export needs one folder.')
  return inProject(options, async (project) => {
    const exported = await exportFiles(project, folder, { overwrite: options.overwrite })
    say(
      `${exported.sections} sections of ${project.name} in ${exported.files.length} files: ${folder}`
    )
    printJson(options, exported)
  })
}

const embedCommand = (options: Options, words: readonly string[]): Promise<number> => {
  if (words.length > 0) throw wrong('embed takes no more words.')
  const { model, cancel } = options
  if (model !== undefined && cancel) throw wrong('--model and --cancel exclude each other.')
  if (model === undefined && !cancel) {
    return inProject(options, async (project) => {
      printJson(options, await embedMissingTexts(project, say))
    })
  }
  const wanted = model === undefined ? null : parseEmbeddingModel(model)
  const message = 'A model is changed for the brand, not for one of its restaurants.'
  return inBrand(options, message, async (project) => {
    if (wanted === null) {
      printJson(options, await cancelEmbeddingModelChange(project, say))
      return 0
    }
    const changed = await changeEmbeddingModel(project, wanted, say)
    printJson(options, changed)
    return changed.isChanged ? 0 : 1
  })
}

const retentionCommand = (options: Options, words: readonly string[]): Promise<number> => {
  const [word, ...others] = words
  if (others.length > 0) throw wrong('retention takes one number of days.')
  if (word === undefined) {
    return inProject(options, async (project) => {
      const retention = await readRetention(project)
      print([retentionLine(retention)])
      printJson(options, retention)
    })
  }
  const days = daysOf('DAYS', word)
  const message = 'Days are set for the brand, not for one of its restaurants.'
  return inBrand(options, message, async (project) => {
    const before = await readRetention(project)
    await setRetention(project, days)
    print([retentionSetLine(before, days)])
    printJson(options, { ...before, days })
  })
}

const cautionCommand = (options: Options, names: readonly string[]): Promise<number> => {
  const { add, remove } = options
  if (add && remove) throw wrong('--add and --remove exclude each other.')
  if (!add && !remove) {
    if (names.length > 0) throw wrong('caution needs --add or --remove with the names of topics.')
    return inProject(options, async (project) => {
      const caution = await readCautionTopics(project)
      print(cautionLines(caution))
      printJson(options, caution)
    })
  }
  if (names.length === 0) throw wrong('caution needs the names of the topics.')
  const misnamed = names.filter((name) => !SLUG.test(name))
  if (misnamed.length > 0) {
    throw wrong(`A topic is lower-case words joined by hyphens, not "${misnamed.join('", "')}".`)
  }
  const message = 'Caution topics are set for the brand, not for one of its restaurants.'
  return inBrand(options, message, async (project) => {
    const change = add ? { add: names, remove: [] } : { add: [], remove: names }
    const caution = await changeCautionTopics(project, change)
    print([
      ...cautionLines(caution),
      ...unmatchedTopicsLines(await findUnmatchedTopics(project, change.add))
    ])
    printJson(options, caution)
  })
}

const usageCommand = (options: Options, words: readonly string[]): Promise<number> => {
  if (words.length > 0) throw wrong('usage takes no more words.')
  const days = daysOf('--days', options.days)
  return inProject(options, async (project) => {
    const usage = await readUsage(project, days)
    if (options.json) printJson(options, usage)
    else print(usageLines(usage))
  })
}

const gapsCommand = (options: Options, words: readonly string[]): Promise<number> => {
  const [action, id, ...others] = words
  if (action === undefined) {
    const days = daysOf('--days', options.days)
    const status = statusOf(options.status)
    return inProject(options, async (project) => {
      const gaps = await listGaps(project, { days, status })
      if (options.json) printJson(options, { gaps })
      else print(gapLines(gaps))
    })
  }
  if (id === undefined || others.length > 0) throw wrong(`gaps ${action} needs the id of one gap.`)
  const { section } = options
  const settle = (settled: Parameters<typeof resolveGap>[2], result: string): Promise<number> =>
    inProject(options, async (project) => {
      await resolveGap(project, id, settled)
      say(result)
    })
  switch (action) {
    case 'answer':
      if (section === undefined) throw wrong('gaps answer needs --section SLUG.')
      return settle({ status: 'answered', section }, `The gap is answered by ${section}.`)
    case 'dismiss':
      return settle({ status: 'dismissed' }, 'The gap is dismissed.')
    case 'reopen':
      return settle({ status: 'open' }, 'The gap is open again.')
    default:
      throw wrong(`gaps does not know "${action}".`)
  }
}

const BRAND_SETS_ASIDE = 'A golden question is set aside by the brand, also that of a restaurant.'

const goldenCommand = (options: Options, words: readonly string[]): Promise<number> => {
  const [action, ...rest] = words
  const text = rest.join(' ').trim()
  switch (action) {
    case 'list':
    case 'run':
      if (text !== '') throw wrong(`golden ${action} takes no more words.`)
      return inProject(options, async (project) => {
        const questions = await runGolden(project)
        if (options.json) printJson(options, { questions })
        else print(action === 'list' ? goldenLines(questions) : goldenResultLines(questions))
        return action === 'run' && lostGolden(questions).length > 0 ? 1 : 0
      })
    case 'add': {
      if (text === '') throw wrong('golden add needs the question.')
      const { section, 'must-say': mustSay } = options
      if (section === undefined) throw wrong('golden add needs --section SLUG.')
      const language = languageOf(options.language) ?? 'en'
      return inProject(options, async (project) => {
        const id = await addGolden(project, { question: text, language, section, mustSay })
        say(`Kept: ${id}`)
        printJson(options, { id })
      })
    }
    case 'forget':
      if (text === '') throw wrong('golden forget needs the id of a question.')
      return inProject(options, async (project) => {
        await deleteGolden(project, text)
        say('Forgotten.')
      })
    case 'set-aside':
    case 'restore': {
      if (text === '') throw wrong(`golden ${action} needs the id of a question.`)
      const reason = action === 'restore' ? null : options.why
      if (reason === undefined) throw wrong('golden set-aside needs --why REASON.')
      return inBrand(options, BRAND_SETS_ASIDE, async (project) => {
        await setGoldenAside(project, text, reason)
        say(reason === null ? 'It is asked again.' : 'Set aside: no publishing asks it.')
      })
    }
    default:
      throw wrong(
        action === undefined ? 'golden needs a word.' : `golden does not know "${action}".`
      )
  }
}

const COMMANDS = new Map([
  ['import', importCommand],
  ['publish', publishCommand],
  ['retire', retireCommand],
  ['export', exportCommand],
  ['embed', embedCommand],
  ['gaps', gapsCommand],
  ['golden', goldenCommand],
  ['usage', usageCommand],
  ['retention', retentionCommand],
  ['caution', cautionCommand]
])

/**
 * Runs a command; returns its exit code.
 * @param args as on the command line, without the program
 * @throws CommandError
 */
export const handbookCommand = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = readArguments(args)
  const [command, ...words] = positionals
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  if (command === undefined) throw wrong('Which command?')
  const run = COMMANDS.get(command)
  if (run === undefined) throw wrong(`There is no command "${command}".`)
  return run(values, words)
}
