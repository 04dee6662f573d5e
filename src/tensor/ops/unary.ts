import { mapBroadcast } from '../ndarray.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { greater, where } from './comparison.ts'
import { requireDtype } from './operands.ts'

/** A row of one float input, element by element; `derivative` is d output / d input, from the input and the output. */
function unary<A extends object>(
  name: string,
  compute: (x: number, attributes: A) => number,
  derivative: ((x: Tensor, y: Tensor, attributes: A) => Tensor) | 'zero almost everywhere',
) {
  return defineOperation<A>({
    name,
    infer: ([x]) => {
      const type = x ?? { dtype: 'float32', shape: [] }
      requireDtype(name, 'the input', type, 'float32')
      return { dtype: 'float32', shape: type.shape }
    },
    reference: (inputs, attributes, { shape }) => mapBroadcast(shape, inputs, (x = 0) => compute(x, attributes)),
    vjp: ({ inputs: [x], output, cotangent, attributes }) => [
      x === undefined || derivative === 'zero almost everywhere'
        ? undefined
        : mul(cotangent, derivative(x, output, attributes)),
    ],
  })
}

type None = Record<string, never>
type Unary = (x: Tensor) => Tensor

function plain(
  name: string,
  compute: (x: number) => number,
  derivative: ((x: Tensor, y: Tensor) => Tensor) | 'zero almost everywhere',
): Unary {
  const operation = unary<None>(name, compute, derivative)
  return (x) => operation.apply([x], {})
}

export const exp: Unary = plain('exp', Math.exp, (_, y) => y)
export const log: Unary = plain('log', Math.log, (x) => div(1, x))
export const sqrt: Unary = plain('sqrt', Math.sqrt, (_, y) => div(0.5, y))
export const sin: Unary = plain('sin', Math.sin, (x) => cos(x))
export const cos: Unary = plain('cos', Math.cos, (x) => mul(sin(x), -1))
export const tanh: Unary = plain('tanh', Math.tanh, (_, y) => sub(1, mul(y, y)))
/** -1, 0 or 1. */
export const sign: Unary = plain('sign', Math.sign, 'zero almost everywhere')
/** Absolute value; the gradient at 0 is 0, as in PyTorch. */
export const abs: Unary = plain('abs', Math.abs, (x) => sign(x))
/** `1 / (1 + exp(-x))` */
export const sigmoid: Unary = plain(
  'sigmoid',
  (x) => 1 / (1 + Math.exp(-x)),
  (_, y) => mul(y, sub(1, y)),
)
/** The error function. */
export const erf: Unary = plain('erf', errorFunction, (x) => mul(exp(mul(mul(x, x), -1)), 2 / Math.sqrt(Math.PI)))
/** Heaviside's step: 1 where `x > 0`, else 0. It is the derivative of {@link relu}, with PyTorch's 0 at 0. */
export const step: Unary = plain('step', (x) => (x > 0 ? 1 : 0), 'zero almost everywhere')
/** `max(x, 0)` */
export const relu: Unary = plain(
  'relu',
  (x) => Math.max(x, 0),
  (_, y) => step(y),
)
/** `log(1 + exp(x))`, a smooth {@link relu}. */
export const softplus: Unary = plain(
  'softplus',
  (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  (x) => sigmoid(x),
)
/** Largest whole number not above; the gradient is 0 almost everywhere, so there is none. */
export const floor: Unary = plain('floor', Math.floor, 'zero almost everywhere')
/** Smallest whole number not below; without a gradient, as {@link floor}. */
export const ceil: Unary = plain('ceil', Math.ceil, 'zero almost everywhere')
/** Nearest whole number, halves to the even one (IEEE 754, as PyTorch and ONNX); without a gradient, as {@link floor}. */
export const round: Unary = plain('round', halfToEven, 'zero almost everywhere')
/** `1 / x` */
export const reciprocal: Unary = (x) => div(1, x)
export const neg: Unary = (x) => mul(x, -1)
export const square: Unary = (x) => mul(x, x)

export const leakyReluOperation = unary<{ readonly alpha: number }>(
  'leakyRelu',
  (x, { alpha }) => (x > 0 ? x : alpha * x),
  (x, _, { alpha }) => add(mul(step(x), 1 - alpha), alpha),
)

/** `x` where positive, else `alpha * x`. PyTorch calls `alpha` the negative slope. */
export const leakyRelu = (x: Tensor, alpha = 0.01): Tensor => leakyReluOperation.apply([x], { alpha })

export const eluOperation = unary<{ readonly alpha: number }>(
  'elu',
  (x, { alpha }) => (x > 0 ? x : alpha * Math.expm1(x)),
  (x, y, { alpha }) => where(greater(x, 0), 1, add(y, alpha)),
)

/** `x` where positive, else `alpha · (exp(x) - 1)` (default 1; Clevert, Unterthiner and Hochreiter, 2016). */
export const elu = (x: Tensor, alpha = 1): Tensor => eluOperation.apply([x], { alpha })

function halfToEven(x: number): number {
  const below = Math.floor(x)
  if (x - below !== 0.5) return Math.round(x)
  return below % 2 === 0 ? below : below + 1
}

/**
 * erf by Kummer's series 2x/√π · exp(-x²) · Σ (2x²)ⁿ / (2n+1)!!, whose terms are all positive, so nothing cancels.
 * Past |x| = 6 it is ±1 in float64.
 */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = 1
  let total = 1
  for (let n = 1; term > total * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    total += term
  }
  return ((2 * x) / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total
}
