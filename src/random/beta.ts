import { requireCount } from './count.ts'
import { logGamma } from './gamma.ts'
import { foldIn, type Key } from './key.ts'

/**
 * `n` float32 from the beta distribution on [0, 1], whose density goes as x^(a-1)·(1-x)^(b-1): X/(X + Y) with X and Y of the
 * gamma distributions of shape a and b. Mixup takes its shares from Beta(α, α). For small a and b most numbers are next to 0
 * or 1, and exactly so where no float32 lies between.
 *
 * @param a - above 0
 * @param b - above 0
 * @returns [n]; the first k numbers of a longer draw are those of a shorter one
 * @throws UsageError when a or b is not above 0, or n is not a count
 *
 * @example
 * const shares = beta(foldIn(key(0), step), 64, 0.2, 0.2)
 */
export function beta(key: Key, n: number, a: number, b: number): Float32Array {
  requireCount('beta', n)
  const x = logGamma('beta', foldIn(key, 'a'), n, a)
  const y = logGamma('beta', foldIn(key, 'b'), n, b)
  return Float32Array.from(x, (log, i) => 1 / (1 + Math.exp((y[i] ?? 0) - log)))
}
