import { axisSize, normalizeAxes, reducedShape, ShapeError } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add, mul, sub } from './arithmetic.ts'
import { clip, equal, where } from './comparison.ts'
import { type ReductionOptions, reduceMax, reduceSum } from './reduction.ts'
import { reshape, transpose } from './shaping.ts'
import { concat, slice } from './slicing.ts'
import { abs, exp, log, sqrt } from './unary.ts'

const LARGEST = 3.4e38

/**
 * `log Σ exp(x)` over axes (default all), shifted by the maximum so that nothing overflows. Of nothing but `-Infinity` it
 * is `-Infinity`.
 */
export function logSumExp(x: Tensor, { axes, keepDims = false }: ReductionOptions = {}): Tensor {
  const reduced = normalizeAxes('logSumExp', axes, x.shape.length)
  const options = { axes: reduced, keepDims: true }
  const shift = clip(reduceMax(x, options), { min: -LARGEST, max: LARGEST })
  const result = add(shift, log(reduceSum(exp(sub(x, shift)), options)))
  return reshape(result, reducedShape(x.shape, reduced, keepDims))
}

/**
 * Norm of the vector along axes (default all): Σ|x| for `p` 1, √Σx² for 2 (default), the largest |x| for `Infinity`.
 * Where the 2-norm is 0 its gradient is 0, as in PyTorch.
 */
export function norm(x: Tensor, { p = 2, ...options }: ReductionOptions & { readonly p?: number } = {}): Tensor {
  switch (p) {
    case 1:
      return reduceSum(abs(x), options)
    case 2: {
      const total = reduceSum(mul(x, x), options)
      const isZero = equal(total, 0)
      return where(isZero, 0, sqrt(where(isZero, 1, total)))
    }
    case Infinity:
      return reduceMax(abs(x), options)
    default:
      throw new ShapeError(`norm: p is ${p}; it can be 1, 2 or Infinity`)
  }
}

/** Product over axes (default all), by halves, so that its gradient is right where factors are 0. */
export function reduceProd(x: Tensor, { axes, keepDims = false }: ReductionOptions = {}): Tensor {
  const reduced = normalizeAxes('reduceProd', axes, x.shape.length)
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !reduced.includes(axis))
  const count = reduced.reduce((size, axis) => size * axisSize(x.shape, axis), 1)
  let factors = reshape(transpose(x, [...reduced, ...kept]), [count, ...kept.map((axis) => axisSize(x.shape, axis))])
  for (let left = count; left > 1; left = Math.ceil(left / 2)) {
    const half = Math.floor(left / 2)
    const part = (start: number, end: number) => slice(factors, { starts: [start], ends: [end] })
    const product = mul(part(0, half), part(half, 2 * half))
    factors = left % 2 === 0 ? product : concat([product, part(left - 1, left)])
  }
  return reshape(factors, reducedShape(x.shape, reduced, keepDims))
}
