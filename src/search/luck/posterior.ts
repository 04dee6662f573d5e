/** Standard errors from the best value down to which trials say something about it. */
const REACH = 10
/** Grid points a standard error. */
const FINENESS = 10
const ROUNDS = 500

/**
 * The value to expect of the best trial when it is measured again: the mean of what it may be in truth, after what all trials together say of how good
 * trials are. The distribution of true values is the one under which the values that were seen are likeliest, of any shape; so a
 * crowd of equals is drawn back towards its middle, and a winner far ahead stays where it is. Of 50 equals it finds about six sevenths of the luck: some of
 * their noise it takes for skill.
 *
 * Sources: Kiefer and Wolfowitz, "Consistency of the maximum likelihood estimator …", Annals of Mathematical Statistics 27 (1956); its use for
 * shrinkage: Jiang and Zhang, "General maximum likelihood empirical Bayes estimation of normal means", Annals of Statistics 37 (2009). By EM on a grid.
 *
 * @param values - of all trials, larger ones better
 * @param standardError - of each
 *
 * @example
 * posteriorOfBest([1, 2, 3, 20], 0.1) // 20
 */
export function posteriorOfBest(values: readonly number[], standardError: number): number {
  const best = Math.max(...values)
  if (standardError === 0) return best
  // In standard errors from the best: those far below it have no say.
  const near = values.map((value) => (value - best) / standardError).filter((z) => z >= -REACH)
  const lowest = Math.min(...near)
  const count = Math.max(1, Math.ceil(-lowest * FINENESS)) + 1
  const grid = Float64Array.from({ length: count }, (_, i) => (lowest * i) / (count - 1))
  const likelihoods = near.map((z) => grid.map((truth) => Math.exp(-((z - truth) ** 2) / 2)))
  let weights = new Float64Array(count).fill(1 / count)
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(count)
    for (const likelihood of likelihoods) {
      const total = dot(likelihood, weights)
      for (let i = 0; i < count; i++)
        next[i] = (next[i] ?? 0) + ((likelihood[i] ?? 0) * (weights[i] ?? 0)) / total / near.length
    }
    weights = next
  }
  const own = grid.map((truth, i) => Math.exp(-(truth ** 2) / 2) * (weights[i] ?? 0))
  return best + (standardError * dot(own, grid)) / own.reduce((sum, one) => sum + one, 0)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
