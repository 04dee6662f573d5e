import { batches, type Dataset, feeder, storageTypeOf } from '../../data/index.ts'
import type { Application, Variables } from '../../nn/index.ts'
import { sizeOf, type Tensor } from '../../tensor/index.ts'
import type { Inspected } from '../activations.ts'
import { bound } from '../bound.ts'

/** How strongly samples excite what is looked at. */
export interface Excitation {
  /** `[batch, things]` */
  readonly scores: Tensor
  /** Where in a map, counted through its places, `[batch, things]`, as float32; default 0. */
  readonly places?: Tensor
}

/** A sample that excites something strongly. */
export interface StrongSample {
  /** Position among the samples. */
  readonly position: number
  readonly value: number
  /** Place in the map, counted through it. */
  readonly place: number
}

export interface StrongestOptions {
  /** Samples kept for each thing; default 9. */
  readonly k?: number | undefined
  /** Samples computed at once; default 128. */
  readonly batch?: number | undefined
  /** Called before each batch; what it throws ends the work. */
  onProgress?(done: number, total: number): void
}

/**
 * The samples of a split that excite each of several things most, the strongest first. The split is read and computed batch by batch, and only the
 * best are kept.
 *
 * @param read - from one pass of the network, how strongly each sample excites each thing
 * @returns for each thing at most k samples
 *
 * @example
 * const [best] = await strongest(network, variables, samples, ({ output }) => ({ scores: output }), { k: 1 })
 */
export async function strongest(
  of: Inspected,
  variables: Variables,
  { dataset, indices }: { readonly dataset: Dataset; readonly indices: Uint32Array },
  read: (application: Application) => Excitation,
  { k = 9, batch = 128, onProgress = () => {} }: StrongestOptions = {},
): Promise<readonly (readonly StrongSample[])[]> {
  const size = Math.min(batch, indices.length)
  const { shape } = dataset.inputs
  let things = 0
  let hasPlaces = false
  const program = await bound(
    of,
    variables,
    (apply, x: Tensor) => {
      const { scores, places } = read(apply(x))
      things = scores.shape[1] ?? 1
      hasPlaces = places !== undefined
      return places === undefined ? [scores] : [scores, places]
    },
    { dtype: storageTypeOf(dataset.inputs), shape: [size, ...shape] },
  )
  const width = sizeOf(shape)
  const room = storageTypeOf(dataset.inputs) === 'uint8' ? new Uint8Array(size * width) : new Float32Array(size * width)
  const best: StrongSample[][] = Array.from({ length: things }, () => [])
  let done = 0
  try {
    for (const coming of feeder(dataset, size)(batches(indices, size, { shuffle: false }))) {
      onProgress(done, indices.length)
      const { inputs, size: rows } = await coming
      // A last batch that is not full is filled with what was there before.
      room.set(inputs)
      const [scores = new Float32Array(), places] = await program.run(room)
      for (let row = 0; row < rows; row++)
        for (let t = 0; t < things; t++) {
          const value = scores[row * things + t] ?? Number.NaN
          const place = hasPlaces ? (places?.[row * things + t] ?? 0) : 0
          keep(best[t] ?? [], { position: done + row, value, place }, k)
        }
      done += rows
    }
  } finally {
    program.dispose()
  }
  return best
}

/** Puts a sample where it belongs among at most k, the strongest first; of equals the earlier one stays ahead. */
function keep(best: StrongSample[], sample: StrongSample, k: number): void {
  const last = best.at(-1)
  if (Number.isNaN(sample.value) || (best.length >= k && last !== undefined && sample.value <= last.value)) return
  const place = best.findIndex(({ value }) => value < sample.value)
  best.splice(place < 0 ? best.length : place, 0, sample)
  if (best.length > k) best.pop()
}
