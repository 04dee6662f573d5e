import type { InferenceSession } from 'onnxruntime-common'
import { UsageError } from '../../errors.ts'
import { formatShape } from '../../tensor/index.ts'

/** The arrays that hold numbers of ONNX's element types. */
export const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const

/** Element types that samples may have. */
export type OnnxDType = keyof typeof arrayTypes

/** Samples one after another, in an array of the model's own element type. */
export type OnnxSamples =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array

/** An input or output as the file declares it. */
export interface OnnxValue {
  readonly name: string
  /** ONNX's element type, as `float32`; undefined for sequences and maps. */
  readonly dtype: string | undefined
  /** A number where an axis has a size, its name where it is open (`'batch'`), null where it is open without a name. */
  readonly shape: readonly (number | string | null)[]
}

/** What ONNX Runtime says of an input or output. */
export const declared = (value: InferenceSession.ValueMetadata): OnnxValue => ({
  name: value.name,
  dtype: value.isTensor ? value.type : undefined,
  shape: value.isTensor ? value.shape.map((size) => (size === '' ? null : size)) : [],
})

/** As messages name it. */
export const describe = ({ name, dtype, shape }: OnnxValue): string =>
  `"${name}", ${dtype ?? 'no tensor'} [${shape.map((size) => size ?? '?').join(', ')}]`

export const isSupported = (dtype: string | undefined): dtype is OnnxDType =>
  dtype !== undefined && Object.hasOwn(arrayTypes, dtype)

/** Samples with zeros after them. */
export function padded(dtype: OnnxDType, samples: OnnxSamples, missing: number): OnnxSamples {
  const bytes = new Uint8Array((samples.length + missing) * samples.BYTES_PER_ELEMENT)
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
  return new arrayTypes[dtype](bytes.buffer)
}

/** One sample's shape: the file's, or the user's where that fits it. */
export function sampleOf(name: string, input: OnnxValue, given: readonly number[] | undefined): readonly number[] {
  const axes = input.shape.slice(1)
  const sizes = axes.filter((size) => typeof size === 'number')
  if (given === undefined) {
    if (input.shape.length > 0 && sizes.length === axes.length) return sizes
    throw new UsageError(
      `${name} takes ${describe(input)}, which leaves the shape of a sample open: say it, as in { sample: [3, 224, 224] }`,
    )
  }
  const fits = input.shape.length === 0 || given.length === axes.length
  if (!fits || axes.some((size, axis) => typeof size === 'number' && size !== given[axis]))
    throw new UsageError(`${name} takes ${describe(input)}: samples of ${formatShape(given)} do not fit`)
  return given
}

/** The output that was asked for, or the first one of real numbers, else the first. */
export function outputOf(name: string, outputs: readonly OnnxValue[], wanted: string | undefined): string {
  const tensors = outputs.filter(({ dtype }) => isSupported(dtype))
  const found =
    wanted === undefined
      ? (tensors.find(({ dtype }) => dtype === 'float32' || dtype === 'float64') ?? tensors[0])
      : tensors.find((output) => output.name === wanted)
  if (found !== undefined) return found.name
  const what = wanted === undefined ? 'gives no numbers' : `has no output "${wanted}" of numbers`
  throw new UsageError(`${name} ${what}; it gives ${outputs.map(describe).join('; ')}`)
}
