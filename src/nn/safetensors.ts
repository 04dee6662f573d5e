/**
 * Safetensors: the file format of weights that PyTorch, JAX and Assay share.
 *
 * A file is an 8-byte little-endian header length, a JSON header (`name -> dtype, shape, data_offsets`, and `__metadata__`, strings only),
 * then the numbers, little-endian and without holes. Nothing in it is code, so a file from a stranger is safe to open.
 *
 * Source: https://huggingface.co/docs/safetensors/index#format
 *
 * @module
 */
import * as z from 'zod'
import { UsageError } from '../errors.ts'

/** One tensor of a file: `data` holds the product of `shape` values in row-major order; shape `[]` is a scalar. */
export type SafetensorsTensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'F64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: 'U32'; readonly shape: readonly number[]; readonly data: Uint32Array }
  | { readonly dtype: 'U8'; readonly shape: readonly number[]; readonly data: Uint8Array }

/** What a file holds: tensors by name, and the free-form strings of `__metadata__` (empty when the file has none). */
export interface SafetensorsFile {
  readonly tensors: Record<string, SafetensorsTensor>
  readonly metadata: Record<string, string>
}

const BYTES = { F32: 4, F64: 8, I64: 8, I32: 4, U32: 4, U8: 1 } as const
const isDtype = (dtype: string): dtype is SafetensorsTensor['dtype'] => Object.hasOwn(BYTES, dtype)
const METADATA = '__metadata__'
/** The limit of the reference implementation: a header beyond it is a damaged length, not a real model. */
const MAX_HEADER_BYTES = 100_000_000

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
})
const metadataSchema = z.record(z.string(), z.string())

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/**
 * The bytes of a safetensors file. Tensors are laid out widest dtype first, then by name, as the reference implementation does:
 * every tensor then starts at a multiple of its own width and equal tensors give equal files.
 *
 * @param tensors - by name; `__metadata__` is taken by the format
 * @param metadata - strings to keep beside them (run id, configuration hash, …)
 * @throws UsageError when a shape does not match its data, or a name is `__metadata__`
 *
 * @example
 * const bytes = encodeSafetensors({ 'linear.bias': { dtype: 'F32', shape: [2], data: new Float32Array([1, 2]) } })
 * decodeSafetensors(bytes).tensors['linear.bias']?.data // Float32Array [1, 2]
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, SafetensorsTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors).sort(
    ([a, x], [b, y]) => BYTES[y.dtype] - BYTES[x.dtype] || (a < b ? -1 : a > b ? 1 : 0),
  )
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : []
  let end = 0
  for (const [name, { dtype, shape, data }] of entries) {
    if (name === METADATA)
      throw new UsageError(`a tensor is named ${METADATA}, which the format keeps for itself: rename it`)
    if (product(shape) !== data.length) {
      throw new UsageError(
        `tensor "${name}" has shape [${shape.join(', ')}] but ${data.length} values: give ${product(shape)} values or mend the shape`,
      )
    }
    const begin = end
    end += data.byteLength
    header.push([name, { dtype, shape, data_offsets: [begin, end] }])
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)))
  // Padded so that the numbers start at a multiple of 8 and can be memory-mapped.
  const headerLength = Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(8 + headerLength + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true)
  bytes.fill(0x20, 8, 8 + headerLength)
  bytes.set(json, 8)
  let at = 8 + headerLength
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return bytes
}

/**
 * The tensors and metadata of a safetensors file, as copies: the given bytes may be reused afterwards.
 *
 * @throws UsageError when the bytes are cut short, the header is not valid, offsets overlap, leave holes or point outside the file,
 * or a tensor has a dtype other than F32, F64, I64, I32, U32 and U8
 *
 * @example
 * const { tensors, metadata } = decodeSafetensors(new Uint8Array(await readFile('model.safetensors')))
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { places, metadata } = safetensorsLayout(bytes, bytes.length)
  const tensors = places.map(({ name, dtype, shape, begin, end }): [string, SafetensorsTensor] => {
    // A copy, because a typed array must start at a multiple of its width and the given bytes may sit anywhere in their buffer.
    const { buffer } = new Uint8Array(bytes.subarray(begin, end))
    return [name, tensorOf(dtype, shape, buffer)]
  })
  return { tensors: Object.fromEntries(tensors), metadata }
}

/** Where a tensor lies in a file. */
export interface SafetensorsPlace {
  readonly name: string
  readonly dtype: SafetensorsTensor['dtype']
  readonly shape: readonly number[]
  /** Bytes from the file's start. */
  readonly begin: number
  readonly end: number
}

/** Bytes of a file that tell how long its beginning is: see {@link safetensorsLayout}. */
export const safetensorsBeginning = (bytes: Uint8Array): number =>
  8 + Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true))

/**
 * What is in a safetensors file, and where: from its beginning alone, so that single tensors can be read.
 *
 * @param bytes the beginning, up to the numbers at least
 * @param size of the file, in bytes
 * @throws UsageError as {@link decodeSafetensors}
 */
export function safetensorsLayout(
  bytes: Uint8Array,
  size: number,
): { readonly places: readonly SafetensorsPlace[]; readonly metadata: Record<string, string> } {
  const { header, dataStart } = readHeader(bytes)
  const available = size - dataStart
  let metadata: Record<string, string> = {}
  const found: SafetensorsPlace[] = []
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) {
      const parsed = metadataSchema.safeParse(value)
      if (!parsed.success) throw new UsageError(`${METADATA} of the safetensors file is not a map of strings: ${retry}`)
      metadata = parsed.data
      continue
    }
    const parsed = entrySchema.safeParse(value)
    if (!parsed.success) {
      throw new UsageError(`tensor "${name}" has a damaged header entry (${z.prettifyError(parsed.error)}): ${retry}`)
    }
    const { dtype, shape, data_offsets } = parsed.data
    const [begin, end] = data_offsets
    if (!isDtype(dtype)) {
      throw new UsageError(
        `tensor "${name}" has dtype ${dtype}, and Assay reads ${Object.keys(BYTES).join(', ')}: convert it before saving (PyTorch: tensor.float())`,
      )
    }
    if (end > available) {
      throw new UsageError(
        `tensor "${name}" ends at byte ${end} of the data, which has ${available}: the file is truncated, ${retry}`,
      )
    }
    if (end - begin !== product(shape) * BYTES[dtype]) {
      throw new UsageError(
        `tensor "${name}" of shape [${shape.join(', ')}] and dtype ${dtype} needs ${product(shape) * BYTES[dtype]} bytes but its offsets ${begin} to ${end} hold ${end - begin}: ${retry}`,
      )
    }
    found.push({ name, dtype, shape, begin, end })
  }
  let expected = 0
  for (const { name, begin, end } of found.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== expected) {
      const problem = begin < expected ? 'overlaps the tensor before it' : 'leaves a hole before it'
      throw new UsageError(
        `tensor "${name}" starts at byte ${begin} of the data and ${problem} (${expected} expected): ${retry}`,
      )
    }
    expected = end
  }
  if (expected !== available) {
    throw new UsageError(`the safetensors file has ${available - expected} bytes that belong to no tensor: ${retry}`)
  }
  const places = found.map(({ begin, end, ...place }) => ({ ...place, begin: dataStart + begin, end: dataStart + end }))
  return { places, metadata }
}

const retry = 'save or download the file again'

function tensorOf(dtype: SafetensorsTensor['dtype'], shape: readonly number[], buffer: ArrayBuffer): SafetensorsTensor {
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer) }
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer) }
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer) }
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer) }
    case 'U32':
      return { dtype, shape, data: new Uint32Array(buffer) }
    case 'U8':
      return { dtype, shape, data: new Uint8Array(buffer) }
  }
}

function readHeader(bytes: Uint8Array): { header: object; dataStart: number } {
  if (bytes.length < 8) {
    throw new UsageError(
      `a safetensors file starts with an 8-byte length and this one has ${bytes.length} bytes: ${retry}`,
    )
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true)
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new UsageError(
      `the safetensors header claims ${length} bytes: this is not a safetensors file, or it is damaged`,
    )
  }
  const dataStart = 8 + Number(length)
  if (dataStart > bytes.length) {
    throw new UsageError(
      `the safetensors header needs ${length} bytes and ${bytes.length - 8} follow: the file is truncated, ${retry}`,
    )
  }
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart)))
  } catch {
    throw new UsageError(`the safetensors header is not valid JSON: this is not a safetensors file, or it is damaged`)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new UsageError(
      `the safetensors header is not a JSON object: this is not a safetensors file, or it is damaged`,
    )
  }
  return { header, dataStart }
}
