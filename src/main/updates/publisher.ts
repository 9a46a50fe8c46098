// Reads the publisher that Windows checks an installer's signature against. electron-updater checks nothing when
// `app-update.yml` names no publisher: a release asserts one, and the kiosk checks again before it downloads.

/**
 * The publisher names in an `app-update.yml` of electron-builder; empty when there are none. Reads one key with a
 * value or a list, without a YAML parser.
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

/** Requires CN, O and C: any holder of a certificate with the same CN would match a bare CN. */
export const isDistinguishedName = (name: string): boolean =>
  /(^|,\s*)CN=[^,]+/.test(name) && /(^|,\s*)O=[^,]+/.test(name) && /(^|,\s*)C=[^,]+/.test(name)

const unquoted = (text: string): string => text.trim().replace(/^(['"])(.*)\1$/, '$2')
