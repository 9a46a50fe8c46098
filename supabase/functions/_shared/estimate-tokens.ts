// Estimates tokens without a tokenizer, which takes megabytes that a function would load at each cold start.

const CHARACTERS_PER_TOKEN = 4
const LAST_ASCII = 0x7f

/**
 * ASCII characters / 4, every other character 1; in quarters of a token, so parts add up to the whole. Exceeds the real
 * count for Chinese and Arabic, and falls short by up to a quarter for short English titles.
 */
export const estimateTokens = (text: string): number => {
  let ascii = 0
  let other = 0
  for (const character of text) {
    if ((character.codePointAt(0) ?? 0) <= LAST_ASCII) ascii += 1
    else other += 1
  }
  return ascii / CHARACTERS_PER_TOKEN + other
}

/** The first lines that fit into `tokenLimit`, each with its line end. */
export const linesWithin = (lines: readonly string[], tokenLimit: number): string[] => {
  let tokens = 0
  const tooLong = lines.findIndex((line) => {
    tokens += estimateTokens(`${line}\n`)
    return tokens > tokenLimit
  })
  return tooLong === -1 ? [...lines] : lines.slice(0, tooLong)
}
