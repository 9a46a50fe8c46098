// semver has no types of its own; this is the one function in use.
declare module 'semver/functions/compare.js' {
  const compare: (a: string, b: string, loose?: boolean) => -1 | 0 | 1
  export = compare
}
