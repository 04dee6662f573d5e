import { UsageError } from '../../errors.ts'
import { formatShape, type Shape, sizeOf } from '../../tensor/shape.ts'

export interface IdxArray {
  readonly shape: Shape
  /** A view of the file's bytes, row-major. */
  readonly data: Uint8Array
}

const UNSIGNED_BYTE = 0x08

/**
 * Reads an IDX file of unsigned bytes, the format of MNIST and its relatives: two zero bytes, the element type, the number of
 * dimensions, the sizes (uint32, big-endian), the values.
 *
 * Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
 *
 * @param bytes - the whole file, not gzipped
 * @param file - its name, for messages
 * @throws UsageError when it is no IDX file of unsigned bytes, or its length is not what its header says
 *
 * @example
 * const { shape, data } = parseIdx(await readFile('train-images-idx3-ubyte'), 'train-images-idx3-ubyte')
 * shape // [60000, 28, 28]
 */
export function parseIdx(bytes: Uint8Array, file: string): IdxArray {
  const [zero0, zero1, type, rank = 0] = bytes
  if (zero0 === 0x1f && zero1 === 0x8b) throw new UsageError(`${file} is gzipped: unpack it first (gunzip ${file})`)
  if (bytes.length < 4 || zero0 !== 0 || zero1 !== 0)
    throw new UsageError(`${file} does not begin as an IDX file does (two zero bytes): give another file`)
  if (type !== UNSIGNED_BYTE)
    throw new UsageError(`${file} holds IDX type 0x${(type ?? 0).toString(16)}: only unsigned bytes (0x8) are read`)
  const header = 4 + 4 * rank
  if (rank === 0 || bytes.length < header)
    throw new UsageError(`${file} ends within its header (${bytes.length} bytes, ${rank} dimensions): fetch it again`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  const expected = header + sizeOf(shape)
  if (bytes.length !== expected)
    throw new UsageError(
      `${file} has ${bytes.length} bytes and its header, shape ${formatShape(shape)}, needs ${expected}: fetch it again`,
    )
  // Not bytes.subarray: of a Node Buffer it is a Buffer, which prints and compares otherwise.
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + header, bytes.length - header) }
}
