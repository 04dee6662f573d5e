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
import {
  type Argument,
  evaluate,
  expectAgreement,
  expectClose,
  expectSlopes,
  real,
  trace,
  whole,
} from '../testing/check.ts'
import { count, fill } from '../testing/golden/formula.ts'
import { grad, valueAndGrad } from './index.ts'

const cube = (x: Tensor) => mul(x, mul(x, x))

describe('gradients of gradients', () => {
  it('of x³ are 3x², 6x, 6 and 0', async () => {
    const slopes = [cube, grad(cube), grad(grad(cube)), grad(grad(grad(cube))), grad(grad(grad(grad(cube))))]
    const at2 = [real([], [2])]
    const all = (x: Tensor) => slopes.map((slope) => slope(x))
    expect(evaluate(all, at2).map(({ data }) => data[0])).toEqual([8, 12, 12, 6, 0])
    await expectAgreement(all, at2)
  })

  it('of tanh to the fourth order, natively and by slopes', async () => {
    let slope = (x: Tensor) => tanh(x)
    for (let order = 1; order <= 4; order++) {
      expectSlopes(slope, [real([], [0.4])])
      const next = grad(slope)
      await expectAgreement(next, [real([], [0.4])])
      slope = next
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

describe('a small convolutional network', () => {
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

  /** Numbers without ties, so that no maximum changes hands within a step. */
  const filled = (phase: number, ...shapes: number[][]) =>
    shapes.map((shape, i) => real(shape, fill(count(shape), phase + i, 0.7)))

  const slopes = [cube, grad(cube), grad(grad(cube)), grad(grad(grad(cube))), grad(grad(grad(grad(cube))))]
    const at2 = [real([], [2])]
    const all = (x: Tensor) => slopes.map((slope) => slope(x))
    expect(evaluate(all, at2).map(({ data }) => data[0])).toEqual([8, 12, 12, 6, 0])
    await expectAgreement(all, at2)
  })

  it('of tanh to the fourth order, natively and by slopes', async () => {
    let slope = (x: Tensor) => tanh(x)
    for (let order = 1; order <= 4; order++) {
      expectSlopes(slope, [real([], [0.4])])
      const next = grad(slope)
      await expectAgreement(next, [real([], [0.4])])
      slope = next
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

describe('a small convolutional network', () => {
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

  const network = fc
    .tuple(reals([2, 1, 4, 4]), reals([2, 1, 3, 3]), reals([2]), reals([3, 8]))
    .map((given): Argument[] => [...given, whole([2], [2, 0])])

  const slopes = (x: Tensor, kernel: Tensor, bias: Tensor, weight: Tensor, labels: Tensor) => {
    const found = grad(loss)({ kernel, bias, weight }, x, labels)
    return [found.kernel, found.bias, found.weight]
  }

  /** H·v: the gradient of (gradient · v). */
  const hessianVector = (x: Tensor, kernel: Tensor, bias: Tensor, weight: Tensor, labels: Tensor, ...v: Tensor[]) => {
    const along = (parameters: Network) => {
      const found = grad(loss)(parameters, x, labels)
      const dots = [found.kernel, found.bias, found.weight].map((slope, i) => reduceSum(mul(slope, v[i] ?? 0)))
      return dots.reduce(add)
    }
    const product = grad(along)({ kernel, bias, weight })
    return [product.kernel, product.bias, product.weight]
  }

  const doubles = (given: readonly Argument[]) =>
    given.map(({ type, data }) => ndarray(type.shape, Float64Array.from(data)))

  it.each([0.3, 1.7, 2.9])('its Hessian-vector product is the slope of its gradient, and the same natively (%d)', async (phase) => {
        const given = [...filled(phase, [2, 1, 4, 4], [2, 1, 3, 3], [2], [3, 8]), whole([2], [2, 0])]
        const v = filled(-phase, [2, 1, 3, 3], [2], [3, 8])
        const graph = trace(slopes, given)
        const [x, kernel, bias, weight, labels] = doubles(given)
        if (!x || !kernel || !bias || !weight || !labels) throw new Error('five inputs')
        const gradientAt = (by: number) => {
          const moved = [kernel, bias, weight].map(({ shape, data }, i) =>
            ndarray(
              shape,
              data.map((value, j) => value + by * (v[i]?.data[j] ?? 0)),
            ),
          )
          return interpret(graph, [x, ...moved, labels])
        }
        const step = 1e-5
        const [after, before] = [gradientAt(step), gradientAt(-step)]
        const products = evaluate(hessianVector, [...given, ...v])
        expect(products.map(({ shape }) => shape)).toEqual([[2, 1, 3, 3], [2], [3, 8]])
        products.forEach(({ shape, data }, i) => {
          const slope = data.map((_, j) => ((after[i]?.data[j] ?? 0) - (before[i]?.data[j] ?? 0)) / (2 * step))
          expectClose(ndarray(shape, data), ndarray(shape, slope), 1e-6, `Hessian-vector product ${i}`)
        })
        await expectAgreement(hessianVector, [...given, ...v])
  })
})
