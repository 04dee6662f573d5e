import { describe, expect, it } from 'vitest'
import { interpret } from '../runtime/index.ts'
import {
  add,
  gemm,
  mul,
  type NdArray,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  type Tensor,
  tanh,
  tensor,
} from '../tensor/index.ts'
import { evaluate, expectAgreement, expectClose, real, trace } from '../testing/check.ts'
import { fill } from '../testing/golden/formula.ts'
import { gradients } from './gradients.ts'
import { hessian, hvp, jacobian, jvp, perSampleGradients } from './secondOrder.ts'

const part = (w: Tensor, start: number, end: number): Tensor => slice(w, { starts: [start], ends: [end] })

/** A network 4-3-2 as a function of all its 18 weights in one vector. */
const network = (w: Tensor, input: Tensor): Tensor =>
  gemm(tanh(gemm(input, reshape(part(w, 0, 12), [3, 4]), { transB: true })), reshape(part(w, 12, 18), [2, 3]), {
    transB: true,
  })
const loss = (w: Tensor, input: Tensor): Tensor => {
  const output = network(w, input)
  return reduceMean(mul(output, output))
}
const weights = real([18], fill(18, 1.2, 0.6))
const direction = real([18], fill(18, 2.2, 1))
const batch = real([5, 4], fill(20, 0.4, 1))

const only = ([first]: readonly NdArray[]): NdArray => {
  if (first === undefined) throw new Error('nothing was computed')
  return first
}

/** Matrix times vector, on the host. */
const times = ({ shape: [rows = 0, columns = 0], data }: NdArray, vector: ArrayLike<number>): NdArray => ({
  shape: [rows],
  data: Float64Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_c, c) => (data[r * columns + c] ?? 0) * (vector[c] ?? 0)).reduce(
      (a, b) => a + b,
      0,
    ),
  ),
})

describe('hessian', () => {
  it('is symmetric, and its columns are the slopes of the gradient', () => {
    const matrix = only(evaluate((w, x) => hessian((p) => loss(p, x))(w), [weights, batch]))
    expect(matrix.shape).toEqual([18, 18])
    const graph = trace((w, x) => gradients(loss(w, x), w), [weights, batch])
    const step = 1e-5
    for (const column of [0, 5, 13, 17]) {
      const slope = [1, -1].map((sign) => {
        const moved = Float64Array.from(weights.data, (w, i) => w + (i === column ? sign * step : 0))
        return only(
          interpret(graph, [
            { shape: [18], data: moved },
            { shape: [5, 4], data: Float64Array.from(batch.data) },
          ]),
        ).data
      })
      for (let row = 0; row < 18; row++) {
        const value = matrix.data[row * 18 + column] ?? Number.NaN
        expect(value).toBeCloseTo(((slope[0]?.[row] ?? 0) - (slope[1]?.[row] ?? 0)) / (2 * step), 7)
        expect(value).toBeCloseTo(matrix.data[column * 18 + row] ?? Number.NaN, 12)
      }
    }
  })

  it('of x₀²x₁ + x₁³ is [[2x₁, 2x₀], [2x₀, 6x₁]]', () => {
    const f = (x: Tensor): Tensor => {
      const [a, b] = [part(x, 0, 1), part(x, 1, 2)]
      return reduceSum(add(mul(mul(a, a), b), mul(b, mul(b, b))))
    }
    expect([...only(evaluate((x) => hessian(f)(x), [real([2], [3, 5])])).data]).toEqual([10, 6, 6, 30])
  })
})

describe('hvp', () => {
  it('is the Hessian times the direction, whatever the nesting', () => {
    const matrix = only(evaluate((w, x) => hessian((p) => loss(p, x))(w), [weights, batch]))
    const product = only(
      evaluate(
        (w, v, x) => hvp((p: { all: Tensor }) => loss(p.all, x))({ all: w }, { all: v }).all,
        [weights, direction, batch],
      ),
    )
    expectClose(product, times(matrix, direction.data), 1e-12, 'hvp')
  })

  it('runs natively', () =>
    expectAgreement((w, v, x) => hvp((p: Tensor) => loss(p, x))(w, v), [weights, direction, batch]))

  it('refuses a direction of another shape', () => {
    expect(() => hvp((p: Tensor) => reduceSum(mul(p, p)))(tensor([1, 2]), tensor([1]))).toThrow('must be [2]')
  })
})

describe('jvp and jacobian', () => {
  it('agree: J·v', () => {
    const outputs = (x: Tensor) => (w: Tensor) => reshape(network(w, x), [10])
    const matrix = only(evaluate((w, x) => jacobian(outputs(x))(w), [weights, batch]))
    expect(matrix.shape).toEqual([10, 18])
    const pushed = only(evaluate((w, v, x) => jvp(outputs(x))(w, v), [weights, direction, batch]))
    expectClose(pushed, times(matrix, direction.data), 1e-12, 'jvp')
  })

  it('give [output, input] shapes: x ↦ x·xᵢ', () => {
    const matrix = only(evaluate((x) => jacobian((p) => mul(p, p))(x), [real([3], [1, 2, 3])]))
    expect([...matrix.data]).toEqual([2, 0, 0, 0, 4, 0, 0, 0, 6])
  })
})

describe('perSampleGradients', () => {
  it('average to the gradient of the mean loss', () => {
    const [each, whole] = evaluate(
      (w, x) => [perSampleGradients((p: Tensor, [sample = x]) => loss(p, sample))(w, [x]), gradients(loss(w, x), w)],
      [weights, batch],
    )
    expect(each?.shape).toEqual([5, 18])
    const mean = Float64Array.from({ length: 18 }, (_, i) =>
      [0, 1, 2, 3, 4].reduce((sum, sample) => sum + (each?.data[sample * 18 + i] ?? 0) / 5, 0),
    )
    expectClose({ shape: [18], data: mean }, whole ?? { shape: [], data: new Float64Array() }, 1e-12, 'mean')
  })

  it('refuses tensors without a common batch axis', () => {
    expect(() => perSampleGradients((p: Tensor) => p)(tensor(1), [tensor([1, 2]), tensor([1])])).toThrow(
      'share a first axis',
    )
  })
})
