import { UsageError } from '../../errors.ts'
import type { Run } from '../../runs/index.ts'
import { type RecordedParameter, type RecordedPoint, recordedPoints } from './recorded.ts'

/** A run's weights at one time, as a point in the space of all weights. */
export interface TrajectoryPoint {
  /** Place of the run among those given, from 0. */
  readonly run: number
  readonly step: number
  /** Epochs done, a fraction. */
  readonly epoch: number
}

/** How the points lie in the space of one parameter's weights. */
export interface ParameterProducts extends RecordedParameter {
  /** Of its layer, the prefix of its name; `''` for the model's own. */
  readonly layer: string
  /** Inner products of all points about their mean, `[points, points]`. */
  readonly inner: Float64Array
}

/** The ways of several networks of one architecture, as inner products: all that distances and planes need. */
export interface Trajectories {
  /** Run after run, each in the order of steps. */
  readonly points: readonly TrajectoryPoint[]
  readonly parameters: readonly ParameterProducts[]
  /**
   * Goes over all weights once more, some at a time.
   *
   * @param use `[points, count]` weights of a parameter from a place on, about their mean over the points
   */
  eachBlock(use: (parameter: RecordedParameter, from: number, centred: Float64Array) => void): Promise<void>
}

export interface TrajectoriesOptions {
  /** Told of the share that is done; may throw to end the work. */
  onProgress?(share: number): void
}

/** Numbers of all points that are in memory at a time. */
const BLOCK = 4_000_000

/**
 * Reads the recorded weights of several runs together. Points are few and weights many: the inner products of the points, a block of weights at a
 * time, are enough to place them in a plane (the Gram matrix has the eigenvalues of the covariance), however large the network is.
 *
 * @throws UsageError where a run has recorded no weights, or networks differ
 * @example
 * const ways = await trajectories([run, other])
 * const plane = await trajectoryPlane(ways, '0')
 */
export async function trajectories(
  runs: readonly Pick<Run, 'id' | 'folder'>[],
  { onProgress }: TrajectoriesOptions = {},
): Promise<Trajectories> {
  const recorded = await Promise.all(runs.map(recordedPoints))
  const all = recorded.flat()
  const parameters = sameParameters(runs, recorded)
  const count = all.length
  if (count < 2)
    throw new UsageError(
      'one point is no way: record weights more than once, or of several runs (record.weights.everyEpochs)',
    )
  const total = parameters.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  const products = new Map(parameters.map(({ name }) => [name, new Float64Array(count * count)]))
  const eachBlock: Trajectories['eachBlock'] = async (use) => {
    const length = Math.max(1, Math.floor(BLOCK / count))
    for (const parameter of parameters)
      for (let from = 0; from < parameter.size; from += length) {
        const to = Math.min(parameter.size, from + length)
        use(parameter, from, await centredBlock(all, parameter.name, from, to))
      }
  }
  await eachBlock((parameter, _, centred) => {
    addProducts(products.get(parameter.name) ?? new Float64Array(), centred, count)
    done += centred.length / count
    onProgress?.(done / total)
  })
  return {
    points: recorded.flatMap((points, run) => points.map(({ step, epoch }) => ({ run, step, epoch }))),
    parameters: parameters.map((parameter) => ({
      ...parameter,
      layer: parameter.name.split('.').slice(0, -1).join('.'),
      inner: products.get(parameter.name) ?? new Float64Array(),
    })),
    eachBlock,
  }
}

/** @throws UsageError where two runs have recorded other weights */
function sameParameters(
  runs: readonly Pick<Run, 'id'>[],
  recorded: readonly (readonly RecordedPoint[])[],
): readonly RecordedParameter[] {
  const text = (parameters: readonly RecordedParameter[] = []): string =>
    parameters.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')
  const [first] = recorded
  const parameters = first?.[0]?.parameters ?? []
  for (const [i, points] of recorded.entries())
    for (const point of points)
      if (text(point.parameters) !== text(parameters))
        throw new UsageError(
          `runs ${runs[0]?.id} and ${runs[i]?.id} have recorded other weights (${text(parameters)}; ${text(point.parameters)}): their ways lie in different spaces, look at each alone`,
        )
  return parameters
}

/** Some weights of all points, about their mean. */
async function centredBlock(
  points: readonly RecordedPoint[],
  name: string,
  from: number,
  to: number,
): Promise<Float64Array> {
  const length = to - from
  const block = new Float64Array(points.length * length)
  const mean = new Float64Array(length)
  for (const [i, point] of points.entries()) {
    const numbers = await point.read(name, from, to)
    block.set(numbers, i * length)
    for (let k = 0; k < length; k++) mean[k] = (mean[k] ?? 0) + (numbers[k] ?? 0) / points.length
  }
  for (let i = 0; i < points.length; i++)
    for (let k = 0; k < length; k++) block[i * length + k] = (block[i * length + k] ?? 0) - (mean[k] ?? 0)
  return block
}

/** Adds the inner products of rows. */
function addProducts(products: Float64Array, rows: Float64Array, count: number): void {
  const length = rows.length / count
  for (let i = 0; i < count; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0
      const [a, b] = [i * length, j * length]
      for (let k = 0; k < length; k++) sum += (rows[a + k] ?? 0) * (rows[b + k] ?? 0)
      products[i * count + j] = (products[i * count + j] ?? 0) + sum
      if (i !== j) products[j * count + i] = products[i * count + j] ?? 0
    }
}
