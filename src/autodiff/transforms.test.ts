import { describe, expect, it } from 'vitest'
import { interpret } from '../runtime/index.ts'
import {
  add,
  conv2d,
  gemm,
  logSoftmax,
  maxPool2d,
  mul,
  ndarray,
  oneHot,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  type Tensor,
  tanh,
} from '../tensor/index.ts'
import { evaluate, expectAgreement, expectClose, expectSlopes, real, trace, whole } from '../testing/check.ts'
import { count, fill } from '../testing/golden/formula.ts'
import { grad, valueAndGrad } from './index.ts'

const cube = (x: Tensor) => mul(x, mul(x, x))

describe('gradients of gradients', () => {
  it('of x³ are 3x², 6x, 6 and 0', async () => {
    const orders = [cube, grad(cube), grad(grad(cube)), grad(grad(grad(cube))), grad(grad(grad(grad(cube))))]
    const at2 = [real([], [2])]
    const all = (x: Tensor) => orders.map((order) => order(x))
    expect(evaluate(all, at2).map(({ data }) => data[0])).toEqual([8, 12, 12, 6, 0])
    await expectAgreement(all, at2)
  })

  it('of tanh to the fourth order, natively and by slopes', async () => {
    let order = (x: Tensor) => tanh(x)
    for (let n = 1; n <= 4; n++) {
      expectSlopes(order, [real([], [0.4])])
      order = grad(order)
      await expectAgreement(order, [real([], [0.4])])
    }
  })

  it('valueAndGrad gives both, and passes further arguments on', () => {
    const loss = ({ w, b }: { w: Tensor; b: Tensor }, x: Tensor) => reduceSum(mul(mul(w, x), b))
    const both = (w: Tensor, b: Tensor, x: Tensor) => {
      const { value, grad: found } = valueAndGrad(loss)({ w, b }, x)
      return [value, found.w, found.b]
    }
    const results = evaluate(both, [real([], [2]), real([], [3]), real([2], [5, 7])])
    expect(results.map(({ data }) => data[0])).toEqual([72, 36, 24])
  })
})

interface Network {
  readonly kernel: Tensor
  readonly bias: Tensor
  readonly weight: Tensor
}

/** Mean cross-entropy: convolution, tanh, pool, linear; ReLU in front keeps a mask in the graph. */
function loss({ kernel, bias, weight }: Network, x: Tensor, labels: Tensor): Tensor {
  const features = maxPool2d(tanh(conv2d(relu(x), kernel, { bias, padding: 1 })), 2)
  const logits = gemm(reshape(features, [2, -1]), weight, { transB: true })
  return mul(reduceMean(reduceSum(mul(logSoftmax(logits), oneHot(labels, 3)), { axes: [1] })), -1)
}

const listed = ({ kernel, bias, weight }: Network): Tensor[] => [kernel, bias, weight]
const parameterShapes = [[2, 1, 3, 3], [2], [3, 8]]

function gradient(kernel: Tensor, bias: Tensor, weight: Tensor, x: Tensor, labels: Tensor): Tensor[] {
  return listed(grad(loss)({ kernel, bias, weight }, x, labels))
}

/** H·v: the gradient of (gradient · v). */
function hessianVector(kernel: Tensor, bias: Tensor, weight: Tensor, x: Tensor, labels: Tensor, ...v: Tensor[]) {
  const along = (parameters: Network) =>
    listed(grad(loss)(parameters, x, labels))
      .map((slope, i) => reduceSum(mul(slope, v[i] ?? 0)))
      .reduce(add)
  return listed(grad(along)({ kernel, bias, weight }))
}

/** Numbers without ties, so that no maximum changes hands within a step. */
const filled = (phase: number, ...shapes: number[][]) =>
  shapes.map((shape, i) => real(shape, fill(count(shape), phase + i, 0.7)))

describe('a small convolutional network', () => {
  it.each([0.3, 1.7, 2.9])('has the slope of its gradient for Hessian-vector product (%d)', async (phase) => {
    const batch = [...filled(phase, [2, 1, 4, 4]), whole([2], [2, 0])]
    const parameters = filled(phase + 1, ...parameterShapes)
    const v = filled(-phase, ...parameterShapes)
    const graph = trace(gradient, [...parameters, ...batch])
    const gradientAt = (by: number) => {
      const moved = parameters.map(({ type, data }, i) =>
        ndarray(
          type.shape,
          Float64Array.from(data, (value, j) => value + by * (v[i]?.data[j] ?? 0)),
        ),
      )
      return interpret(graph, [
        ...moved,
        ...batch.map(({ type, data }) => ndarray(type.shape, Float64Array.from(data))),
      ])
    }
    const step = 1e-5
    const [after, before] = [gradientAt(step), gradientAt(-step)]
    const given = [...parameters, ...batch, ...v]
    const products = evaluate(hessianVector, given)
    expect(products.map(({ shape }) => shape)).toEqual(parameterShapes)
    for (const [i, product] of products.entries()) {
      const slope = product.data.map((_, j) => ((after[i]?.data[j] ?? 0) - (before[i]?.data[j] ?? 0)) / (2 * step))
      expect(product.data.some((value) => Math.abs(value) > 1e-3)).toBe(true)
      expectClose(product, ndarray(product.shape, slope), 1e-7, `Hessian-vector product ${i}`)
    }
    await expectAgreement(hessianVector, given)
  })
})
