// Converts sample rates with a windowed-sinc filter, without images or aliases.

/** Half-width of the filter in zero crossings: about 80 dB of rejection with the window below. */
const ZERO_CROSSINGS = 16

/** Share of the narrower band that passes; the rest is the filter's slope. */
const PASSBAND = 0.94

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))

/** Blackman window: side lobes below −58 dB, without a parameter to choose. */
const blackman = (x: number): number =>
  0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x)

type Filter = { phases: Float64Array[]; halfWidth: number; up: number; down: number }

const filters = new Map<string, Filter>()

const filterFor = (fromHz: number, toHz: number): Filter => {
  const name = `${fromHz}>${toHz}`
  const known = filters.get(name)
  if (known !== undefined) return known
  const divisor = greatestDivisor(fromHz, toHz)
  const up = toHz / divisor
  const down = fromHz / divisor
  const cutoff = Math.min(1, toHz / fromHz) * PASSBAND
  const halfWidth = Math.ceil(ZERO_CROSSINGS / cutoff)
  const phases = Array.from({ length: up }, (_, phase) => {
    const fraction = phase / up
    const taps = new Float64Array(halfWidth * 2)
    let sum = 0
    for (let tap = 0; tap < taps.length; tap += 1) {
      const distance = tap - halfWidth + 1 - fraction
      const angle = Math.PI * distance * cutoff
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle
      const weight = Math.abs(distance) >= halfWidth ? 0 : sinc * blackman(distance / halfWidth)
      taps[tap] = weight
      sum += weight
    }
    // Unity gain at 0 Hz for every phase: different gains would sound as a tone.
    return taps.map((weight) => weight / sum)
  })
  const filter = { phases, halfWidth, up, down }
  filters.set(name, filter)
  return filter
}

const clamp = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)))

/** Converts one channel of 16-bit samples between two rates in Hz. */
export const resample = (samples: Int16Array, fromHz: number, toHz: number): Int16Array => {
  if (fromHz === toHz) return samples
  const { phases, halfWidth, up, down } = filterFor(fromHz, toHz)
  const result = new Int16Array(Math.floor((samples.length * up) / down))
  for (let index = 0; index < result.length; index += 1) {
    const position = index * down
    const base = Math.floor(position / up)
    const taps = phases[position % up] ?? new Float64Array(0)
    let sum = 0
    for (let tap = 0; tap < taps.length; tap += 1)
      sum += (taps[tap] ?? 0) * (samples[base + tap - halfWidth + 1] ?? 0)
    result[index] = clamp(sum)
  }
  return result
}
