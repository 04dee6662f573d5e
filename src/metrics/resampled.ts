/**
 * How often each example counts, [n]: all ones for the split as it is, what was drawn for a bootstrap, one 0 for a jackknife.
 */
export type Counts = Uint32Array

/**
 * A metric over predictions that have been looked at once (classes predicted, scores sorted), so that resamples of thousands of
 * examples cost microseconds. Without counts every example counts once.
 */
export type Resampled = (counts?: Counts) => number

/** Mean of one value an example. */
export function resampledMean(values: Float64Array): Resampled {
  const meanOver = values.every(Number.isFinite) ? meanOfFinite : meanOfCounted
  return (counts) => {
    if (counts !== undefined) return meanOver(values, counts)
    let sum = 0
    for (const value of values) sum += value
    return sum / values.length
  }
}

function meanOfFinite(values: Float64Array, counts: Counts): number {
  let [sum, n] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const count = counts[i] ?? 0
    sum += count * (values[i] ?? 0)
    n += count
  }
  return sum / n
}

/** Not a product alone: an example that is left out does not count, whatever its value. */
function meanOfCounted(values: Float64Array, counts: Counts): number {
  let [sum, n] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const count = counts[i] ?? 0
    if (count === 0) continue
    sum += count * (values[i] ?? Number.NaN)
    n += count
  }
  return sum / n
}
