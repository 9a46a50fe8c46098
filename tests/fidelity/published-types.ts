// Checks recorded traffic against the published types of the `openai` package: the compiler reads each body as a literal of
// its type. It finds missing, wrong and undeclared fields. A new version of the package changes the checks.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrafficEntry } from '../../dev/openai/traffic.ts'

const ROOT = join(import.meta.dirname, '../..')

const IMPORTS = `import type { ErrorObject } from 'openai/resources/shared'
import type { CreateEmbeddingResponse, EmbeddingCreateParams } from 'openai/resources/embeddings'
import type { Model } from 'openai/resources/models'
import type { CallCreateParams } from 'openai/resources/realtime/calls'
import type { ClientSecretCreateParams, ClientSecretCreateResponse } from 'openai/resources/realtime/client-secrets'
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime'
`

/** The types of a successful request and its response, by endpoint; null where the package declares none. */
const ENDPOINTS: Readonly<Record<string, { request: string | null; response: string | null }>> = {
  'POST /v1/realtime/client_secrets': {
    request: 'ClientSecretCreateParams',
    response: 'ClientSecretCreateResponse'
  },
  'POST /v1/realtime/calls': { request: 'CallCreateParams', response: null },
  'POST /v1/embeddings': { request: 'EmbeddingCreateParams', response: 'CreateEmbeddingResponse' },
  'GET /v1/models': { request: null, response: "{ object: 'list'; data: Model[] }" }
}

/** Values that the documents allow and the types lack, by type and path. A field without `instead` is left out. */
const EXCEPTIONS: readonly {
  at: RegExp
  allows: 'null' | 'string' | 'any'
  instead?: unknown
  source: string
}[] = [
  {
    at: /\.session\.audio\.input\.(?:noise_reduction|transcription)$/,
    allows: 'null',
    source: 'Types, RealtimeAudioConfigInput: "can be set to `null` to turn off"'
  },
  {
    at: /\.session\.include$/,
    allows: 'null',
    source: 'Reference, session.created: `include` is null where nothing more is asked for'
  },
  {
    at: /^RealtimeServerEvent\.session\.(?:id|object|expires_at)$/,
    allows: 'any',
    source: 'Reference, session.created: the types name the request instead of the resource'
  },
  {
    at: /\.item\.content\[\d+\]\.transcript$/,
    allows: 'null',
    source: 'Reference, conversation.item.added: audio that is not transcribed yet'
  },
  {
    at: /^RealtimeClientEvent\.previous_item_id$/,
    allows: 'null',
    source: 'Reference, conversation.item.created: null for the first item; clients send it'
  },
  {
    at: /^CreateEmbeddingResponse\.data\[\d+\]\.embedding$/,
    allows: 'string',
    instead: [],
    source: 'Reference, create embeddings: `encoding_format: "base64"`, which the package decodes'
  }
]

const isAllowed = (allows: 'null' | 'string' | 'any', value: unknown): boolean =>
  allows === 'any' || (allows === 'null' ? value === null : typeof value === allows)

/** Fields whose strings are free: their content makes no other shape. */
const FREE_TEXT =
  /(?:^|_)(?:id|audio|delta|text|transcript|arguments|output|instructions|message|description|value|sdp|input)$/

/** Enough of a shape to find it. */
const SHOWN_CHARACTERS = 400

/** The longest list that is checked; a vector has 1,536 numbers. */
const LIST_LIMIT = 40

/** Without exceptions, and with free strings and numbers that are the same in all bodies of a shape. */
const shapeOf = (value: unknown, path: string, name: string): unknown => {
  if (typeof value === 'number') return name === 'rate' ? value : 1
  if (typeof value === 'string') return FREE_TEXT.test(name) ? '…' : value
  if (Array.isArray(value)) {
    return value.slice(0, LIST_LIMIT).map((item, at) => shapeOf(item, `${path}[${at}]`, name))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
      const at = `${path}.${key}`
      const exception = EXCEPTIONS.find((one) => one.at.test(at) && isAllowed(one.allows, field))
      if (exception === undefined) return [[key, shapeOf(field, at, key)]]
      return exception.instead === undefined ? [] : [[key, exception.instead]]
    })
  )
}

const typeOf = (entry: TrafficEntry): string | null => {
  switch (entry.kind) {
    case 'client_event':
      return 'RealtimeClientEvent'
    case 'server_event':
      return 'RealtimeServerEvent'
    default: {
      if (entry.body === null || !/^(?:GET|POST) \/v1\//.test(entry.endpoint)) return null
      if (entry.status >= 400) return '{ error: ErrorObject }'
      const types = ENDPOINTS[entry.endpoint]
      return types === undefined ? 'never' : types[entry.kind]
    }
  }
}

const compile = (folder: string): Promise<string> =>
  new Promise((resolve) => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    execFile(process.execPath, [tsc, '-p', folder], { cwd: folder }, (_error, stdout, stderr) =>
      resolve(stdout + stderr)
    )
  })

/** One sentence for each shape that does not fit: its type, the compiler's reason, and the shape. */
export const mismatches = async (entries: readonly TrafficEntry[]): Promise<string[]> => {
  const literals = new Set<string>()
  for (const entry of entries) {
    const type = typeOf(entry)
    if (type !== null) literals.add(`${type} = ${JSON.stringify(shapeOf(entry.body, type, ''))}`)
  }
  const shapes = [...literals]
  const folder = await mkdtemp(join(tmpdir(), 'heard-published-types-'))
  try {
    const lines = shapes.map((literal, at) => `export const body${at}: ${literal}`)
    await writeFile(join(folder, 'traffic.ts'), `${IMPORTS}${lines.join('\n')}\n`)
    const paths = { 'openai/*': [join(ROOT, 'node_modules/openai/*')] }
    const config = {
      extends: join(ROOT, 'tsconfig.base.json'),
      compilerOptions: { types: [], paths },
      files: ['traffic.ts']
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const output = await compile(folder)
    const firstLine = IMPORTS.split('\n').length
    const found = output.matchAll(/^traffic\.ts\((\d+),\d+\): error TS\d+: (.*(?:\n .*)*)/gm)
    const reasons = [...found].map(([, line, reason]) => {
      const shape = shapes[Number(line) - firstLine]?.slice(0, SHOWN_CHARACTERS)
      return `${reason?.replaceAll(/\n\s+/g, ' ')} In ${shape}`
    })
    if (reasons.length === 0 && output.trim() !== '') throw new Error(output)
    return reasons
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
