import * as z from 'zod'
import { foldIn, key, permutation } from '../../random/index.ts'
import { hessianOf, hutchinsonTrace, topEigenvalues } from '../curvature/index.ts'
import { type Judged, lossFunction, type Samples } from '../lossFunction.ts'
import { adaptiveSharpness, epsilonSharpness } from '../sharpness/index.ts'
import { inputSensitivity } from './sensitivity.ts'

const sharpnessSchema = z.object({
  loss: z.number(),
  maximum: z.number(),
  percent: z.number(),
  resolution: z.number(),
  isResolved: z.boolean(),
  evaluations: z.int(),
})

/** How sharp the minimum is that a network lies in, and how strongly it answers to its input. */
export const measuresSchema = z.object({
  /** Mean norm of the gradient of a test sample's loss with respect to the sample. */
  lossGradient: z.number(),
  /** Mean Frobenius norm of the Jacobian of the outputs with respect to a test sample. */
  jacobian: z.number(),
  epsilonSharpness: sharpnessSchema,
  adaptiveSharpness: sharpnessSchema,
  topEigenvalue: z.object({ value: z.number(), residual: z.number() }),
  trace: z.object({ trace: z.number(), standardError: z.number(), probes: z.int() }),
  /** Samples that each was measured on. */
  samples: z.object({ train: z.int(), test: z.int() }),
})

export type Measures = z.infer<typeof measuresSchema>

/** What measures depend on, beside the network and the data. */
export interface MeasuresOptions {
  /** Samples of each split that are measured on, drawn by chance, the same for all networks; default 1000. */
  readonly samples: number
  readonly epsilon: number
  readonly rho: number
  /** Products for the largest eigenvalue. */
  readonly steps: number
  /** Products for the trace. */
  readonly probes: number
}

export const MEASURES: MeasuresOptions = { samples: 1000, epsilon: 1e-3, rho: 0.5, steps: 20, probes: 10 }

/**
 * Sensitivity to the input (on test samples, in units of the prepared input), sharpness and curvature (on training samples) of one trained network.
 *
 * @example
 * const { jacobian, adaptiveSharpness } = await measures({ network, loss, variables }, { train, test }, MEASURES)
 */
export async function measures(
  judged: Judged,
  splits: { readonly train: Samples; readonly test: Samples },
  { samples, epsilon, rho, steps, probes }: MeasuresOptions,
  {
    check,
    onProgress,
  }: {
    readonly check?: () => void | Promise<void>
    readonly onProgress?: (what: string, share: number) => void
  } = {},
): Promise<Measures> {
  const [train, test] = [drawn(splits.train, samples), drawn(splits.test, samples)]
  onProgress?.('sensitivity to the input', 0)
  const { mean } = await inputSensitivity(judged, test, { check })
  const loss = lossFunction(judged, train, { check })
  onProgress?.('ε-sharpness', 0.2)
  const byBox = await epsilonSharpness(loss, { epsilon })
  onProgress?.('adaptive sharpness', 0.4)
  const byBall = await adaptiveSharpness(loss, { rho })
  onProgress?.('largest eigenvalue', 0.6)
  const hessian = hessianOf(loss)
  const { largest } = await topEigenvalues(hessian, { key: foldIn(key(0), 'lanczos'), count: 1, steps })
  onProgress?.('trace', 0.8)
  const trace = await hutchinsonTrace(hessian, { key: foldIn(key(0), 'trace'), probes })
  return {
    ...mean,
    epsilonSharpness: byBox,
    adaptiveSharpness: byBall,
    topEigenvalue: largest[0] ?? { value: Number.NaN, residual: Number.NaN },
    trace,
    samples: { train: train.indices.length, test: test.indices.length },
  }
}

/** As many samples of a split, by chance and yet always the same for a seed; all, where there are no more. */
export function drawn({ dataset, indices }: Samples, count: number, seed = 0): Samples {
  if (indices.length <= count) return { dataset, indices }
  const order = permutation(foldIn(key(seed), 'drawn'), indices.length)
  return { dataset, indices: Uint32Array.from(order.subarray(0, count), (i) => indices[i] ?? 0).sort() }
}
