// `npm run handbook`: runs a manager's command on a restaurant's or a brand's handbook.
import { parseArgs } from 'node:util'
import { CommandError, runCommand, say } from '../../dev/run-command.ts'
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
  runGolden
} from './golden-questions.ts'
import { importedJson, importSections, readWithProgress, sayRead } from './import-command.ts'
import { printable } from './plain-text.ts'
import { type RequestedScope, withProject } from './project.ts'
import { findDrafts, publishDrafts, publishedLines } from './publish.ts'
import { readRetention, retentionLine, retentionSetLine, setRetention } from './retention.ts'
import { findSections, retiredLines, retireSections } from './retire.ts'
import { SLUG } from './slug.ts'
import { USAGE } from './usage-text.ts'

const EXIT_USAGE = 64

const readArguments = () => {
  try {
    return parseArgs({
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
    // parseArgs throws for an option that it does not know, and names it.
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}

const wrong = (message: string): CommandError =>
  new CommandError(`${message}\n\n${USAGE}`, EXIT_USAGE)

type Options = ReturnType<typeof readArguments>['values']

const languageOf = (word: string | undefined): Language | undefined => {
  if (word === undefined) return undefined
  const read = languageSchema.safeParse(word)
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

const placeOf = ({ group, brand, organisation }: Options): RequestedScope => ({
  isBrand: brand,
  ...(group === undefined ? {} : { group }),
  ...(organisation === undefined ? {} : { organisation })
})

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
  const language = languageOf(options.language)
  const level = options['split-at']
  const atLevel = level === undefined ? undefined : wholeNumber('--split-at', level, 1, 6)
  const wanted = {
    dryRun: options['dry-run'],
    publish: options.publish,
    ...(language === undefined ? {} : { language }),
    ...(options.category === undefined ? {} : { category: options.category }),
    ...(atLevel === undefined ? {} : { atLevel })
  }
  const read = await readWithProgress(files, wanted)
  sayRead(read)
  if (read.sections.length === 0) {
    printJson(options, importedJson({ ...read, plan: null, saved: null, published: null }))
    throw new CommandError('There is nothing to import; nothing was written.')
  }
  if (read.refused.length > 0 && !wanted.dryRun) {
    printJson(options, importedJson({ ...read, plan: null, saved: null, published: null }))
    throw new CommandError('Nothing was written. Mend what could not be read, or leave it out.')
  }
  return withProject(placeOf(options), async (project) => {
    const imported = await importSections(project, read, wanted)
    printJson(options, importedJson(imported))
    const { published } = imported
    return read.refused.length > 0 || (published !== null && hasRegressions(published.golden))
      ? 1
      : 0
  })
}

const publishCommand = (options: Options, slugs: readonly string[]): Promise<number> =>
  withProject(placeOf(options), async (project) => {
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
  return withProject(placeOf(options), async (project) => {
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
  return withProject(placeOf(options), async (project) => {
    const exported = await exportFiles(project, folder, { overwrite: options.overwrite })
    say(
      `${exported.sections} sections of ${project.name} in ${exported.files.length} files: ${folder}`
    )
    printJson(options, exported)
    return 0
  })
}

const embedCommand = (options: Options, words: readonly string[]): Promise<number> => {
  if (words.length > 0) throw wrong('embed takes no more words.')
  const { model, cancel } = options
  if (model !== undefined && cancel) throw wrong('--model and --cancel exclude each other.')
  const isChange = model !== undefined || cancel
  if (isChange && options.group !== undefined) {
    throw wrong('A model is changed for the brand, not for one of its restaurants.')
  }
  const wanted = model === undefined ? undefined : parseEmbeddingModel(model)
  const place = isChange ? { ...placeOf(options), isBrand: true } : placeOf(options)
  return withProject(place, async (project) => {
    if (cancel) {
      printJson(options, await cancelEmbeddingModelChange(project, say))
      return 0
    }
    if (wanted === undefined) {
      printJson(options, await embedMissingTexts(project, say))
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
    return withProject(placeOf(options), async (project) => {
      const kept = await readRetention(project)
      print([retentionLine(kept)])
      printJson(options, kept)
      return 0
    })
  }
  const days = daysOf('DAYS', word)
  if (options.group !== undefined) {
    throw wrong('Days are set for the brand, not for one of its restaurants.')
  }
  return withProject({ ...placeOf(options), isBrand: true }, async (project) => {
    const before = await readRetention(project)
    await setRetention(project, days)
    print([retentionSetLine(before, days)])
    printJson(options, { ...before, days })
    return 0
  })
}

const cautionCommand = (options: Options, names: readonly string[]): Promise<number> => {
  const { add, remove } = options
  if (add && remove) throw wrong('--add and --remove exclude each other.')
  if (!add && !remove) {
    if (names.length > 0) throw wrong('caution needs --add or --remove with the names of topics.')
    return withProject(placeOf(options), async (project) => {
      const caution = await readCautionTopics(project)
      print(cautionLines(caution))
      printJson(options, caution)
      return 0
    })
  }
  if (names.length === 0) throw wrong('caution needs the names of the topics.')
  const misnamed = names.filter((name) => !SLUG.test(name))
  if (misnamed.length > 0) {
    throw wrong(`A topic is lower-case words joined by hyphens, not "${misnamed.join('", "')}".`)
  }
  if (options.group !== undefined) {
    throw wrong('Caution topics are set for the brand, not for one of its restaurants.')
  }
  return withProject({ ...placeOf(options), isBrand: true }, async (project) => {
    const change = add ? { add: names, remove: [] } : { add: [], remove: names }
    const caution = await changeCautionTopics(project, change)
    print([
      ...cautionLines(caution),
      ...unmatchedTopicsLines(await findUnmatchedTopics(project, change.add))
    ])
    printJson(options, caution)
    return 0
  })
}

const gapsCommand = (options: Options, words: readonly string[]): Promise<number> => {
  const [action, id, ...others] = words
  if (action === undefined) {
    const days = daysOf('--days', options.days)
    const status = statusOf(options.status)
    return withProject(placeOf(options), async (project) => {
      const gaps = await listGaps(project, { days, status })
      if (options.json) printJson(options, { gaps })
      else print(gapLines(gaps))
      return 0
    })
  }
  if (id === undefined || others.length > 0) throw wrong(`gaps ${action} needs the id of one gap.`)
  const { section } = options
  const settle = (settled: Parameters<typeof resolveGap>[2], said: string): Promise<number> =>
    withProject(placeOf(options), async (project) => {
      await resolveGap(project, id, settled)
      say(said)
      return 0
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

const goldenCommand = (options: Options, words: readonly string[]): Promise<number> => {
  const [action, ...rest] = words
  const text = rest.join(' ').trim()
  switch (action) {
    case 'list':
    case 'run':
      if (text !== '') throw wrong(`golden ${action} takes no more words.`)
      return withProject(placeOf(options), async (project) => {
        const questions = await runGolden(project)
        if (options.json) printJson(options, { questions })
        else print(action === 'list' ? goldenLines(questions) : goldenResultLines(questions))
        return action === 'run' && questions.some(({ is_kept: isKept }) => !isKept) ? 1 : 0
      })
    case 'add': {
      if (text === '') throw wrong('golden add needs the question.')
      const { section, 'must-say': mustSay } = options
      if (section === undefined) throw wrong('golden add needs --section SLUG.')
      const language = languageOf(options.language) ?? 'en'
      return withProject(placeOf(options), async (project) => {
        const id = await addGolden(project, { question: text, language, section, mustSay })
        say(`Kept: ${id}`)
        printJson(options, { id })
        return 0
      })
    }
    case 'forget':
      if (text === '') throw wrong('golden forget needs the id of a question.')
      return withProject(placeOf(options), async (project) => {
        await deleteGolden(project, text)
        say('Forgotten.')
        return 0
      })
    default:
      throw wrong(
        action === undefined ? 'golden needs a word.' : `golden does not know "${action}".`
      )
  }
}

await runCommand(async () => {
  const { values, positionals } = readArguments()
  const [command, ...words] = positionals
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  switch (command) {
    case 'import':
      return importCommand(values, words)
    case 'publish':
      return publishCommand(values, words)
    case 'retire':
      return retireCommand(values, words)
    case 'export':
      return exportCommand(values, words)
    case 'embed':
      return embedCommand(values, words)
    case 'gaps':
      return gapsCommand(values, words)
    case 'golden':
      return goldenCommand(values, words)
    case 'retention':
      return retentionCommand(values, words)
    case 'caution':
      return cautionCommand(values, words)
    default:
      throw wrong(command === undefined ? 'Which command?' : `There is no command "${command}".`)
  }
})
