// Encrypts the session on disk, only with a keyring that protects it.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { createKeyringVault, type Keyring } from '../../../../src/main/electron/keyring-vault.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { createFakeClock } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'

/** Flips bits: enough to show that nothing is written in clear. */
const flip = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0x5a))
type KeyringState = {
  available: boolean
  backend: ReturnType<Keyring['getSelectedStorageBackend']>
  rotated: boolean
  lost: boolean
}

const folder = temporaryFolder()
let path = ''
let state: KeyringState
beforeEach(() => {
  path = join(folder.path, 'session.vault')
  state = { available: true, backend: 'gnome_libsecret', rotated: false, lost: false }
})

const vault = (platform: NodeJS.Platform = 'linux') =>
  createKeyringVault(
    {
      isAsyncEncryptionAvailable: async () => state.available,
      getSelectedStorageBackend: () => state.backend,
      encryptStringAsync: async (text) => flip(Buffer.from(text)),
      decryptStringAsync: async (bytes) => {
        if (state.lost) throw new Error('the key is gone')
        return { result: flip(bytes).toString(), shouldReEncrypt: state.rotated }
      }
    },
    path,
    platform,
    createFakeClock(),
    createRecordingLog()
  )

it('writes a text encrypted, in a private file', async () => {
  await vault().write('{"refresh_token":"r"}')
  expect(readFileSync(path, 'utf8')).not.toContain('refresh_token')
  expect(statSync(path).mode & 0o077).toBe(0)
  expect(await vault().read()).toEqual({ kind: 'stored', text: '{"refresh_token":"r"}' })
  expect(readdirSync(folder.path)).toEqual(['session.vault'])
})

it('is empty at first and after it was cleared, also twice', async () => {
  expect(await vault().read()).toEqual({ kind: 'empty' })
  await vault().write('x')
  await vault().clear()
  await vault().clear()
  expect(await vault().read()).toEqual({ kind: 'empty' })
})

it.each([
  ['linux', 'basic_text', true, false],
  ['linux', 'unknown', true, false],
  ['linux', 'gnome_libsecret', true, true],
  ['linux', 'kwallet6', true, true],
  ['win32', 'unknown', true, true],
  ['darwin', 'unknown', true, true],
  ['darwin', 'unknown', false, false]
] as const)('reports on %s with %s, available to Electron %s: %s', async (...given) => {
  const [platform, backend, available, expected] = given
  Object.assign(state, { backend, available })
  expect(await vault(platform).available()).toBe(expected)
})

it('reports a file that it cannot decrypt, and keeps it', async () => {
  await vault().write('x')
  state.lost = true
  expect(await vault().read()).toEqual({ kind: 'unreadable', reason: 'the key is gone' })
  expect(readdirSync(folder.path)).toEqual(['session.vault'])
})

it('sets a file aside unchanged under a dated name', async () => {
  writeFileSync(path, 'bytes')
  const name = await vault().setAside()
  expect(name).toMatch(/session\.vault\.2026-11-20T/)
  expect(readFileSync(name, 'utf8')).toBe('bytes')
  expect(await vault().read()).toEqual({ kind: 'empty' })
})

it('encrypts the session again when the system rotated its key', async () => {
  await vault().write('x')
  const before = statSync(path).ino
  state.rotated = true
  expect(await vault().read()).toEqual({ kind: 'stored', text: 'x' })
  expect(statSync(path).ino).not.toBe(before)
})
