/** Standard errors from the best value down to which trials say something about it. */
const REACH = 10
/** Grid points a standard error, and as finely values are told apart. */
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
  const best = values.reduce((most, value) => Math.max(most, value))
  if (standardError === 0) return best
  // In standard errors from the best: those far below it have no say.
  const steps = values.map((value) => Math.round(((best - value) / standardError) * FINENESS))
  const near = steps.filter((step) => step <= REACH * FINENESS)
  const count = near.reduce((most, step) => Math.max(most, step), 0) + 1
  const grid = Float64Array.from({ length: count }, (_, i) => -i / FINENESS)
  const seen = new Float64Array(count)
  for (const step of near) seen[step] = (seen[step] ?? 0) + 1 / near.length
  const likelihoods = Array.from(grid, (z) => grid.map((truth) => Math.exp(-((z - truth) ** 2) / 2)))
  let weights = new Float64Array(count).fill(1 / count)
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(count)
    for (const [step, likelihood] of likelihoods.entries()) {
      const share = seen[step] ?? 0
      if (share === 0) continue
      const each = share / dot(likelihood, weights)
      for (let i = 0; i < count; i++) next[i] = (next[i] ?? 0) + each * (likelihood[i] ?? 0) * (weights[i] ?? 0)
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
