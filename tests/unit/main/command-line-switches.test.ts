// Restricts the command line of a release.
import { expect, it } from 'vitest'
import { disallowedSwitches } from '../../../src/main/command-line-switches.ts'
import { flavourOf, readManifest } from '../../../src/main/flavour.ts'

it.each([
  [['heard'], []],
  [['heard', '--updated'], []],
  [['heard', '--disable-gpu', '--force-fieldtrials=A/B/'], []],
  [['heard', '--remote-debugging-port=9222'], ['remote-debugging-port']],
  [['heard', '--REMOTE-debugging-port=9222'], ['remote-debugging-port']],
  [['heard', '-remote-debugging-port=9222'], ['remote-debugging-port']],
  [['heard', '/remote-debugging-port=9222'], ['remote-debugging-port']],
  [
    ['heard', '--no-sandbox', '--lang=es', '--js-flags=--expose-gc'],
    ['no-sandbox', 'js-flags']
  ],
  [['heard', '--'], ['']]
])('in %j refuses %j', (argv, refused) => {
  expect(disallowedSwitches(argv)).toEqual(refused)
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
