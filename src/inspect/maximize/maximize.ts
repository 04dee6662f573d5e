import { gradients } from '../../autodiff/index.ts'
import { UsageError } from '../../errors.ts'
import type { Variables } from '../../nn/index.ts'
import { adam } from '../../optim/index.ts'
import { foldIn, type Key, normal, uniform } from '../../random/index.ts'
import {
  abs,
  add,
  constant,
  div,
  gather,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  type Shape,
  sigmoid,
  sizeOf,
  slice,
  square,
  sub,
  type Tensor,
} from '../../tensor/index.ts'
import type { Inspected } from '../activations.ts'
import { bound } from '../bound.ts'
import type { DataSummary } from '../dataSummary.ts'
import { excitations, type Objective } from './objective.ts'
import { type Parametrization, parametrized } from './parametrization.ts'

export interface MaximizeOptions {
  /** Of what the inputs begin with, of jitter and of noise. */
  readonly key: Key
  /** What values the data have: inputs stay within their range. */
  readonly summary: DataSummary
  /** How samples are stored; bytes are optimised as numbers from 0 to 255, and rounded in the end. */
  readonly dtype: 'uint8' | 'float32'
  /** Steps of Adam; default 256. */
  readonly steps?: number | undefined
  /** Learning rate of Adam; default 0.05. */
  readonly lr?: number | undefined
  /** Default fourier. */
  readonly parametrization?: Parametrization | undefined
  /** Places by which an input is moved at most before each step, in any direction; default a fourteenth of its longer side. */
  readonly jitter?: number | undefined
  /** Weight of the total variation: the mean difference of neighbours, in parts of the range. Default 0.5; vectors have none. */
  readonly totalVariation?: number | undefined
  /** Weight of the mean squared distance from the mean of the data, in parts of the range. Default 0.5. */
  readonly l2?: number | undefined
  /** Activation of each objective that counts as 1 against the penalties, such as that of the strongest sample. Default 1. */
  readonly scales?: readonly number[] | undefined
  /** Called before each step; what it throws ends the work. */
  onProgress?(step: number, steps: number): void
}

/** What came of one objective. */
export interface Maximized {
  readonly objective: Objective
  /** In the units of the data, `[…sample]`. */
  readonly input: Float32Array
  /** Of that input, unmoved. */
  readonly activation: number
  /** Of inputs whose numbers are drawn evenly from the range: the mean over 64, and one of them. */
  readonly noise: { readonly mean: number; readonly input: Float32Array }
}

const NOISE = 64

/**
 * Inputs that excite chosen outputs, channels or units of a network, by gradient ascent: all of them at once as one batch, through the preparation, with inputs
 * kept in the range of the data by a sigmoid. Moving them about (jitter) and penalties on variation and size keep the ascent from patterns that only a network sees.
 *
 * Source: Olah, Mordvintsev and Schubert, "Feature visualization", Distill (2017).
 *
 * @param sample - shape of one stored sample
 * @throws UsageError where there is no objective, or no such layer, channel or unit
 *
 * @example
 * const [seven] = await maximize(network, variables, [1, 28, 28], [{ kind: 'output', index: 7 }], { key: key(0), summary, dtype: 'uint8' })
 */
export async function maximize(
  of: Inspected,
  variables: Variables,
  sample: Shape,
  objectives: readonly Objective[],
  options: MaximizeOptions,
): Promise<Maximized[]> {
  const { key, summary, dtype, steps = 256, lr = 0.05, parametrization = 'fourier', scales = [], onProgress } = options
  const count = objectives.length
  if (count === 0) throw new UsageError('there is nothing to excite: give at least one output, channel or unit')
  const { totalVariation = 0.5, l2 = 0.5 } = options
  const shape = [count, ...sample]
  const range = rangeOf(summary, dtype, sample)
  const make = parametrized(parametrization, sample)
  const inRange = (parameters: Tensor): Tensor => sigmoid(add(make(parameters), range.offset))
  const stored = (share: Tensor): Tensor => add(mul(share, range.width), range.low)
  const optimizer = adam({ lr })
  const [names, moved] = [Object.keys(optimizer.coefficients(1, lr)), sample.length > 1]
  const [tall, wide] = sample.length === 3 ? [sample[1] ?? 1, sample[2] ?? 1] : [1, sample.at(-1) ?? 1]
  const jitter = options.jitter ?? Math.round(Math.max(tall, wide) / 14)
  const scale = constant(
    Float32Array.from({ length: count }, (_, i) => Math.max(1e-6, Math.abs(scales[i] ?? 1))),
    [count],
    'float32',
  )
  const own = constant(
    Float32Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0)),
    [count, count],
    'float32',
  )
  const spec = { dtype: 'float32', shape } as const
  const ascent = await bound(
    of,
    variables,
    (apply, parameters: Tensor, rows: Tensor, columns: Tensor, coefficients: Tensor, ...state: Tensor[]) => {
      const share = inRange(parameters)
      const seen = moved ? shifted(stored(share), sample, rows, columns) : stored(share)
      const values = reduceSum(mul(excitations(apply(seen), objectives), own), { axes: [1] })
      // Each input has a loss of its own, so that the sum's gradient is that of each.
      const perInput = (x: Tensor): Tensor =>
        reduceSum(reduceMean(reshape(x, [count, sizeOf(x.shape) / count]), { axes: [1] }))
      const variation = moved
        ? differences(share, sample)
            .map((one) => perInput(abs(one)))
            .reduce(add)
        : undefined
      const penalty = mul(perInput(square(sub(share, range.mean))), l2)
      const loss = add(
        neg(reduceSum(div(values, scale))),
        variation === undefined ? penalty : add(penalty, mul(variation, totalVariation)),
      )
      const gradient = gradients(loss, parameters)
      const scalars = Object.fromEntries(
        names.map((name, i) => [name, reshape(slice(coefficients, { axes: [0], starts: [i], ends: [i + 1] }), [])]),
      )
      const kept = Object.fromEntries(optimizer.state.map((name, i) => [name, state[i] ?? parameters]))
      const next = optimizer.update({ parameter: parameters, gradient, ...kept }, scalars)
      return ['parameter', ...optimizer.state].map((name) => next[name] ?? parameters)
    },
    spec,
    { dtype: 'int32', shape: [tall] },
    { dtype: 'int32', shape: [wide] },
    { dtype: 'float32', shape: [names.length] },
    ...optimizer.state.map(() => spec),
  )
  let vectors: readonly Float32Array[] = [
    normal(foldIn(key, 'start'), sizeOf(shape), { std: 0.01 }),
    ...optimizer.state.map(() => new Float32Array(sizeOf(shape))),
  ]
  const moves = uniform(foldIn(key, 'jitter'), 2 * steps)
  try {
    for (let step = 0; step < steps; step++) {
      onProgress?.(step, steps)
      const by = (k: number): number => Math.floor((moves[2 * step + k] ?? 0) * (2 * jitter + 1)) - jitter
      const numbers = optimizer.coefficients(step + 1, lr)
      const [parameters = new Float32Array(), ...state] = vectors
      vectors = await ascent.run(
        parameters,
        shifts(tall, tall > 1 ? by(0) : 0),
        shifts(wide, by(1)),
        Float32Array.from(names, (name) => numbers[name] ?? 0),
        ...state,
      )
    }
  } finally {
    ascent.dispose()
  }
  const finish = await bound(of, variables, (_, parameters: Tensor) => [stored(inRange(parameters))], spec)
  const [found = new Float32Array()] = await finish.run(vectors[0] ?? new Float32Array())
  finish.dispose()
  const inputs = dtype === 'uint8' ? found.map(Math.round) : found
  const noise = noiseIn(range, foldIn(key, 'noise'), sizeOf(sample), dtype)
  const judge = await bound(of, variables, (apply, x: Tensor) => [excitations(apply(x), objectives)], {
    dtype: 'float32',
    shape: [count + NOISE, ...sample],
  })
  const both = new Float32Array(inputs.length + noise.length)
  both.set(inputs)
  both.set(noise, inputs.length)
  const [values = new Float32Array()] = await judge.run(both)
  judge.dispose()
  const size = sizeOf(sample)
  return objectives.map((objective, i) => {
    let sum = 0
    for (let n = 0; n < NOISE; n++) sum += values[(count + n) * count + i] ?? 0
    return {
      objective,
      input: inputs.slice(i * size, (i + 1) * size),
      activation: values[i * count + i] ?? Number.NaN,
      noise: { mean: sum / NOISE, input: noise.slice(0, size) },
    }
  })
}

interface Range {
  readonly low: Tensor
  readonly width: Tensor
  /** Of the data, in parts of the range. */
  readonly mean: Tensor
  /** What is added before the sigmoid, so that the ascent begins at the mean. */
  readonly offset: Tensor
  readonly bounds: { readonly low: Float32Array; readonly high: Float32Array }
}

/** Bytes have theirs; numbers of images and signals have that of their channel over all places, and those of vectors each its own. */
function rangeOf({ min, max, mean }: DataSummary, dtype: 'uint8' | 'float32', sample: Shape): Range {
  const groups = sample.length === 1 ? sizeOf(sample) : (sample[0] ?? 1)
  const size = sizeOf(sample) / groups
  const each = (values: Float32Array, of: (part: Float32Array) => number): Float32Array => {
    const found = Array.from({ length: groups }, (_, g) => of(values.subarray(g * size, (g + 1) * size)))
    return Float32Array.from({ length: sizeOf(sample) }, (_, i) => found[Math.floor(i / size)] ?? 0)
  }
  const low = dtype === 'uint8' ? min.map(() => 0) : each(min, (part) => part.reduce((a, b) => Math.min(a, b)))
  const high = dtype === 'uint8' ? max.map(() => 255) : each(max, (part) => part.reduce((a, b) => Math.max(a, b)))
  const middle = each(mean, (part) => part.reduce((a, b) => a + b, 0) / part.length)
  const share = middle.map((value, i) => {
    const width = (high[i] ?? 0) - (low[i] ?? 0)
    return width > 0 ? Math.min(0.95, Math.max(0.05, (value - (low[i] ?? 0)) / width)) : 0.5
  })
  const tensorOf = (values: Float32Array): Tensor => constant(values, sample, 'float32')
  return {
    low: tensorOf(low),
    width: tensorOf(high.map((value, i) => value - (low[i] ?? 0))),
    mean: tensorOf(share),
    offset: tensorOf(share.map((one) => Math.log(one / (1 - one)))),
    bounds: { low, high },
  }
}

/** Where each place is taken from when all are moved; beyond the edge the edge goes on. */
const shifts = (length: number, by: number): Int32Array =>
  Int32Array.from({ length }, (_, i) => Math.min(length - 1, Math.max(0, i + by)))

function shifted(x: Tensor, sample: Shape, rows: Tensor, columns: Tensor): Tensor {
  const across = gather(x, columns, x.shape.length - 1)
  return sample.length === 3 ? gather(across, rows, 2) : across
}

/** Differences of neighbours along each axis of places. */
function differences(x: Tensor, sample: Shape): Tensor[] {
  return sample.slice(1).flatMap((size, i) => {
    const axis = i + 2
    const part = (start: number, end: number): Tensor => slice(x, { axes: [axis], starts: [start], ends: [end] })
    return size > 1 ? [sub(part(1, size), part(0, size - 1))] : []
  })
}

function noiseIn({ bounds: { low, high } }: Range, key: Key, size: number, dtype: 'uint8' | 'float32'): Float32Array {
  const drawn = uniform(key, NOISE * size).map(
    (share, i) => (low[i % size] ?? 0) + share * ((high[i % size] ?? 0) - (low[i % size] ?? 0)),
  )
  return dtype === 'uint8' ? drawn.map(Math.round) : drawn
}
