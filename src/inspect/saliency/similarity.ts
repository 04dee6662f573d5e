/** Places of values in ascending order, from 1; equal values share the mean of theirs. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const found = new Float64Array(values.length)
  for (let begin = 0; begin < order.length; ) {
    let end = begin + 1
    while (end < order.length && values[order[end] ?? 0] === values[order[begin] ?? 0]) end++
    for (let i = begin; i < end; i++) found[order[i] ?? 0] = (begin + end + 1) / 2
    begin = end
  }
  return found
}

/**
 * Spearman's rank correlation; NaN where one side does not vary.
 *
 * @example
 * rankCorrelation([1, 2, 3], [1, 10, 100]) // 1
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [ranks(a), ranks(b)]
  const middle = (x.length + 1) / 2
  let [xy, xx, yy] = [0, 0, 0]
  for (const [i, rank] of x.entries()) {
    const [dx, dy] = [rank - middle, (y[i] ?? 0) - middle]
    xy += dx * dy
    xx += dx * dx
    yy += dy * dy
  }
  return xy / Math.sqrt(xx * yy)
}

/** Side of the windows in which means and variances are compared. */
const WINDOW = 7

/**
 * Structural similarity of two planes: the mean over square windows of 7 × 7 that lie inside (fewer where the planes are smaller), all places of a
 * window counting alike, with sample variances, as scikit-image has it. 1 is the same.
 *
 * Source: Wang et al., "Image quality assessment: from error visibility to structural similarity", IEEE TIP 13 (2004).
 *
 * @param range - between the least and the largest value that there can be
 *
 * @example
 * ssim(map, map, 28, 28, 2) // 1
 */
export function ssim(a: ArrayLike<number>, b: ArrayLike<number>, height: number, width: number, range: number): number {
  const [tall, wide] = [Math.min(WINDOW, height), Math.min(WINDOW, width)]
  const count = tall * wide
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2]
  let [total, windows] = [0, 0]
  for (let top = 0; top + tall <= height; top++)
    for (let left = 0; left + wide <= width; left++) {
      let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0]
      for (let dy = 0; dy < tall; dy++)
        for (let dx = 0; dx < wide; dx++) {
          const place = (top + dy) * width + left + dx
          const [p, q] = [a[place] ?? 0, b[place] ?? 0]
          x += p
          y += q
          xx += p * p
          yy += q * q
          xy += p * q
        }
      const [mx, my] = [x / count, y / count]
      const unbiased = count / Math.max(1, count - 1)
      const [vx, vy, cov] = [
        unbiased * (xx / count - mx * mx),
        unbiased * (yy / count - my * my),
        unbiased * (xy / count - mx * my),
      ]
      total += ((2 * mx * my + c1) * (2 * cov + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2))
      windows++
    }
  return total / windows
}
