// Restricts the command line of a release.
import { expect, it } from 'vitest'
import { disallowedArguments } from '../../../src/main/command-line-switches.ts'
import { flavourOf, readManifest } from '../../../src/main/flavour.ts'

it.each([
  [[]],
  [['--updated', '--force-run']],
  [['--disable-gpu', '--force-fieldtrials=A/B/', '--lang=es']]
])('allows %j', (given) => {
  expect(disallowedArguments(['heard', ...given])).toEqual([])
})

it.each([
  ['--remote-debugging-port=9222', '--remote-debugging-port'],
  ['--REMOTE-debugging-port=9222', '--REMOTE-debugging-port'],
  ['-remote-debugging-port=9222', '-remote-debugging-port'],
  ['/remote-debugging-port=9222', '/remote-debugging-port'],
  // Chromium trims these to a switch.
  [' --remote-debugging-port=9334', ' --remote-debugging-port'],
  ['\t--no-sandbox', '\t--no-sandbox'],
  ['\u00a0--no-sandbox', '\u00a0--no-sandbox'],
  ['\u2003--no-sandbox', '\u2003--no-sandbox'],
  ['--no-sandbox ', '--no-sandbox '],
  ['--lang=es\n', '--lang'],
  // A lenient parser would see an allowed switch in these.
  ['-updated', '-updated'],
  ['/updated', '/updated'],
  ['--Updated', '--Updated'],
  ['--updated ', '--updated '],
  ['---updated', '---updated'],
  ['--', '--'],
  ['-', '-'],
  ['', ''],
  ['https://example.com', 'https://example.com'],
  ['/tmp/page.html', '/tmp/page.html'],
  ['--token=secret', '--token']
])('refuses %j', (argument, shown) => {
  expect(disallowedArguments(['heard', argument])).toEqual([shown])
})

it('refuses an allowed switch the second time', () => {
  expect(disallowedArguments(['heard', '--lang=es', '--lang=en'])).toEqual(['--lang'])
})

it('treats a package as a release unless its manifest marks it for checks', () => {
  expect(flavourOf(false, { heardFlavour: 'checks' })).toBe('checkout')
  expect(flavourOf(true, { heardFlavour: 'checks' })).toBe('checks')
  for (const manifest of [
    null,
    {},
    { heardFlavour: 'release' },
    { heardFlavour: true },
    'checks'
  ]) {
    expect(flavourOf(true, manifest)).toBe('release')
  }
  expect(readManifest('/nowhere')).toBeNull()
})
