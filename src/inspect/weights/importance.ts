import { gradients } from '../../autodiff/index.ts'
import { batches, feeder } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import { isWeights } from '../../nn/index.ts'
import { compile } from '../../runtime/index.ts'
import { abs, leavesOf, mapLeaves, mul, type Tensor } from '../../tensor/index.ts'
import { endToEnd } from '../../train/layout.ts'
import { batchTypes, bySize, evaluationStep } from '../../train/programs.ts'
import { flattened, type Judged, problemOf, type Samples } from '../lossFunction.ts'
import { isMatrix, namedWeights } from './matrices.ts'

/** By what weights are ranked. */
export type Importance = 'magnitude' | 'magnitude × gradient'

/** How important each number of a network's parameters is; biases, scales and shifts among them. */
export interface WeightImportance {
  readonly by: Importance
  /** End to end in the order of the weights' names, at least 0. */
  readonly scores: Float64Array
}

/** |w|. */
export const magnitudes = ({ variables }: Pick<Judged, 'variables'>): WeightImportance => ({
  by: 'magnitude',
  scores: Float64Array.from(flattened(variables.parameters), Math.abs),
})

export interface GradientImportanceOptions {
  /** Samples a gradient is the mean of; default 64. All samples in one batch: SNIP's criterion (Lee, Ajanthan and Torr, 2019). */
  readonly batch?: number
  /** Asked before each batch; what it throws ends the work. */
  readonly check?: (() => void) | undefined
}

/**
 * |w · ∂L/∂w|, the mean over batches: by how much the loss of a batch would change if the weight were 0, to first order (Molchanov, Tyree,
 * Karras, Aila and Kautz, 2017, https://arxiv.org/abs/1611.06440). Dropout is off.
 *
 * @throws UsageError where there are no samples
 *
 * @example
 * const { scores } = await gradientImportance({ network, loss, variables }, samples)
 */
export async function gradientImportance(
  { network, loss, variables }: Judged,
  { dataset, indices }: Samples,
  { batch = 64, check }: GradientImportanceOptions = {},
): Promise<WeightImportance> {
  if (indices.length === 0)
    throw new UsageError(`there is no sample of ${dataset.name} to compute gradients on: choose another split`)
  const { parameters, buffers } = variables
  const problem = problemOf(network, dataset)
  const layout = endToEnd(parameters)
  const step = evaluationStep(network.model, loss, layout)
  const vector = flattened(parameters)
  const statistics = leavesOf(buffers, isWeights).map(({ leaf }) => leaf.data)
  const programFor = bySize((size) =>
    compile(
      (weights, { x, target }) => {
        const value = step(weights, { x: problem.network.prepare(x), target }).loss
        return weights.parameters.map((all: Tensor) => abs(mul(all, gradients(value, all))))
      },
      {
        parameters: layout.types,
        buffers: mapLeaves(buffers, isWeights, ({ shape }) => ({ dtype: 'float32' as const, shape })),
      },
      batchTypes(problem, loss, size),
    ),
  )
  const sums = new Float64Array(vector.length)
  const parts = batches(indices, Math.min(batch, indices.length), { shuffle: false })
  for (const coming of feeder(dataset, Math.min(batch, indices.length))(parts)) {
    check?.()
    const { size, inputs, targets } = await coming
    const [scores] = await (await programFor(size)).runFlat([vector, ...statistics, inputs, targets])
    // A smaller last batch counts for less, so that samples count the same.
    const share = size / indices.length
    for (const [i, score] of (scores ?? []).entries()) sums[i] = (sums[i] ?? 0) + share * score
  }
  for (const program of programFor.made()) program.dispose()
  return { by: 'magnitude × gradient', scores: sums }
}

/** How much of a network's importance lies in one of its weights. */
export interface ImportanceShare {
  readonly name: string
  readonly by: Importance
  /** Its share of all weights. */
  readonly weights: number
  /** Its share of all importance. */
  readonly importance: number
  /** Its share of the tenth of the weights that is the most important. */
  readonly top: number
}

/**
 * Where the important weights lie; biases, scales and shifts are no weights here.
 *
 * @example
 * importanceShares(judged, magnitudes(judged)).map(({ name, top }) => [name, top])
 */
export function importanceShares(
  { variables }: Pick<Judged, 'variables'>,
  { by, scores }: WeightImportance,
): ImportanceShare[] {
  const parts = weightRanges({ variables })
  const count = parts.reduce((sum, { end, begin }) => sum + end - begin, 0)
  const own = parts.map(({ begin, end }) => scores.subarray(begin, end))
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
  const total = own.reduce((all, values) => all + sum(values), 0)
  const sorted = new Float64Array(count)
  let at = 0
  for (const values of own) {
    sorted.set(values, at)
    at += values.length
  }
  sorted.sort()
  const bound = sorted[Math.floor(0.9 * count)] ?? 0
  const above = own.map((values) => values.filter((score) => score >= bound).length)
  const tops = above.reduce((a, b) => a + b, 0)
  return parts.map(({ name }, i) => ({
    ...{ name, by },
    weights: (own[i]?.length ?? 0) / count,
    importance: total === 0 ? 0 : sum(own[i] ?? new Float64Array()) / total,
    top: (above[i] ?? 0) / tops,
  }))
}

/** Where the weights, without biases, scales and shifts, lie among all parameters end to end. */
export function weightRanges({ variables }: Pick<Judged, 'variables'>) {
  let begin = 0
  return namedWeights(variables).flatMap(({ name, shape, data }) => {
    const range = { name, begin, end: begin + data.length }
    begin = range.end
    return isMatrix({ shape }) ? [range] : []
  })
}
