/** The gradients of several batches, each with its share, as those of one. */
export interface GradientSum {
  /** Counts the gradients as they are now, which the next batch writes over. */
  add(share: number): void
  /** Writes the sum where the gradients are. */
  settle(): void
}

/**
 * Accumulates gradients over `batches` batches; one by itself is left where it is.
 *
 * @param gradients - of one batch, end to end
 */
export function gradientSum(gradients: Float32Array, batches: number): GradientSum {
  if (batches === 1) return alone
  const sum = new Float32Array(gradients.length)
  return {
    add: (share) => {
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + share * (gradients[i] ?? 0)
    },
    settle: () => gradients.set(sum),
  }
}

const alone: GradientSum = { add: () => {}, settle: () => {} }
