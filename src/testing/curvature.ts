/**
 * The golden network of 61 parameters: its loss, and what PyTorch and SciPy say of it.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { arrays } from '../data/index.ts'
import type { Judged, Samples } from '../inspect/lossFunction.ts'
import { crossEntropy, initialize, linear, loadStateDict, sequential, tanh } from '../nn/index.ts'
import { key } from '../random/index.ts'
import { digestSchema, fill, labels } from './golden/formula.ts'

const rise = z.object({ atDirection: z.number() })

export const goldenCurvature = z
  .object({
    loss: z.number(),
    gradient: digestSchema,
    eigenvalues: z.array(z.number()).length(61),
    trace: z.number(),
    product: digestSchema,
    jacobianNorms: z.array(z.number()).length(12),
    lossGradientNorms: z.array(z.number()).length(12),
    sharpness: z.array(rise.extend({ epsilon: z.number(), lbfgsb: z.number() })),
    adaptive: z.array(rise.extend({ rho: z.number(), ascent: z.number() })),
    convNet: z.object({
      product: digestSchema,
      jacobianNorms: z.array(z.number()),
      lossGradientNorms: z.array(z.number()),
    }),
  })
  .parse(JSON.parse(readFileSync(new URL('golden/curvature.json', import.meta.url), 'utf8')))

/** 4 inputs, 5 hidden units, 6 classes. */
export async function curvedNetwork(): Promise<{ readonly judged: Judged; readonly samples: Samples }> {
  const model = sequential(linear(5), tanh(), linear(6))
  const theta = fill(61, 1.3, 0.8)
  const variables = loadStateDict(initialize(model, key(0), [4]), {
    '0.weight': { shape: [5, 4], data: theta.subarray(0, 20) },
    '0.bias': { shape: [5], data: theta.subarray(20, 25) },
    '2.weight': { shape: [6, 5], data: theta.subarray(25, 55) },
    '2.bias': { shape: [6], data: theta.subarray(55) },
  })
  return {
    judged: { network: { model }, loss: crossEntropy(), variables },
    samples: await samplesOf(fill(48, 0.4, 1), [4], labels(12, 6), 6),
  }
}

/** All samples of a classification. */
export async function samplesOf(
  data: Float32Array,
  shape: readonly number[],
  targets: Int32Array,
  classes: number,
): Promise<Samples> {
  const source = arrays({
    name: 'golden',
    inputs: { data, shape },
    targets: {
      task: 'classification',
      labels: Array.from(targets),
      classes: Array.from({ length: classes }, (_, i) => `${i}`),
    },
  })
  const { train } = await source.load()
  return { dataset: train, indices: Uint32Array.from({ length: train.length }, (_, i) => i) }
}
