// Whose signature Windows holds an installer against. electron-updater checks nothing at all when `app-update.yml`
// names nobody: a release asserts that it does, and the kiosk looks again before it downloads.

/**
 * The publisher names of an `app-update.yml` as electron-builder writes it; empty when it names nobody. No YAML
 * parser: one key with a value, or a list of them, is all that there is to read.
 */
export const publisherNames = (appUpdateYml: string): string[] => {
  const lines = appUpdateYml.split(/\r?\n/)
  const start = lines.findIndex((line) => /^publisherName:/.test(line))
  if (start < 0) return []
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => !/^\s*-\s/.test(line))
  const items = (end < 0 ? rest : rest.slice(0, end)).map((line) => line.replace(/^\s*-\s*/, ''))
  const own = (lines[start] ?? '').slice('publisherName:'.length)
  return [own, ...items]
    .map(unquoted)
    .filter((name) => name !== '' && name !== 'null' && name !== '[]')
}

/** A full distinguished name: one with only a CN is anybody's who gets a certificate with that CN. */
export const isDistinguishedName = (name: string): boolean =>
  /(^|,\s*)CN=[^,]+/.test(name) && /(^|,\s*)O=[^,]+/.test(name) && /(^|,\s*)C=[^,]+/.test(name)

const unquoted = (text: string): string => text.trim().replace(/^(['"])(.*)\1$/, '$2')
