import { UsageError } from '../../errors.ts'
import type { SplitPredictions } from '../../metrics/index.ts'
import { sgd } from '../../optim/index.ts'
import { type Key, permutation } from '../../random/index.ts'
import { evaluator } from '../../train/evaluate.ts'
import { makeState } from '../../train/state.ts'
import { type Judged, problemOf, type Samples } from '../lossFunction.ts'
import { type Importance, type WeightImportance, weightRanges } from './importance.ts'

/** What is left of a network when a share of its weights is 0. */
export interface AblationPoint {
  /** Of all weights, 0 to 1; biases, scales and shifts stay. */
  readonly share: number
  /** How many weights that are. */
  readonly removed: number
  readonly loss: number
  /** By metric. */
  readonly scores: Readonly<Record<string, number>>
}

/** A network that loses its weights in one order, the least important first; `random` in an order that a key draws. */
export interface AblationCurve {
  readonly by: Importance | 'random'
  /** Number of the key among those given, for `random`. */
  readonly draw?: number
  readonly points: readonly AblationPoint[]
}

export interface AblationOptions {
  /** Shares of the weights that are set to 0; default 0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95 and 0.99. */
  readonly shares?: readonly number[]
  /** One random order each, as control. */
  readonly keys?: readonly Key[]
  /** What predictions are judged by, beside the loss. */
  readonly metrics?: readonly { readonly name: string; compute(predictions: SplitPredictions): number }[]
  /** Called before each evaluation; what it throws ends the work. */
  onProgress?(done: number, total: number): void
}

export const ABLATION_SHARES = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] as const

/**
 * Sets growing shares of a network's weights to 0, in the order of each ranking and in random orders, and judges what is left on samples:
 * weights that a ranking calls unimportant are, where its curve falls later than those of random orders. Weights are ranked over the
 * whole network at once, and nothing is trained again.
 *
 * @throws UsageError for a share outside of 0 to 1, a ranking of another network, or a model without weights
 *
 * @example
 * const judged = { network, loss, variables }
 * const curves = await ablationCurves(judged, test, [magnitudes(judged)], { keys: [key(0), key(1)], metrics: [accuracy()] })
 */
export async function ablationCurves(
  { network, loss, variables }: Judged,
  { dataset, indices }: Samples,
  rankings: readonly WeightImportance[],
  { shares = ABLATION_SHARES, keys = [], metrics = [], onProgress }: AblationOptions = {},
): Promise<AblationCurve[]> {
  const wrong = shares.find((share) => !(share >= 0 && share <= 1))
  if (wrong !== undefined || shares.length === 0)
    throw new UsageError(`a share of weights is ${wrong ?? 'missing'}: give numbers from 0 to 1, as in 0.5,0.9`)
  const state = makeState(variables, sgd({ lr: 1 }))
  const all = state.flat.parameters
  const whole = all.slice()
  const places = Uint32Array.from(
    weightRanges({ variables }).flatMap(({ begin, end }) => Array.from({ length: end - begin }, (_, i) => begin + i)),
  )
  if (places.length === 0)
    throw new UsageError('the model has no weights that could be set to 0: give one with weights')
  const length = variablesLength(state)
  for (const { by, scores } of rankings)
    if (scores.length !== length)
      throw new UsageError(
        `the ranking by ${by} has ${scores.length} scores and the network ${length} parameters: give one of this network`,
      )
  const evaluate = evaluator(problemOf(network, dataset), loss, state)
  const total = (rankings.length + keys.length) * shares.length
  let done = 0
  let untouched: AblationPoint | undefined
  const pointFor = async (share: number, remove: (count: number) => void): Promise<AblationPoint> => {
    onProgress?.(done++, total)
    const removed = Math.round(share * places.length)
    if (removed === 0 && untouched !== undefined) return { ...untouched, share }
    all.set(whole)
    remove(removed)
    const { loss: value, predictions } = await evaluate({ dataset, indices })
    const scores = Object.fromEntries(metrics.map((metric) => [metric.name, metric.compute(predictions)]))
    const point = { share, removed, loss: value, scores }
    if (removed === 0) untouched = point
    return point
  }
  const curves: AblationCurve[] = []
  for (const { by, scores } of rankings) {
    const sorted = Float64Array.from(places, (place) => scores[place] ?? 0).sort()
    const points: AblationPoint[] = []
    for (const share of shares)
      points.push(await pointFor(share, (count) => removeLeast(all, places, scores, sorted, count)))
    curves.push({ by, points })
  }
  for (const [draw, key] of keys.entries()) {
    const order = permutation(key, places.length)
    const points: AblationPoint[] = []
    for (const share of shares)
      points.push(
        await pointFor(share, (count) => {
          for (const at of order.subarray(0, count)) all[places[at] ?? 0] = 0
        }),
      )
    curves.push({ by: 'random', draw, points })
  }
  onProgress?.(total, total)
  return curves
}

const variablesLength = ({ parameters }: { readonly parameters: readonly Float32Array[] }): number =>
  parameters.reduce((sum, { length }) => sum + length, 0)

/** Zeroes the `count` weights of least score; of equals, those that come first. */
function removeLeast(
  all: Float32Array,
  places: Uint32Array,
  scores: Float64Array,
  sorted: Float64Array,
  count: number,
): void {
  if (count === 0) return
  const bound = sorted[count - 1] ?? 0
  const below = lowerBound(sorted, bound)
  let equal = count - below
  for (const place of places) {
    const score = scores[place] ?? 0
    if (score < bound) all[place] = 0
    else if (score === bound && equal-- > 0) all[place] = 0
  }
}

/** How many of the sorted values are below a bound. */
function lowerBound(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < bound) low = middle + 1
    else high = middle
  }
  return low
}
