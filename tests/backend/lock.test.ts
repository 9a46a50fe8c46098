// One process per data folder, whatever ends it: real processes, real signals.
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FolderLocked, lockFolder } from '../../local/backend/lock.ts'
import { eventually } from '../eventually.ts'
import {
  type BackendProcess,
  endProcess,
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  spawnBackend,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './stack-parts.ts'

const slugRows = z.array(z.object({ slug: z.string() }))

const isLinux = process.platform === 'linux'
if (!isLinux) {
  console.log('lock.test.ts: pid reuse and orphans are read from /proc, so only Linux checks them.')
}
/** No process has it: above the largest pid that Linux gives out (2^22). */
const DEAD_PID = 4_194_305

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  await removeFolder(folder)
})

const writeLock = async (lock: Partial<Record<string, unknown>>): Promise<void> =>
  writeFile(
    join(folder, 'lock.json'),
    JSON.stringify({
      pid: DEAD_PID,
      host: hostname(),
      processStart: null,
      since: '2026-01-01T00:00:00.000Z',
      ...lock
    })
  )

describe('the lock of a data folder', () => {
  it('is refused to everybody else while its holder lives, naming folder, pid and remedy', async () => {
    const lock = await lockFolder(folder)
    const refused = await lockFolder(folder).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(FolderLocked)
    expect(String(refused)).toContain(folder)
    expect(String(refused)).toContain(`kill ${process.pid}`)
    lock.release()
  })

  it('leaves nothing behind when it is released, and can be taken again', async () => {
    const first = await lockFolder(folder)
    first.release()
    expect(await readdir(folder)).toEqual([])
    const second = await lockFolder(folder)
    expect(second.leftBy).toBeNull()
    second.release()
  })

  it('does not release what somebody else has taken since', async () => {
    const lock = await lockFolder(folder)
    await writeLock({ pid: 1 })
    lock.release()
    expect(await readFile(join(folder, 'lock.json'), 'utf8')).toContain('"pid":1')
  })

  it('is taken over from a process that is gone, and says so', async () => {
    await writeLock({})
    const lock = await lockFolder(folder)
    expect(lock.leftBy).toEqual({ pid: DEAD_PID, reason: `process ${DEAD_PID} is gone` })
    lock.release()
  })

  it('goes to exactly one of many that find it stale at once', async () => {
    await writeLock({})
    const tried = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)))
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of tried) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(FolderLocked)
    }
  })

  it.runIf(isLinux)('is taken over when its pid belongs to another program now', async () => {
    await writeLock({ pid: process.pid, processStart: 'another boot:1' })
    const lock = await lockFolder(folder)
    expect(lock.leftBy?.reason).toContain('belongs to another program')
    lock.release()
  })

  it('is not judged when another machine holds it', async () => {
    await writeLock({ host: 'another-machine' })
    await expect(lockFolder(folder)).rejects.toThrow(/another-machine.*lock\.json/)
  })

  it('is taken over when the disk lost its content', async () => {
    await writeFile(join(folder, 'lock.json'), '')
    const lock = await lockFolder(folder)
    expect(lock.leftBy).not.toBeNull()
    lock.release()
  })
})

/** Children of a process that still run, from /proc. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)

const runs = (pid: number): boolean => {
  if (!readdirSync('/proc').includes(String(pid))) return false
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

describe('a backend that is killed', () => {
  let model: ModelEndpoints
  let handbook: string
  const started: BackendProcess[] = []
  const start = (): BackendProcess => {
    const backend = spawnBackend([
      ...['--data', folder, '--handbook', handbook],
      ...['--openai-url', model.url, '--openai-key', 'sk-test']
    ])
    started.push(backend)
    return backend
  }

  beforeAll(async () => {
    model = await startModelEndpoints()
    handbook = await temporaryFolder()
    await writeFiles(handbook, SMALL_HANDBOOK)
  })
  afterEach(async () => {
    for (const backend of started.splice(0)) await endProcess(backend, 'SIGKILL')
  })
  afterAll(async () => {
    await model.close()
    await removeFolder(handbook)
  })

  it('loses nothing that it had acknowledged, and the next start says what it found', async () => {
    const killed = start()
    const { url, secretKey, accounts } = await killed.ready
    const organisationOf = async (slug: string): Promise<boolean> => {
      const response = await fetch(`${url}/rest/v1/organisations`, {
        method: 'POST',
        headers: { apikey: secretKey, 'content-type': 'application/json' },
        body: JSON.stringify({ slug, name: slug })
      })
      return response.status === 201
    }
    const acknowledged: string[] = []
    let writing = true
    const writer = (async () => {
      for (let number = 0; writing; number += 1) {
        const slug = `written-${number}`
        if (await organisationOf(slug).catch(() => false)) acknowledged.push(slug)
        else writing = false
        // In the middle of the writing, not after it.
        if (number === 40) killed.child.kill('SIGKILL')
      }
    })()
    const children = isLinux ? childrenOf(killed.pid) : []
    expect(await killed.ended).toBe('SIGKILL')
    await writer
    expect(acknowledged.length).toBeGreaterThanOrEqual(40)

    const next = start()
    const again = await next.ready
    expect(again.found).toMatchObject({ isNew: false, closedCleanly: false, accounts: 3 })
    expect(again.found.sections).toBe(3)
    expect(next.lines.join('\n')).toContain(`process ${killed.pid} is gone`)
    expect(again.accounts).toEqual(accounts)
    const rows = slugRows.parse(
      await (
        await fetch(`${again.url}/rest/v1/organisations?select=slug`, {
          headers: { apikey: again.secretKey }
        })
      ).json()
    )
    const slugs = new Set(rows.map(({ slug }) => slug))
    expect(acknowledged.filter((slug) => !slugs.has(slug))).toEqual([])

    // Its functions noticed by themselves that nobody is there any more.
    expect(isLinux ? children.length : 1).toBeGreaterThan(0)
    await eventually(() => expect(children.filter(runs)).toEqual([]))

    expect(await endProcess(next, 'SIGTERM')).toBe(0)
    const third = start()
    expect((await third.ready).found.closedCleanly).toBe(true)
  })

  it('is not joined by a second one: that ends with 75 and a sentence with the pid', async () => {
    const holder = start()
    await holder.ready
    const second = start()
    expect(await second.ended).toBe(75)
    expect(second.lines).toHaveLength(1)
    expect(second.lines[0]).toContain(folder)
    expect(second.lines[0]).toContain(`process ${holder.pid}`)
    const { url } = await holder.ready
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('while it creates its database leaves a folder that the next start creates again', async () => {
    const killed = start()
    await killed.said(/creating the database/)
    await eventually(async () => expect(await readdir(folder)).toContain('postgres'))
    await endProcess(killed, 'SIGKILL')
    const next = start()
    const { found, accounts } = await next.ready
    expect(found.isNew).toBe(true)
    expect(next.lines.join('\n')).toContain('never finished')
    expect(accounts).toHaveLength(3)
  })

  it('politely, while it starts, ends without a trace of a lock', async () => {
    const backend = start()
    await backend.said(/creating the database/)
    expect(await endProcess(backend, 'SIGTERM')).toBe(0)
    expect(await readdir(folder)).not.toContain('lock.json')
  })

  it('ends with its parent when it was started --with-parent', async () => {
    const backend = spawnBackend([
      ...['--data', folder, '--handbook', handbook, '--with-parent'],
      ...['--openai-url', model.url, '--openai-key', 'sk-test']
    ])
    started.push(backend)
    await backend.ready
    backend.child.stdin?.end()
    expect(await backend.ended).toBe(0)
  })
})
