// Logistic regression over a few raw signals, and the two thresholds on it: enough to say how sure a search is, little
// enough to be read in a migration.

export type Sample = { isAnswerable: boolean; signals: readonly number[] }

/** A little shrinkage, so that two signals that say the same do not run off against each other. */
const RIDGE = 1
const STEPS = 20_000
const STEP_SIZE = 0.05

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const certaintyOf = (signals: readonly number[], weights: readonly number[]): number =>
  sum(signals.map((signal, at) => signal * (weights[at + 1] ?? 0))) + (weights[0] ?? 0)

/**
 * Weights for signals as they are, the bias first; none below 0, since no signal speaks against an answer: where one seems
 * to, it stands for something else (short questions, in these). A signal that never changes gets 0.
 * @throws RangeError without samples
 */
export const fitLogistic = (samples: readonly Sample[]): number[] => {
  const count = samples.length
  const width = samples[0]?.signals.length
  if (width === undefined) throw new RangeError('There is nothing to fit on.')
  const column = (at: number): number[] => samples.map(({ signals }) => signals[at] ?? 0)
  const scales = Array.from({ length: width }, (_, at) => {
    const values = column(at)
    const mean = sum(values) / count
    const spread = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / count)
    return { mean, spread }
  })
  const scaled = samples.map(({ isAnswerable, signals }) => ({
    target: isAnswerable ? 1 : 0,
    values: signals.map((value, at) => {
      const { mean, spread } = scales[at] ?? { mean: 0, spread: 0 }
      return spread === 0 ? 0 : (value - mean) / spread
    })
  }))
  const weights = new Array<number>(width + 1).fill(0)
  for (let step = 0; step < STEPS; step += 1) {
    const slopes = weights.map((weight, at) => (at === 0 ? 0 : RIDGE * weight))
    for (const { target, values } of scaled) {
      const error = 1 / (1 + Math.exp(-certaintyOf(values, weights))) - target
      slopes[0] = (slopes[0] ?? 0) + error
      for (const [at, value] of values.entries()) {
        slopes[at + 1] = (slopes[at + 1] ?? 0) + error * value
      }
    }
    for (const [at, slope] of slopes.entries()) {
      const moved = (weights[at] ?? 0) - (STEP_SIZE * slope) / count
      weights[at] = at === 0 ? moved : Math.max(0, moved)
    }
  }
  const perUnit = scales.map(({ spread }, at) =>
    spread === 0 ? 0 : (weights[at + 1] ?? 0) / spread
  )
  return [
    (weights[0] ?? 0) - sum(perUnit.map((weight, at) => weight * (scales[at]?.mean ?? 0))),
    ...perUnit
  ]
}

export type Thresholds = {
  answerFrom: number
  maybeFrom: number
  /** Shares of the samples: unanswerable ones below `maybeFrom`, answerable ones between the two. */
  refused: number
  warned: number
}

/**
 * `maybeFrom` refuses at most this share of the answerable samples, `answerFrom` lets at most this share of the
 * unanswerable ones through without a warning.
 */
export const thresholdsOf = (
  samples: readonly Sample[],
  weights: readonly number[],
  allowed: { answerableRefused: number; unanswerableAnswered: number }
): Thresholds => {
  const certainties = (isAnswerable: boolean): number[] =>
    samples
      .filter((sample) => sample.isAnswerable === isAnswerable)
      .map(({ signals }) => certaintyOf(signals, weights))
      .sort((one, other) => one - other)
  const answerable = certainties(true)
  const unanswerable = certainties(false)
  const maybeFrom =
    answerable[Math.floor(allowed.answerableRefused * answerable.length)] ??
    Number.NEGATIVE_INFINITY
  const last =
    unanswerable[Math.ceil((1 - allowed.unanswerableAnswered) * unanswerable.length) - 1] ??
    Number.NEGATIVE_INFINITY
  const answerFrom = Math.max(maybeFrom, answerable.find((value) => value > last) ?? last)
  const shareOf = (values: readonly number[], isIn: (value: number) => boolean): number =>
    values.length === 0 ? 0 : values.filter(isIn).length / values.length
  return {
    answerFrom,
    maybeFrom,
    refused: shareOf(unanswerable, (value) => value < maybeFrom),
    warned: shareOf(answerable, (value) => value >= maybeFrom && value < answerFrom)
  }
}
