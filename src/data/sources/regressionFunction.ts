import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { foldIn, type Key, key, normal, uniform } from '../../random/index.ts'
import { createDataset, type DataSource, type MemoryDataset } from '../dataset.ts'

type Range = readonly [low: number, high: number]
type Function = (x: number) => number

interface Known {
  readonly f: Function
  /** Where it is sampled unless told otherwise. */
  readonly range: Range
}

/** Functions that courses have networks simulate. */
const KNOWN = {
  'sin(x)': { f: Math.sin, range: [-Math.PI, Math.PI] },
  'sinc(5x)': { f: (x) => (x === 0 ? 1 : Math.sin(5 * Math.PI * x) / (5 * Math.PI * x)), range: [-1, 1] },
  'sign(sin(5πx))': { f: (x) => Math.sign(Math.sin(5 * Math.PI * x)), range: [-1, 1] },
} satisfies Readonly<Record<string, Known>>

/** Name of a function that is there; sinc is the normalised one, sin(πx)/(πx). */
export type KnownFunction = keyof typeof KNOWN

export interface RegressionFunctionOptions {
  /** Smallest and largest x. Default −π to π for sin(x), else −1 to 1. */
  readonly range?: Range
  /** Number of training samples; default 200. */
  readonly train?: number
  /** Number of test samples, evenly spaced over the whole range, gaps too; 0 for none. Default 500. */
  readonly test?: number
  /** Training x evenly spaced, both ends included, or drawn from the uniform distribution. Default `grid`. */
  readonly sampling?: 'grid' | 'uniform'
  /** Standard deviation of what is added to the training targets, normally distributed. Default 0. */
  readonly noise?: number
  /** The same for the test targets. Default 0: a model is measured against the function itself. */
  readonly testNoise?: number
  /** Intervals without training samples, `[[-0.2, 0.2]]`; their ends are no part of them. Default none. */
  readonly gaps?: readonly Range[]
  /** Another seed draws other x and other noise; default 0. It does not follow the experiment's seeds: they share the data. */
  readonly seed?: number
}

const count = (least: number) => z.int().min(least)
const interval = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'give the smaller number first')
const schema = z.strictObject({
  range: interval,
  train: count(1),
  test: count(0),
  sampling: z.enum(['grid', 'uniform']),
  noise: z.number().min(0),
  testNoise: z.number().min(0),
  gaps: z.array(interval),
  seed: count(0),
})

/**
 * Samples of a function of one number: inputs [1], targets [1], float32. A function of one's own goes into the experiment's
 * description as its source text; what it takes from outside that text shows in the data's fingerprint alone.
 *
 * @throws UsageError for an option that is out of range, gaps that leave nothing, and (at loading) a value that is not finite
 *
 * @example
 * regressionFunction('sinc(5x)', { train: 300, sampling: 'uniform', noise: 0.05 })
 * @example
 * regressionFunction((x) => Math.exp(-x * x), { range: [-3, 3], gaps: [[1, 2]] })
 */
export function regressionFunction(of: KnownFunction | Function, options: RegressionFunctionOptions = {}): DataSource {
  const { f, range, name } = resolved(of)
  const config = parseConfig('regressionFunction', schema, {
    range,
    train: 200,
    test: 500,
    sampling: 'grid',
    noise: 0,
    testNoise: 0,
    gaps: [],
    seed: 0,
    ...options,
  })
  const pieces = withoutGaps(config.range, config.gaps)
  const root = foldIn(key(config.seed), 'regressionFunction')
  return {
    kind: 'regressionFunction',
    config: { function: typeof of === 'string' ? of : String(of), ...config },
    load: async () => {
      const length = totalOf(pieces)
      const along =
        config.sampling === 'grid'
          ? grid(config.train, length)
          : uniform(foldIn(root, 'x'), config.train, { low: 0, high: length })
      const train = along.map((distance) => placed(distance, pieces))
      const test = grid(config.test, totalOf([config.range])).map((distance) => placed(distance, [config.range]))
      return {
        train: sampled(name, f, train, foldIn(root, 'noise'), config.noise),
        test: sampled(name, f, test, foldIn(root, 'test noise'), config.testNoise),
      }
    },
  }
}

function resolved(of: KnownFunction | Function): Known & { readonly name: string } {
  if (typeof of === 'function') return { f: of, range: [-1, 1], name: 'f(x)' }
  // An experiment file need not have been through a type checker.
  if (!Object.hasOwn(KNOWN, of))
    throw new UsageError(
      `regressionFunction: there is no "${of}"; there are ${Object.keys(KNOWN).join(', ')}, and any (x) => y`,
    )
  return { ...KNOWN[of], name: of }
}

/** What gaps leave of a range, in order. */
function withoutGaps([low, high]: Range, gaps: readonly Range[]): readonly Range[] {
  const pieces: Range[] = []
  let begin = low
  for (const [from, to] of gaps.toSorted(([a], [b]) => a - b)) {
    if (from > begin) pieces.push([begin, Math.min(from, high)])
    begin = Math.max(begin, to)
  }
  if (begin < high) pieces.push([begin, high])
  const left = pieces.filter(([from, to]) => from < to)
  if (left.length === 0)
    throw new UsageError(`regressionFunction: the gaps leave nothing of the range ${low} to ${high}: give smaller ones`)
  return left
}

const totalOf = (pieces: readonly Range[]): number => pieces.reduce((sum, [from, to]) => sum + to - from, 0)

/** Evenly spaced from 0 to `length`; a single one in the middle. */
const grid = (n: number, length: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => (n === 1 ? length / 2 : (length * i) / (n - 1)))

/** The x at some distance from the beginning, along pieces laid end to end. */
function placed(distance: number, pieces: readonly Range[]): number {
  let left = distance
  for (const [from, to] of pieces) {
    if (left <= to - from) return from + left
    left -= to - from
  }
  return pieces.at(-1)?.[1] ?? Number.NaN
}

function sampled(name: string, f: Function, places: ArrayLike<number>, noiseKey: Key, std: number): MemoryDataset {
  const x = Float32Array.from(places)
  const noise = normal(noiseKey, x.length, { std })
  const values = x.map((at, i) => {
    const y = f(at)
    if (!Number.isFinite(y))
      throw new UsageError(
        `regressionFunction: the function gives ${y} at ${at}; leave that out with a gap, or define it`,
      )
    return y + (noise[i] ?? 0)
  })
  return createDataset({
    name,
    inputs: { data: x, shape: [1] },
    targets: { task: 'regression', values, shape: [1] },
  })
}
