import { gradients, hvp, vmap } from '../autodiff/index.ts'
import { batches, type Dataset, feeder, storageTypeOf } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { isWeights, type Loss, type Variables, type WeightTree } from '../nn/index.ts'
import { compile, type Program } from '../runtime/index.ts'
import { allocate, leavesOf, mapLeaves, sizeOf, type Tensor, type TypedArray } from '../tensor/index.ts'
import { endToEnd } from '../train/layout.ts'
import { batchTypes, bySize, evaluationStep, type Problem } from '../train/programs.ts'
import type { Inspected } from './activations.ts'

/** A network with trained weights, and the loss by which it is judged. */
export interface Judged {
  readonly network: Inspected
  readonly loss: Loss
  readonly variables: Variables
}

/** Samples, as they are stored. */
export interface Samples {
  readonly dataset: Dataset
  readonly indices: Uint32Array
}

/**
 * The mean loss over samples as a function of all parameters, which lie end to end in the order of the weights' names. As in prediction: dropout
 * is off and running statistics stay, so that each sample has a loss of its own, and batches change nothing.
 */
export interface LossFunction {
  /** The weights that the network has. */
  readonly parameters: Float32Array
  /** Number of samples. */
  readonly samples: number
  value(at: Float32Array): Promise<number>
  gradient(at: Float32Array): Promise<LossSlope>
  /**
   * Hessian-vector products, exact.
   *
   * @param directions - one or more, `[k, parameters]`
   * @returns `[k, parameters]`
   */
  products(at: Float32Array, directions: Float32Array): Promise<Float64Array>
}

export interface LossSlope {
  readonly value: number
  /** With respect to the parameters. */
  readonly gradient: Float64Array
}

export interface LossFunctionOptions {
  /** Samples computed at once; default 250. */
  readonly batch?: number
  /** Asked before each batch; what it throws ends the work. */
  readonly check?: (() => void | Promise<void>) | undefined
}

/**
 * Prepares a network's loss over samples, with its gradients and Hessian-vector products. Programs are compiled when they are first asked for, once for
 * each size of batch; sums over batches are float64.
 *
 * @throws UsageError where there are no samples, or no parameters
 *
 * @example
 * const loss = lossFunction({ network, loss: crossEntropy(), variables }, { dataset: test, indices })
 * const { value, gradient } = await loss.gradient(loss.parameters)
 */
export function lossFunction(
  { network, loss, variables }: Judged,
  { dataset, indices }: Samples,
  { batch = 250, check }: LossFunctionOptions = {},
): LossFunction {
  const parameters = flattened(variables.parameters)
  if (parameters.length === 0)
    throw new UsageError('the model has no parameters, so its loss has no slope: give a model with weights')
  if (indices.length === 0)
    throw new UsageError(`there is no sample of ${dataset.name} to compute the loss on: choose another split`)
  const problem = problemOf(network, dataset)
  const layout = endToEnd(variables.parameters)
  const step = evaluationStep(network.model, loss, layout)
  const statistics = leavesOf(variables.buffers, isWeights).map(({ leaf }) => leaf.data)
  const types = {
    parameters: layout.types,
    buffers: mapLeaves(variables.buffers, isWeights, ({ shape }) => ({ dtype: 'float32' as const, shape })),
  }
  const meanLoss =
    (buffers: Parameters<typeof step>[0]['buffers'], x: Tensor, target: Tensor) =>
    (vector: Tensor): Tensor =>
      step({ parameters: [vector], buffers }, { x: problem.network.prepare(x), target }).loss

  const values = bySize((size) =>
    runner(
      compile(
        (weights, { x, target }) => [meanLoss(weights.buffers, x, target)(only(weights.parameters))],
        types,
        batchTypes(problem, loss, size),
      ),
    ),
  )
  const slopes = bySize((size) =>
    runner(
      compile(
        (weights, { x, target }) => {
          const vector = only(weights.parameters)
          const value = meanLoss(weights.buffers, x, target)(vector)
          return [value, gradients(value, vector)]
        },
        types,
        batchTypes(problem, loss, size),
      ),
    ),
  )
  const productsOf = new Map<number, (size: number) => Promise<RunFlat>>()
  const products = (count: number) => {
    const known =
      productsOf.get(count) ??
      bySize((size) =>
        runner(
          compile(
            (weights, { x, target }, directions: Tensor) => {
              const product = hvp(meanLoss(weights.buffers, x, target))
              const vector = only(weights.parameters)
              return [vmap((direction: Tensor) => product(vector, direction))(directions)]
            },
            types,
            batchTypes(problem, loss, size),
            { dtype: 'float32', shape: [count, parameters.length] },
          ),
        ),
      )
    productsOf.set(count, known)
    return known
  }

  const size = Math.min(batch, indices.length)
  const feed = feeder(dataset, size)
  /** Means over all samples of what a program gives for each batch. */
  const over = async (
    at: Float32Array,
    programFor: (size: number) => Promise<RunFlat>,
    more: readonly TypedArray[] = [],
  ): Promise<Float64Array[]> => {
    let sums: Float64Array[] = []
    for (const coming of feed(batches(indices, size, { shuffle: false }))) {
      await check?.()
      const { size: here, inputs, targets } = await coming
      const run = await programFor(here)
      const found = await run([at, ...statistics, inputs, targets, ...more])
      if (sums.length === 0) sums = found.map(({ length }) => new Float64Array(length))
      const share = here / indices.length
      for (const [k, sum] of sums.entries()) {
        const part = found[k] ?? []
        for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + share * Number(part[i])
      }
    }
    return sums
  }
  return {
    parameters,
    samples: indices.length,
    value: async (at) => {
      const [value] = await over(at, values)
      return value?.[0] ?? Number.NaN
    },
    gradient: async (at) => {
      const [value, gradient] = await over(at, slopes)
      return { value: value?.[0] ?? Number.NaN, gradient: gradient ?? new Float64Array() }
    },
    products: async (at, directions) => {
      const count = directions.length / parameters.length
      if (!Number.isInteger(count) || count === 0)
        throw new UsageError(
          `products: ${directions.length} numbers are no directions of ${parameters.length} parameters each: give k × ${parameters.length}`,
        )
      const [product] = await over(at, products(count), [directions])
      return product ?? new Float64Array()
    },
  }
}

/** Weights end to end, in the order in which programs take them. */
export function flattened(weights: WeightTree): Float32Array {
  const leaves = leavesOf(weights, isWeights)
  const all = new Float32Array(leaves.reduce((sum, { leaf }) => sum + leaf.data.length, 0))
  let begin = 0
  for (const {
    leaf: { data },
  } of leaves) {
    all.set(data, begin)
    begin += data.length
  }
  return all
}

/** What programs must know of the data, from the data themselves. */
export const problemOf = ({ model, prepare = (x) => x }: Inspected, dataset: Dataset): Problem => ({
  network: { model, prepare },
  target:
    dataset.targets.task === 'classification'
      ? { task: 'classification', classes: dataset.targets.classes }
      : { task: 'regression', shape: dataset.targets.shape },
  inputDtype: storageTypeOf(dataset.inputs),
  train: { dataset },
})

/** A program on flat lists; what it gives is written over by the next run. */
type RunFlat = (inputs: readonly TypedArray[]) => Promise<readonly TypedArray[]>

async function runner(
  compiled: Promise<Pick<Program<readonly unknown[], unknown>, 'graph' | 'runFlat'>>,
): Promise<RunFlat> {
  const program = await compiled
  const outputs = program.graph.outputs.map(({ dtype, shape }) => allocate(dtype, sizeOf(shape)))
  return (inputs) => program.runFlat(inputs, outputs)
}

function only([vector]: readonly Tensor[]): Tensor {
  if (vector === undefined) throw new Error('a program with one vector of parameters is given one')
  return vector
}
