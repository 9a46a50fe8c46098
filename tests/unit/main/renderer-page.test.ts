import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pageHeaders, readPageFiles } from '../../../src/main/renderer-page.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const folder = temporaryFolder()

it('maps the page and its assets by URL path, and no other file', () => {
  for (const name of ['index.html', 'assets/a.js', 'assets/a.js.map']) folder.write(name, '')
  const files = readPageFiles(folder.path)
  expect([...files.keys()].sort()).toEqual(['/', '/assets/a.js', '/index.html'])
  expect(files.get('/assets/a.js')?.contentType).toBe('text/javascript; charset=utf-8')
})

it('names the build command when the renderer has not been built', () => {
  expect(() => readPageFiles(join(folder.path, 'nowhere'))).toThrow(/npm run build/)
})

it('allows the page its own scripts and no network', () => {
  const policy = pageHeaders("'none'")['content-security-policy']
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("connect-src 'none'")
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
})

it('allows the page no dialog, window or download, and no policy for trusted types', () => {
  const policy = pageHeaders("'none'")['content-security-policy']?.split('; ')
  expect(policy).toContain('sandbox allow-scripts allow-same-origin allow-forms')
  expect(policy).toContain("trusted-types 'none'")
})

it('allows the page HID devices and no other device', () => {
  const policy = pageHeaders("'none'")['permissions-policy']
  expect(policy).toContain('hid=(self)')
  for (const device of ['usb', 'serial', 'midi', 'camera']) expect(policy).toContain(`${device}=()`)
})
