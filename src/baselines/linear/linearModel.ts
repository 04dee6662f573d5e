import { valueAndGrad } from '../../autodiff/index.ts'
import { compile, spec } from '../../runtime/index.ts'
import { add, matmul, type Tensor, transpose } from '../../tensor/index.ts'
import type { FittedBaseline, Table } from '../baseline.ts'
import { lbfgs } from './lbfgs.ts'

/** Scores or values that are sums of weighted features: x Wᵀ + b. */
export interface LinearModel extends FittedBaseline {
  /** `[outputs, features]` */
  readonly weights: Float64Array
  /** `[outputs]` */
  readonly intercepts: Float64Array
}

/** What a linear model makes of samples, `finish` once more of each row. */
export const linearModel = (
  weights: Float64Array,
  intercepts: Float64Array,
  finish: (values: Float32Array) => Float32Array = (values) => values,
): LinearModel => ({
  weights,
  intercepts,
  predict: async ({ data, rows, width }) => {
    const outputs = intercepts.length
    const program = await compile(
      (x, w, b) => add(matmul(x, transpose(w)), b),
      spec([rows, width]),
      spec([outputs, width]),
      spec([outputs]),
    )
    const made = await program(data, Float32Array.from(weights), Float32Array.from(intercepts))
    return finish(Float32Array.from(made))
  },
})

export interface Problem {
  readonly samples: Table
  /** Numbers that the loss compares outputs with: `[rows, outputs]`. */
  readonly targets: Float32Array
  readonly outputs: number
  /** The sum of the losses of all rows, from outputs and targets, both `[rows, outputs]`. */
  readonly loss: (outputs: Tensor, targets: Tensor) => Tensor
  /** How much the losses weigh against half the squares of the weights. */
  readonly c: number
  /** Whether intercepts are kept small too. */
  readonly isInterceptPenalised: boolean
}

/** Weights and intercepts that minimise c · loss + ½ |weights|², found by L-BFGS; gradients come from Assay's engine. */
export async function minimise({ samples, targets, outputs, loss, c, isInterceptPenalised }: Problem) {
  const { data, rows, width } = samples
  const program = await compile(
    (weights, intercepts, x, y) =>
      valueAndGrad(({ w, b }: { readonly w: Tensor; readonly b: Tensor }, y: Tensor) =>
        loss(add(matmul(x, transpose(w)), b), y),
      )({ w: weights, b: intercepts }, y),
    spec([outputs, width]),
    spec([outputs]),
    spec([rows, width]),
    spec([rows, outputs]),
  )
  const size = outputs * width
  // Divided by the number of rows, so that the tolerance means the same for few and many.
  const scale = 1 / (c * rows)
  const solution = await lbfgs(
    async (x) => {
      const given = Float32Array.from(x)
      const { value, grad } = await program(given.subarray(0, size), given.subarray(size), data, targets)
      const penalised = isInterceptPenalised ? x.length : size
      const gradient = new Float64Array(x.length)
      let squares = 0
      for (let i = 0; i < x.length; i++) {
        const own = x[i] ?? 0
        gradient[i] = (i < size ? (grad.w[i] ?? 0) : (grad.b[i - size] ?? 0)) / rows
        if (i >= penalised) continue
        // The penalty stays in float64: in the program it would be lost beside the loss.
        gradient[i] = (gradient[i] ?? 0) + own * scale
        squares += own * own
      }
      return { value: (value[0] ?? Number.NaN) / rows + (squares * scale) / 2, gradient }
    },
    new Float64Array(size + outputs),
  )
  return { weights: solution.slice(0, size), intercepts: solution.slice(size) }
}
