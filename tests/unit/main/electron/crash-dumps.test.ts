// Keeps the newest crash dumps on the kiosk. `tests/package/packed-app.test.ts` crashes the real program.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keepCrashDumps } from '../../../../src/main/electron/crash-dumps.ts'

it('keeps the ten newest dumps and never uploads one', () => {
  const userData = mkdtempSync(join(tmpdir(), 'heard-crashes-'))
  const pending = join(userData, 'crashes', 'pending')
  mkdirSync(pending, { recursive: true })
  for (let age = 0; age < 12; age += 1) {
    for (const ending of ['dmp', 'meta']) {
      const path = join(pending, `${age}.${ending}`)
      writeFileSync(path, '')
      utimesSync(path, 1_000 - age, 1_000 - age)
    }
  }
  const calls: unknown[] = []
  keepCrashDumps(
    { setPath: (name, path) => calls.push([name, path]) },
    { start: (options) => calls.push(options) },
    userData
  )
  expect(readdirSync(pending).sort()).toEqual(
    Array.from({ length: 10 }, (_, age) => [`${age}.dmp`, `${age}.meta`])
      .flat()
      .sort()
  )
  expect(calls).toEqual([
    ['crashDumps', join(userData, 'crashes')],
    expect.objectContaining({ uploadToServer: false })
  ])
  rmSync(userData, { recursive: true })
})
