import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { constant, equal, sizeOf, where } from '../../tensor/index.ts'
import { quantile } from '../table/describe.ts'
import { type Encoding, featureNames, widthOf } from '../table/encoding.ts'
import { defineTransform, type TrainingSamples } from './trainingSamples.ts'
import type { FittedTransform, Transform } from './transform.ts'

const optionsSchema = z.union(
  [
    z.strictObject({ strategy: z.enum(['mean', 'median', 'mode']) }),
    z.strictObject({ strategy: z.literal('constant'), value: z.number() }),
  ],
  { error: "give strategy 'mean', 'median' or 'mode', or 'constant' with a value" },
)

/** What is put in the place of missing values. */
export type ImputeOptions =
  | { readonly strategy: 'mean' | 'median' | 'mode' }
  | { readonly strategy: 'constant'; readonly value: number }

/**
 * Puts a number in the place of each missing value (NaN): the mean, median or commonest value that its feature has in the training split, or
 * a constant. It must stand first in `prepare`; without it, missing values are refused.
 *
 * Of a column of categories (`oneHot`, `ordinal`) the commonest category is taken, whatever the strategy: codes have no mean. Of several
 * commonest values it is the smallest. As scikit-learn's SimpleImputer.
 *
 * @param options default the mean
 * @throws UsageError, when the data are known, for a feature that has no value in the training split
 * @example
 * prepare: [impute({ strategy: 'median' }), standardize()]
 */
export function impute(options: ImputeOptions = { strategy: 'mean' }): Transform {
  const config: ImputeOptions = parseConfig('impute', optionsSchema, options)
  return {
    ...defineTransform('impute', { ...config }, async (samples) =>
      fitted({ shape: [...samples.shape], fill: await fillOf(samples, config) }),
    ),
    fillsMissing: true,
  }
}

const stateSchema = z.strictObject({
  /** Of one sample. */
  shape: z.array(z.int().min(1)),
  /** What stands for a missing value, at each place of a sample. */
  fill: z.array(z.number()),
})

/** The fitted transform with this state. */
export const restoreImpute = (state: unknown): FittedTransform => fitted(parseConfig('impute', stateSchema, state))

function fitted(state: Readonly<z.infer<typeof stateSchema>>): FittedTransform {
  const fill = constant(Float32Array.from(state.fill), [1, ...state.shape], 'float32')
  return {
    kind: 'impute',
    state,
    // A missing value is NaN, the one number that does not equal itself.
    apply: (x) => where(equal(x, x), x, fill),
    inverse: (x) => x,
  }
}

async function fillOf(samples: TrainingSamples, options: ImputeOptions): Promise<number[]> {
  const width = sizeOf(samples.shape)
  if (options.strategy === 'constant') return new Array<number>(width).fill(options.value)
  const features = await valuesOf(samples, width)
  const names = samples.encoding && featureNames(samples.encoding)
  const empty = features.findIndex((values) => values.length === 0)
  if (empty >= 0)
    throw new UsageError(
      `impute: ${names?.[empty] ?? `feature ${empty}`} has no value in the training split of ${samples.name}: leave it out of the features, or impute a constant`,
    )
  const fill = features.map((values) => FILL[options.strategy](values))
  for (const { begin, end, isOneHot } of categoriesIn(samples.encoding)) {
    const places = features.slice(begin, end)
    const shares = places.map(mean)
    const commonest = shares.indexOf(Math.max(...shares))
    for (const [place, values] of places.entries())
      fill[begin + place] = isOneHot ? (place === commonest ? 1 : 0) : mode(values)
  }
  return fill
}

/** The values of each feature that are there, in ascending order. */
async function valuesOf(samples: TrainingSamples, width: number): Promise<readonly Float64Array[]> {
  const found = Array.from({ length: width }, () => new Float64Array(samples.length))
  const counts = new Uint32Array(width)
  for await (const block of samples.blocks())
    for (let i = 0; i < block.length; i++) {
      const value = block[i] ?? Number.NaN
      const feature = i % width
      if (Number.isNaN(value)) continue
      const values = found[feature]
      const count = counts[feature] ?? 0
      if (values !== undefined) values[count] = value
      counts[feature] = count + 1
    }
  return found.map((values, feature) => values.subarray(0, counts[feature]).sort())
}

/** Where a sample has categories, and whether as one number each. */
function categoriesIn(encoding: Encoding | undefined) {
  const found: { readonly begin: number; readonly end: number; readonly isOneHot: boolean }[] = []
  let begin = 0
  for (const feature of encoding?.features ?? []) {
    const end = begin + widthOf(feature)
    if (feature.as === 'oneHot' || feature.as === 'ordinal')
      found.push({ begin, end, isOneHot: feature.as === 'oneHot' })
    begin = end
  }
  return found
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The commonest of sorted values, the smallest of several. */
function mode(sorted: Float64Array): number {
  let [best, bestCount, begin] = [Number.NaN, 0, 0]
  for (let i = 0; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[begin]) continue
    if (i - begin > bestCount) [best, bestCount] = [sorted[begin] ?? Number.NaN, i - begin]
    begin = i
  }
  return best
}

const FILL = { mean, median: (sorted: Float64Array): number => quantile(sorted, 0.5), mode }
