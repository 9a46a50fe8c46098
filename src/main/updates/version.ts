// Version numbers as semver orders them, without build metadata: a release has none.

/** `1.2.3` or `1.2.3-beta.4`: what a release may be called. Short, because it becomes part of file names. */
export const VERSION_PATTERN =
  /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(?:-[0-9A-Za-z-]{1,20}(?:\.[0-9A-Za-z-]{1,20}){0,3})?$/

/**
 * Negative when `a` is older than `b`, 0 when they are the same release (https://semver.org/#spec-item-11).
 * Both match `VERSION_PATTERN`.
 */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [parts(a), parts(b)]
  for (const index of [0, 1, 2]) {
    const difference = Number(left.numbers[index]) - Number(right.numbers[index])
    if (difference !== 0) return difference
  }
  // A version with a pre-release part comes before the same one without.
  if (left.tags.length === 0 || right.tags.length === 0) {
    return Math.sign(right.tags.length) - Math.sign(left.tags.length)
  }
  const longest = Math.max(left.tags.length, right.tags.length)
  for (let index = 0; index < longest; index += 1) {
    const difference = compareTags(left.tags[index], right.tags[index])
    if (difference !== 0) return difference
  }
  return 0
}

const parts = (version: string): { numbers: string[]; tags: string[] } => {
  const dash = version.indexOf('-')
  const core = dash < 0 ? version : version.slice(0, dash)
  return {
    numbers: core.split('.'),
    tags: dash < 0 ? [] : version.slice(dash + 1).split('.')
  }
}

const isNumber = (tag: string): boolean => /^\d+$/.test(tag)

const compareTags = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b)
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1
  if (a === b) return 0
  return a < b ? -1 : 1
}
