/// <reference types="node" />
// Text is read in steam and glare: the contrast is at least 7:1.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const tokens = readFileSync(
  new URL('../../../../../src/renderer/ui/css/tokens.css', import.meta.url),
  'utf8'
)

const colour = (name: string): string => {
  const found = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(tokens)?.[1]
  if (found === undefined) throw new Error(`tokens.css has no --${name}`)
  return found
}

/** WCAG 2.2 relative luminance. */
const luminance = (hex: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const SURFACES = ['background', 'surface', 'surface-high']
const WORDS = ['text', 'text-soft', 'ready', 'listening', 'processing', 'speaking', 'error', 'idle']

test.each(WORDS.flatMap((word) => SURFACES.map((surface) => [word, surface] as const)))(
  'contrasts %s on %s',
  (word, surface) => {
    expect(contrast(colour(word), colour(surface))).toBeGreaterThanOrEqual(7)
  }
)

// WCAG 2.2, 1.4.11: borders of controls and tracks of sliders.
test.each(SURFACES)('contrasts a border on %s', (surface) => {
  expect(contrast(colour('line'), colour(surface))).toBeGreaterThanOrEqual(3)
})

test.each(['text', 'listening'])('contrasts dark words on %s', (accent) => {
  expect(contrast(colour('on-accent'), colour(accent))).toBeGreaterThanOrEqual(7)
})
