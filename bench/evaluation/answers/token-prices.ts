// Computes the price of text in the Realtime API.

/**
 * Dollars per million tokens, as listed on this day, without embeddings and audio. A test compares them with the table
 * `model_prices`.
 */
export const PRICES: {
  readonly date: string
  readonly perMillion: Readonly<Record<string, { input: number; cached: number; output: number }>>
} = {
  date: '2026-11-20',
  perMillion: {
    'gpt-realtime-2.1': { input: 4, cached: 0.4, output: 24 },
    'gpt-realtime-2': { input: 4, cached: 0.4, output: 24 },
    'gpt-realtime-2.1-mini': { input: 0.6, cached: 0.06, output: 2.4 },
    'gpt-realtime-1.5': { input: 4, cached: 0.4, output: 16 }
  }
}

/** In tokens. */
export type Usage = {
  /** Includes `cached`. */
  input: number
  cached: number
  output: number
}

export const NO_USAGE: Usage = { input: 0, cached: 0, output: 0 }

export const addUsage = (one: Usage, other: Usage): Usage => ({
  input: one.input + other.input,
  cached: one.cached + other.cached,
  output: one.output + other.output
})

/** In dollars; null for a model without a listed price. */
export const costOf = (model: string, { input, cached, output }: Usage): number | null => {
  const price = PRICES.perMillion[model]
  if (price === undefined) return null
  const perMillion = (input - cached) * price.input + cached * price.cached + output * price.output
  return perMillion / 1_000_000
}
