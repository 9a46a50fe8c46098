// What a release may be started with.
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
])('of %j refuses %j', (argv, refused) => {
  expect(disallowedSwitches(argv)).toEqual(refused)
})

it('takes a package for a release unless its manifest says otherwise', () => {
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
