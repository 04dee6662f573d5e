import { init, lax, nn, numpy as np, random } from '@jax-js/jax'
import type { Part } from '../../work/network.ts'

/**
 * A network as jax-js has them: a function of arrays. Arrays are owned: a function uses up what it is given, and `.ref`
 * makes one more of an array that is needed again.
 */
export interface Network {
  /** New weights, PyTorch's: uniform within 1/√fan-in. */
  readonly parameters: readonly np.Array[]
  /** Running means and variances. */
  readonly statistics: readonly np.Array[]
  apply(
    parameters: np.Array[],
    statistics: np.Array[],
    x: np.Array,
    training: boolean,
  ): { readonly output: np.Array; readonly statistics: np.Array[] }
}

/** One part, which takes its own weights from the front of what is left of them. */
type Apply = (x: np.Array, weights: Weights, training: boolean) => np.Array

interface Weights {
  next(): np.Array
  nextStatistic(): np.Array
  keep(statistic: np.Array): void
}

interface Built {
  readonly apply: Apply
  readonly parameters: readonly np.Array[]
  readonly statistics: readonly np.Array[]
  readonly shape: readonly number[]
}

await init('wasm')
let seed = 0
const uniform = (shape: number[], fanIn: number): np.Array => {
  const limit = 1 / Math.sqrt(fanIn)
  return random.uniform(random.key(seed++), shape, { minval: -limit, maxval: limit })
}

export function networkOf(parts: readonly Part[], sample: readonly number[]): Network {
  const { apply, parameters, statistics } = build(parts, sample)
  return {
    parameters,
    statistics,
    apply: (given, running, x, training) => {
      const left = [given.values(), running.values()] as const
      const kept: np.Array[] = []
      const output = apply(
        x,
        { next: () => take(left[0]), nextStatistic: () => take(left[1]), keep: (statistic) => kept.push(statistic) },
        training,
      )
      return { output, statistics: kept }
    },
  }
}

function take(arrays: Iterator<np.Array>): np.Array {
  const { value, done } = arrays.next()
  if (done === true) throw new Error('the network has fewer weights than its parts take')
  return value
}

function build(parts: readonly Part[], sample: readonly number[]): Built {
  const built: Built[] = []
  let shape = sample
  for (const part of parts) {
    const one = buildPart(part, shape)
    built.push(one)
    shape = one.shape
  }
  return {
    parameters: built.flatMap(({ parameters }) => parameters),
    statistics: built.flatMap(({ statistics }) => statistics),
    shape,
    apply: (x, weights, training) => built.reduce((h, { apply }) => apply(h, weights, training), x),
  }
}

function buildPart(part: Part, shape: readonly number[]): Built {
  const [channels = 1, height = 1, width = 1] = shape
  const plain = (apply: (x: np.Array) => np.Array, after: readonly number[]): Built => ({
    apply,
    parameters: [],
    statistics: [],
    shape: after,
  })
  switch (part.kind) {
    case 'linear':
      return {
        apply: (x, weights) => np.matmul(x, weights.next()).add(weights.next()),
        parameters: [uniform([channels, part.outputs], channels), uniform([part.outputs], channels)],
        statistics: [],
        shape: [part.outputs],
      }
    case 'conv': {
      const { kernel, stride, padding, bias } = part
      const fanIn = channels * kernel ** 2
      const out = (length: number): number => Math.floor((length + 2 * padding - kernel) / stride) + 1
      return {
        apply: (x, weights) => {
          const y = lax.conv(
            x,
            weights.next(),
            [stride, stride],
            [
              [padding, padding],
              [padding, padding],
            ],
          )
          return bias ? y.add(weights.next().reshape([1, part.channels, 1, 1])) : y
        },
        parameters: [
          uniform([part.channels, channels, kernel, kernel], fanIn),
          ...(bias ? [uniform([part.channels], fanIn)] : []),
        ],
        statistics: [],
        shape: [part.channels, out(height), out(width)],
      }
    }
    case 'batchNorm':
      return {
        apply: batchNorm,
        parameters: [np.ones([channels]), np.zeros([channels])],
        statistics: [np.zeros([channels]), np.ones([channels])],
        shape,
      }
    case 'relu':
      return plain((x) => nn.relu(x), shape)
    case 'maxPool': {
      const { size } = part
      return plain(
        (x) => lax.reduceWindow(x, (window) => np.max(window), [size, size], [size, size]),
        [channels, Math.floor(height / size), Math.floor(width / size)],
      )
    }
    case 'globalAveragePool':
      return plain((x) => np.mean(x, [2, 3]), [channels])
    case 'flatten':
      return plain((x) => x.reshape([-1, channels * height * width]), [channels * height * width])
    case 'residual': {
      const [body, shortcut] = [build(part.body, shape), build(part.shortcut, shape)]
      return {
        apply: (x, weights, training) => {
          const main = body.apply(x.ref, weights, training)
          return main.add(shortcut.apply(x, weights, training))
        },
        parameters: [...body.parameters, ...shortcut.parameters],
        statistics: [...body.statistics, ...shortcut.statistics],
        shape: body.shape,
      }
    }
  }
}

/** Batch normalisation with PyTorch's epsilon and momentum. */
const batchNorm: Apply = (x, weights, training) => {
  const scale = weights.next()
  const shift = weights.next()
  const runningMean = weights.nextStatistic()
  const runningVariance = weights.nextStatistic()
  const along = (statistic: np.Array): np.Array => statistic.reshape([1, -1, 1, 1])
  const normalize = (mean: np.Array, variance: np.Array): np.Array => {
    const factor = scale.div(np.sqrt(variance.add(1e-5)))
    return x.sub(along(mean)).mul(along(factor)).add(along(shift))
  }
  if (!training) return normalize(runningMean, runningVariance)
  const mean = np.mean(x.ref, [0, 2, 3])
  const variance = np.mean(np.square(x.ref.sub(along(mean.ref))), [0, 2, 3])
  const [batch = 1, , height = 1, width = 1] = x.shape
  const count = batch * height * width
  const blend = (old: np.Array, now: np.Array, correction = 1): np.Array => old.mul(0.9).add(now.mul(0.1 * correction))
  weights.keep(lax.stopGradient(blend(runningMean, mean.ref)))
  weights.keep(lax.stopGradient(blend(runningVariance, variance.ref, count / (count - 1))))
  return normalize(mean, variance)
}
