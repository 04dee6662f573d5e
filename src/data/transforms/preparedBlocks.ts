import { compile, spec } from '../../runtime/index.ts'
import { allocate, cast, placeholder, type Shape, sizeOf } from '../../tensor/index.ts'
import { type Dataset, storageTypeOf } from '../dataset.ts'
import { allocateBatch, gather } from '../gather.ts'
import { batches } from '../loader.ts'
import { type FittedTransform, pipeline } from './transform.ts'

/** Some samples of a data set. */
export interface SampleSet {
  readonly dataset: Dataset
  readonly indices: Uint32Array
}

/** Numbers in a block, about: a few megabytes. */
const BLOCK = 2 ** 20
/** Larger blocks gain nothing. */
const MOST_ROWS = 1000

/** The type in which a data set keeps its inputs. */
export const storedType = ({ inputs }: Dataset): 'uint8' | 'float32' => storageTypeOf(inputs)

/** Shape of one sample after some transforms. */
export function shapeAfter(transforms: readonly FittedTransform[], sample: Shape): Shape {
  const x = placeholder('x', { dtype: 'float32', shape: [1, ...sample] })
  return pipeline(transforms)(x).shape.slice(1)
}

/**
 * Samples in their order, block after block, as transforms make them: `[rows, …sample]`, float32; without transforms as
 * they are stored. A block is a view that the next one overwrites.
 */
export async function* preparedBlocks(
  { dataset, indices }: SampleSet,
  transforms: readonly FittedTransform[] = [],
): AsyncGenerator<Uint8Array | Float32Array, void, undefined> {
  if (indices.length === 0) return
  const { shape } = dataset.inputs
  const rows = Math.max(1, Math.min(MOST_ROWS, indices.length, Math.floor(BLOCK / sizeOf(shape))))
  const room = allocateBatch(dataset, rows)
  const prepare =
    transforms.length === 0 ? undefined : await compiled(transforms, [rows, ...shape], storedType(dataset))
  for (const part of batches(indices, rows, { shuffle: false })) {
    const { inputs } = await gather(dataset, part, room)
    if (prepare === undefined) yield inputs
    else {
      // A last block with fewer samples ends in the ones before it, whose results are cut off.
      const whole = await prepare(room.inputs)
      yield whole.subarray(0, (whole.length / rows) * part.length)
    }
  }
}

async function compiled(transforms: readonly FittedTransform[], shape: Shape, dtype: 'uint8' | 'float32') {
  const program = await compile((x) => pipeline(transforms)(cast(x, 'float32')), spec(shape, dtype))
  const [output] = program.graph.outputs
  const result = allocate('float32', sizeOf(output?.shape ?? []))
  return async (x: Uint8Array | Float32Array): Promise<Float32Array> => {
    await program.runFlat([x], [result])
    if (!(result instanceof Float32Array)) throw new Error('prepared samples are float32')
    return result
  }
}
