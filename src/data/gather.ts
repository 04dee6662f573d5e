import { UsageError } from '../errors.ts'
import { sizeOf } from '../tensor/shape.ts'
import { type Dataset, type MemoryDataset, storageTypeOf } from './dataset.ts'

/** Samples side by side, ready to be fed. */
export interface Batch {
  /** Number of samples, b. */
  readonly size: number
  /** [b, ...inputs.shape] row-major, of the data set's type. */
  readonly inputs: Uint8Array | Float32Array
  /** Classes, int32 [b]; or numbers, float32 [b, ...targets.shape]. */
  readonly targets: Int32Array | Float32Array
}

/**
 * Room for the batches of a data set, to be used again and again with {@link gather}.
 *
 * @example
 * const room = allocateBatch(dataset, 128)
 * const { inputs, targets } = gather(dataset, indices, room)
 */
export function allocateBatch({ inputs, targets }: Dataset, batchSize: number): Batch {
  const size = batchSize * sizeOf(inputs.shape)
  return {
    size: batchSize,
    inputs: storageTypeOf(inputs) === 'uint8' ? new Uint8Array(size) : new Float32Array(size),
    targets:
      targets.task === 'classification'
        ? new Int32Array(batchSize)
        : new Float32Array(batchSize * sizeOf(targets.shape)),
  }
}

/**
 * Copies samples side by side: at once where they are in memory, else when they have been read.
 *
 * @param indices - sample numbers, in any order and as often as wished, [b]
 * @param out - room for at least b samples; given, nothing large is allocated and the result is a view of its first b samples
 * @throws UsageError when there is no such sample, or `out` is of another type or too small
 *
 * @example
 * const { targets } = await gather(dataset, Uint32Array.of(4, 0)) // of samples 4 and 0
 */
export function gather(dataset: MemoryDataset, indices: Uint32Array, out?: Batch): Batch
export function gather(dataset: Dataset, indices: Uint32Array, out?: Batch): Batch | Promise<Batch>
export function gather(
  dataset: Dataset,
  indices: Uint32Array,
  out: Batch = allocateBatch(dataset, indices.length),
): Batch | Promise<Batch> {
  const { inputs, targets, name, length } = dataset
  for (let b = 0; b < indices.length; b++)
    if ((indices[b] ?? 0) >= length)
      throw new UsageError(`${name} has samples 0 to ${length - 1}, and number ${indices[b]} was asked for`)
  const values = targets.task === 'classification' ? targets.labels : targets.values
  const targetWidth = targets.task === 'classification' ? 1 : sizeOf(targets.shape)
  const inputSize = indices.length * sizeOf(inputs.shape)
  const targetSize = indices.length * targetWidth
  requireRoom('inputs', out.inputs, storageTypeOf(inputs), inputSize, indices.length)
  requireRoom('targets', out.targets, typeOf(values), targetSize, indices.length)
  copyRows(values, targetWidth, indices, out.targets)
  const batch = {
    size: indices.length,
    inputs: firstOf(out.inputs, inputSize),
    targets: firstOf(out.targets, targetSize),
  }
  if ('read' in inputs) return inputs.read(indices, batch.inputs).then(() => batch)
  copyRows(inputs.data, sizeOf(inputs.shape), indices, out.inputs)
  return batch
}

/** All of an array is the array itself, by which a runtime knows it again. */
const firstOf = <A extends { readonly length: number; subarray(begin: number, end: number): A }>(
  array: A,
  size: number,
): A => (array.length === size ? array : array.subarray(0, size))

/** The targets alone. */
export function gatherTargets({ targets }: Dataset, indices: Uint32Array): Batch['targets'] {
  const values = targets.task === 'classification' ? targets.labels : targets.values
  const width = targets.task === 'classification' ? 1 : sizeOf(targets.shape)
  const size = indices.length * width
  const out = targets.task === 'classification' ? new Int32Array(size) : new Float32Array(size)
  copyRows(values, width, indices, out)
  return out
}

type Rows = Uint8Array | Float32Array | Int32Array

/** Rows shorter than this are copied value by value, because a view of each would cost more than its copy. */
const SHORT = 16

function copyRows(from: Rows, width: number, indices: Uint32Array, room: Rows): void {
  for (let b = 0; b < indices.length; b++) {
    const begin = (indices[b] ?? 0) * width
    if (width < SHORT) for (let j = 0; j < width; j++) room[b * width + j] = from[begin + j] ?? 0
    else room.set(from.subarray(begin, begin + width), b * width)
  }
}

function requireRoom(what: string, room: Rows, type: string, needed: number, samples: number): void {
  if (typeOf(room) !== type || room.length < needed)
    throw new UsageError(
      `out.${what} is ${typeOf(room)} [${room.length}], and ${samples} samples need ${type} [${needed}]: use allocateBatch`,
    )
}

/** Not by constructor: a Node Buffer is bytes too. */
const typeOf = (rows: Rows): string =>
  rows instanceof Uint8Array ? 'uint8' : rows instanceof Int32Array ? 'int32' : 'float32'
