// Which lines of a text are new and which are gone, as a person reads a change: a longest common subsequence of lines.

export type DiffLine = { mark: ' ' | '+' | '-'; text: string }

/** Beyond this many pairs of lines the middle is shown as one piece replaced by another: nobody reads on there. */
const PAIRS_LIMIT = 4_000_000

const middleDiff = (before: readonly string[], after: readonly string[]): DiffLine[] => {
  const removed = before.map((text): DiffLine => ({ mark: '-', text }))
  const added = after.map((text): DiffLine => ({ mark: '+', text }))
  if (before.length * after.length > PAIRS_LIMIT) return [...removed, ...added]
  const width = after.length + 1
  // Length of the longest common rest from each pair of lines on.
  const rest = new Uint32Array((before.length + 1) * width)
  const at = (i: number, j: number): number => rest[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      rest[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i] ?? '' })
      i += 1
      j += 1
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      lines.push(...removed.slice(i, i + 1))
      i += 1
    } else {
      lines.push(...added.slice(j, j + 1))
      j += 1
    }
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)]
}

/** All lines of both texts, in order. */
export const diffLines = (before: readonly string[], after: readonly string[]): DiffLine[] => {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1
  }
  const same = (text: string): DiffLine => ({ mark: ' ', text })
  return [
    ...before.slice(0, start).map(same),
    ...middleDiff(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same)
  ]
}

/** Changed lines with as many unchanged ones around them, "…" where others are left out. */
export const withContext = (lines: readonly DiffLine[], around: number): string[] => {
  const near = new Set<number>()
  for (const [at, { mark }] of lines.entries()) {
    if (mark === ' ') continue
    for (let place = at - around; place <= at + around; place += 1) near.add(place)
  }
  const shown: string[] = []
  let isCut = false
  for (const [at, { mark, text }] of lines.entries()) {
    if (near.has(at)) {
      if (isCut && shown.length > 0) shown.push('  …')
      isCut = false
      shown.push(`${mark} ${text}`.trimEnd())
    } else {
      isCut = true
    }
  }
  return shown
}
