import { UsageError } from '../../errors.ts'
import { bernoulli, foldIn, type Key } from '../../random/index.ts'
import { dot, type SymmetricOperator } from './lanczos.ts'

export interface TraceEstimate {
  readonly trace: number
  /** Standard deviation of the estimate, from the spread of the probes. */
  readonly standardError: number
  readonly probes: number
}

/**
 * The trace of a symmetric matrix, estimated as the mean of vᵀHv over vectors v of random signs. Exact for a diagonal matrix.
 *
 * Source: Hutchinson, A stochastic estimator of the trace of the influence matrix, 1990
 *
 * @param options.probes - products; default 30, at least 2
 *
 * @example
 * const { trace, standardError } = await hutchinsonTrace(hessianOf(loss), { key: key(0) })
 */
export async function hutchinsonTrace(
  operator: SymmetricOperator,
  {
    key,
    probes = 30,
    onProbe,
  }: { readonly key: Key; readonly probes?: number; readonly onProbe?: (probe: number) => void },
): Promise<TraceEstimate> {
  if (!Number.isInteger(probes) || probes < 2)
    throw new UsageError(
      `hutchinsonTrace: probes is ${probes}: give a whole number of at least 2, for the standard error`,
    )
  const values: number[] = []
  for (let probe = 0; probe < probes; probe++) {
    const vector = randomSigns(foldIn(key, probe), operator.size)
    values.push(dot(vector, await operator.product(vector)))
    onProbe?.(probe + 1)
  }
  const trace = values.reduce((sum, value) => sum + value, 0) / probes
  const variance = values.reduce((sum, value) => sum + (value - trace) ** 2, 0) / (probes - 1)
  return { trace, standardError: Math.sqrt(variance / probes), probes }
}

/** −1 and 1, each with probability ½. */
export const randomSigns = (key: Key, size: number): Float32Array =>
  Float32Array.from(bernoulli(key, size, 0.5), (one) => (one === 1 ? 1 : -1))
