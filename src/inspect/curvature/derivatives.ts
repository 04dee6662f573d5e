import { gradients, hessian, vmap } from '../../autodiff/index.ts'
import { batches, feeder } from '../../data/index.ts'
import { isWeights, type TensorTree, type Variables } from '../../nn/index.ts'
import { compile } from '../../runtime/index.ts'
import { leavesOf, mapLeaves, sizeOf, type Tensor, type TypedArray } from '../../tensor/index.ts'
import { preparedShape } from '../../train/index.ts'
import { endToEnd } from '../../train/layout.ts'
import { batchTypes, bySize, evaluationStep } from '../../train/programs.ts'
import { layersOf } from '../activations.ts'
import { flattened, type Judged, problemOf, type Samples } from '../lossFunction.ts'

/** A place in the space of one network's parameters. */
export interface Place {
  /** Which network's running statistics count. */
  readonly network: number
  /** Parameters end to end. */
  readonly at: Float32Array
}

export interface Derivatives {
  readonly loss: number
  readonly gradient: Float64Array
}

export interface SecondDerivatives extends Derivatives {
  /** `[parameters, parameters]`, as computed: symmetric but for rounding. */
  readonly hessian: Float64Array
}

/** Losses and derivatives of networks of one architecture at many places at once. */
export interface PopulationDerivatives {
  first(places: readonly Place[]): Promise<Derivatives[]>
  second(places: readonly Place[]): Promise<SecondDerivatives[]>
}

/** Bytes that the tensors of one program may take. */
const ROOM = 128 * 2 ** 20
/** Places in one program: more gain nothing. */
const MOST = 128

/** Derivatives of the mean loss over samples; as many places are one program as fit into memory. */
export function populationDerivatives(
  { network, loss }: Pick<Judged, 'network' | 'loss'>,
  networks: readonly Variables[],
  { dataset, indices }: Samples,
  check?: () => void | Promise<void>,
): PopulationDerivatives {
  const [{ parameters, buffers } = { parameters: {}, buffers: {} }] = networks
  const problem = problemOf(network, dataset)
  const layout = endToEnd(parameters)
  const step = evaluationStep(network.model, loss, layout)
  const size = flattened(parameters).length
  const maps = layersOf(network.model, preparedShape(problem.network, dataset.inputs.shape))
    .filter(({ layer }) => layer.children === undefined)
    .reduce((sum, { output }) => sum + sizeOf(output), 0)
  const statistics = networks.map((one) => leavesOf(one.buffers, isWeights).map(({ leaf }) => leaf.data))

  /** @param directions - that a program computes with for each place */
  const means = (
    fn: (value: (at: Tensor) => Tensor, at: Tensor) => readonly Tensor[],
    widths: readonly number[],
    directions: number,
  ) => {
    // Each layer's output, its gradient, and one more of its size.
    const perSample = 4 * 3 * maps * directions
    const batch = Math.min(indices.length, Math.max(16, Math.floor(ROOM / perSample)))
    const together = Math.max(1, Math.min(MOST, Math.floor(ROOM / (perSample * batch))))
    const feed = feeder(dataset, batch)
    const programFor = bySize(async (count: number) =>
      bySize((samples) =>
        compile(
          (weights: { readonly vector: Tensor; readonly buffers: TensorTree }, { x, target }) =>
            vmap((vector: Tensor, own: TensorTree) =>
              fn(
                (at) => step({ parameters: [at], buffers: own }, { x: problem.network.prepare(x), target }).loss,
                vector,
              ),
            )(weights.vector, weights.buffers),
          {
            vector: { dtype: 'float32' as const, shape: [count, size] },
            buffers: mapLeaves(buffers, isWeights, ({ shape }) => ({
              dtype: 'float32' as const,
              shape: [count, ...shape],
            })),
          },
          batchTypes(problem, loss, samples),
        ),
      ),
    )
    return async (places: readonly Place[]): Promise<Float64Array[][]> => {
      const found: Float64Array[][] = []
      // Parts of one length share their program; one that is not full has its first place again.
      const count = Math.min(together, 2 ** Math.ceil(Math.log2(places.length)))
      for (let begin = 0; begin < places.length; begin += count) {
        const own = places.slice(begin, begin + count)
        const [first] = own
        if (first === undefined) break
        const filled = Array.from({ length: count }, (_, i) => own[i] ?? first)
        const vectors = joined(filled.map(({ at }) => at))
        const ownStatistics = (statistics[0] ?? []).map((_, b) =>
          joined(filled.map((place) => statistics[place.network]?.[b] ?? new Float32Array())),
        )
        const sums = widths.map((width) => new Float64Array(count * width))
        for (const coming of feed(batches(indices, batch, { shuffle: false }))) {
          await check?.()
          const { size: here, inputs, targets } = await coming
          const program = await (await programFor(count))(here)
          const parts = await program.runFlat([vectors, ...ownStatistics, inputs, targets])
          for (const [s, sum] of sums.entries()) addTo(sum, parts[s] ?? new Float32Array(), here / indices.length)
        }
        for (const i of own.keys())
          found.push(sums.map((sum, s) => sum.slice(i * (widths[s] ?? 0), (i + 1) * (widths[s] ?? 0))))
      }
      return found
    }
  }
  const first = means(
    (value, at) => {
      const here = value(at)
      return [here, gradients(here, at)]
    },
    [1, size],
    1,
  )
  const second = means(
    (value, at) => {
      const here = value(at)
      return [here, gradients(here, at), hessian(value)(at)]
    },
    [1, size, size * size],
    size,
  )
  return {
    first: async (places) =>
      (await first(places)).map(([loss, gradient]) => ({
        loss: loss?.[0] ?? Number.NaN,
        gradient: gradient ?? new Float64Array(),
      })),
    second: async (places) =>
      (await second(places)).map(([loss, gradient, matrix]) => ({
        loss: loss?.[0] ?? Number.NaN,
        gradient: gradient ?? new Float64Array(),
        hessian: matrix ?? new Float64Array(),
      })),
  }
}

function addTo(sum: Float64Array, part: TypedArray, share: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + share * Number(part[i])
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let begin = 0
  for (const part of parts) {
    all.set(part, begin)
    begin += part.length
  }
  return all
}
