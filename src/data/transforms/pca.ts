import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { isWeights, parseConfig, type Weights } from '../../nn/index.ts'
import { add, constant, div, formatShape, matmul, mul, reshape, sizeOf, sub, transpose } from '../../tensor/index.ts'
import { principalComponents } from './principalComponents/principalComponents.ts'
import { defineTransform } from './trainingSamples.ts'
import type { FittedTransform, Transform } from './transform.ts'

export type PcaOptions = {
  /** Scale every component to variance 1 on the training split (default false). */
  readonly whiten?: boolean
} & (
  | {
      /** How many components to keep. */
      readonly components: number
    }
  | {
      /** Keep as many as it takes to have more than this share of the variance, between 0 and 1. */
      readonly variance: number
    }
)

/**
 * Principal components: the samples, less their mean, along the directions in which the training split varies most.
 * Samples of any shape become `[components]`, so no convolution can follow. Numbers on different scales should be scaled
 * before, and components are scaled like nothing that a network expects, so scale them after.
 *
 * Compare with the same network on scaled data alone: what scaling did is not what the components did.
 *
 * Whatever there is less of is decomposed, samples or features, up to 1,000 of them exactly. Beyond that the leading
 * components are found by subspace iteration, the last of them to fewer digits.
 *
 * @throws UsageError for options that are none, or more components than the training split has directions
 * @example
 * prepare: [standardize(), pca({ variance: 0.9 }), standardize()]
 */
export const pca = (options: PcaOptions): Transform => {
  const { whiten = false, ...kept } = parseConfig('pca', optionsSchema, options)
  const { components, variance } = kept
  if ((components === undefined) === (variance === undefined))
    throw new UsageError(
      `pca: give ${components === undefined ? 'components or variance' : 'only one of components and variance'}, as in pca({ variance: 0.9 })`,
    )
  const chosen = components === undefined ? { variance: variance ?? 0 } : { components }
  return defineTransform('pca', { ...chosen, ...(whiten && { whiten }) }, async (samples) => {
    const found = await principalComponents(samples, chosen)
    return fitted({
      shape: [...samples.shape],
      samples: samples.length,
      whiten,
      variances: [...found.variances],
      ratios: Array.from(found.variances, (value) => value / found.total),
      mean: { shape: [found.mean.length], data: Float32Array.from(found.mean) },
      components: { shape: [found.variances.length, found.mean.length], data: found.components },
    })
  })
}

const optionsSchema = z.strictObject({
  components: z.int().min(1, 'give a whole number of at least 1').optional(),
  variance: z.number().gt(0, 'give a share between 0 and 1').lt(1, 'give a share between 0 and 1').optional(),
  whiten: z.boolean().optional(),
})

const weights = z.custom<Weights>(isWeights, 'give float32 numbers with their shape')
const stateSchema = z.strictObject({
  /** Of one sample, before. */
  shape: z.array(z.int().min(1)),
  /** That were learnt from. */
  samples: z.int().min(2),
  whiten: z.boolean(),
  /** Along each component, descending (divided by n − 1). */
  variances: z.array(z.number()),
  /** The same as shares of the whole variance. */
  ratios: z.array(z.number()),
  /** `[numbers of a sample]` */
  mean: weights,
  /** `[components, numbers of a sample]`, each of length 1. */
  components: weights,
})

/** What `pca` learns. */
export type PcaState = Readonly<z.infer<typeof stateSchema>>

/** The state of a fitted `pca`, to look at its components; undefined for another transform. */
export const pcaState = ({ kind, state }: FittedTransform): PcaState | undefined =>
  kind === 'pca' ? parseConfig('pca', stateSchema, state) : undefined

/** The fitted transform with this state. */
export const restorePca = (state: unknown): FittedTransform => fitted(parseConfig('pca', stateSchema, state))

function fitted(state: PcaState): FittedTransform {
  const { shape, whiten, variances } = state
  const [k, d] = [variances.length, sizeOf(shape)]
  if (state.components.data.length !== k * d || state.mean.data.length !== d)
    throw new UsageError(
      `pca: ${k} components of samples ${formatShape(shape)} are ${formatShape([k, d])}, and there are ${formatShape(state.components.shape)}`,
    )
  const mean = constant(state.mean.data, [1, d], 'float32')
  const components = constant(state.components.data, [k, d], 'float32')
  const scale = constant(Float32Array.from(variances, Math.sqrt), [1, k], 'float32')
  return {
    kind: 'pca',
    state,
    // The mean is taken away first: its share of the products would cost them digits.
    apply: (x) => {
      const along = matmul(sub(reshape(x, [-1, d]), mean), transpose(components))
      return whiten ? div(along, scale) : along
    },
    inverse: (x) => reshape(add(matmul(whiten ? mul(x, scale) : x, components), mean), [-1, ...shape]),
  }
}
