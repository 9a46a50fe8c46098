// Parses JSON without throwing.

/** Undefined for text that is not JSON, such as a proxy's page or a cut-off answer. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
