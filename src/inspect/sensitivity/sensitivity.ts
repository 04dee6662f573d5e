import { vjp, vmap } from '../../autodiff/index.ts'
import { batches, feeder } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import { isWeights, outputShape } from '../../nn/index.ts'
import { compile } from '../../runtime/index.ts'
import {
  cast,
  expand,
  leavesOf,
  mapLeaves,
  mul,
  ones,
  reduceSum,
  reshape,
  sizeOf,
  sqrt,
  type Tensor,
} from '../../tensor/index.ts'
import { preparedShape } from '../../train/index.ts'
import { endToEnd } from '../../train/layout.ts'
import { batchTypes, bySize, evaluationStep } from '../../train/programs.ts'
import { flattened, type Judged, problemOf, type Samples } from '../lossFunction.ts'

/** With respect to what derivatives are taken: samples as the model gets them, or as they are stored (pixels from 0 to 255, for instance). */
export type InputUnits = 'prepared' | 'stored'

/** How strongly a network answers to changes of its input, sample by sample. */
export interface InputSensitivity {
  readonly units: InputUnits
  /** Norm of the gradient of each sample's own loss with respect to the sample. */
  readonly lossGradient: Float64Array
  /** Frobenius norm of the Jacobian of the outputs (logits, before any softmax) with respect to the sample. */
  readonly jacobian: Float64Array
  /** Means over the samples. */
  readonly mean: { readonly lossGradient: number; readonly jacobian: number }
}

export interface SensitivityOptions {
  /** Default `prepared`: independent of the units in which data are stored. */
  readonly units?: InputUnits
  /** Samples computed at once; default 100. */
  readonly batch?: number
  /** Asked before each batch; what it throws ends the work. */
  readonly check?: (() => void | Promise<void>) | undefined
  readonly onSamples?: (done: number, of: number) => void
}

/** Rows of the Jacobian that one program computes. */
const ROWS = 16

/**
 * Norms of the derivatives of loss and outputs with respect to the input, of each sample: exact, by one backward pass for the loss and one for each output. As in
 * prediction: dropout is off and running statistics stay.
 *
 * Sources: Novak et al., Sensitivity and generalization in neural networks, 2018 (the Jacobian); Lee, Machine learning, homework 1 (the loss's gradient)
 *
 * @throws UsageError where there are no samples
 *
 * @example
 * const { mean } = await inputSensitivity({ network, loss, variables }, { dataset: test, indices })
 * mean.jacobian // 3.1, in units of output a unit of prepared input
 */
export async function inputSensitivity(
  { network, loss, variables }: Judged,
  { dataset, indices }: Samples,
  { units = 'prepared', batch = 100, check, onSamples }: SensitivityOptions = {},
): Promise<InputSensitivity> {
  if (indices.length === 0)
    throw new UsageError(`there is no sample of ${dataset.name} to take derivatives at: choose another split`)
  const problem = problemOf(network, dataset)
  const { prepare } = problem.network
  const layout = endToEnd(variables.parameters)
  const step = evaluationStep(network.model, loss, layout)
  const output = outputShape(network.model, variables, [1, ...preparedShape(problem.network, dataset.inputs.shape)])
  const outputs = sizeOf(output)
  const rows = Math.min(ROWS, outputs)
  const programFor = bySize((size) =>
    compile(
      (weights, { x, target }, directions: Tensor) => {
        const stored = cast(x, 'float32')
        const prepared = prepare(stored)
        const found = step(weights, { x: prepared, target })
        const input = units === 'stored' ? stored : prepared
        const [slope = input] = vjp([found.loss], [ones([])], [input])
        // A sample's share of the mean loss is 1 / size.
        const lossGradient = mul(lengths(slope), size)
        const squaresOf = (direction: Tensor): Tensor => {
          const everywhere = expand(reshape(direction, [1, ...output.slice(1)]), found.output.shape)
          const [row = input] = vjp([found.output], [everywhere], [input])
          return squares(row)
        }
        return { lossGradient, squares: reduceSum(vmap(squaresOf)(directions), { axes: [0] }) }
      },
      {
        parameters: layout.types,
        buffers: mapLeaves(variables.buffers, isWeights, ({ shape }) => ({ dtype: 'float32' as const, shape })),
      },
      batchTypes(problem, loss, size),
      { dtype: 'float32', shape: [rows, ...output.slice(1)] },
    ),
  )
  const given = [
    flattened(variables.parameters),
    ...leavesOf(variables.buffers, isWeights).map(({ leaf }) => leaf.data),
  ]
  const unitsOf = Array.from({ length: Math.ceil(outputs / rows) }, (_, k) => unitRows(k * rows, rows, outputs))
  const lossGradient = new Float64Array(indices.length)
  const jacobian = new Float64Array(indices.length)
  const size = Math.min(batch, indices.length)
  let begin = 0
  for (const coming of feeder(dataset, size)(batches(indices, size, { shuffle: false }))) {
    const { size: here, inputs, targets } = await coming
    const program = await programFor(here)
    for (const directions of unitsOf) {
      await check?.()
      const [slopes = [], part = []] = await program.runFlat([...given, inputs, targets, directions])
      for (let i = 0; i < here; i++) {
        lossGradient[begin + i] = Number(slopes[i])
        jacobian[begin + i] = (jacobian[begin + i] ?? 0) + Number(part[i])
      }
    }
    begin += here
    onSamples?.(begin, indices.length)
  }
  for (let i = 0; i < jacobian.length; i++) jacobian[i] = Math.sqrt(jacobian[i] ?? 0)
  return { units, lossGradient, jacobian, mean: { lossGradient: mean(lossGradient), jacobian: mean(jacobian) } }
}

/** Sum of the squares of each sample, `[batch]`. */
const squares = (x: Tensor): Tensor => reduceSum(reshape(mul(x, x), [x.shape[0] ?? 1, -1]), { axes: [1] })

const lengths = (x: Tensor): Tensor => sqrt(squares(x))

/** Rows of the identity matrix; beyond its end, zeros, which add nothing. */
function unitRows(begin: number, count: number, width: number): Float32Array {
  const rows = new Float32Array(count * width)
  for (let row = 0; row < Math.min(count, width - begin); row++) rows[row * width + begin + row] = 1
  return rows
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
