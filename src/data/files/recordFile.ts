import { closeSync, open as openFile, read as readFile } from 'node:fs'
import { promisify } from 'node:util'
import { type Shape, sizeOf } from '../../tensor/shape.ts'
import type { StorageType, StoredInputs } from '../dataset.ts'

/** Samples as they lie in a file: one after the other, nothing between them. */
export interface RecordLayout {
  readonly dtype: StorageType
  /** Of one sample. */
  readonly shape: Shape
  /** Number of samples. */
  readonly length: number
}

export const bytesOf = ({ dtype, shape }: Omit<RecordLayout, 'length'>): number =>
  sizeOf(shape) * (dtype === 'uint8' ? 1 : 4)

const open = promisify(openFile)
const read = promisify(readFile)

/** Files are open as long as somebody has the samples. */
const forgotten = new FinalizationRegistry<number>(closeSync)

/** The samples of a file, which stay there until they are asked for. */
export async function openRecords(path: string, { dtype, shape, length }: RecordLayout): Promise<StoredInputs> {
  const file = await open(path, 'r')
  const width = bytesOf({ dtype, shape })
  const inputs: StoredInputs = {
    dtype,
    shape,
    length,
    read: async (indices, out) => {
      const reads: Promise<void>[] = []
      for (let begin = 0; begin < indices.length; ) {
        const first = indices[begin] ?? 0
        // Neighbours are read at once.
        let end = begin + 1
        while (end < indices.length && indices[end] === first + end - begin) end++
        const room = new Uint8Array(out.buffer, out.byteOffset + begin * width, (end - begin) * width)
        reads.push(readWhole(file, room, first * width, path))
        begin = end
      }
      await Promise.all(reads)
    },
  }
  forgotten.register(inputs, file)
  return inputs
}

async function readWhole(file: number, room: Uint8Array, position: number, path: string): Promise<void> {
  for (let done = 0; done < room.length; ) {
    const { bytesRead } = await read(file, room, done, room.length - done, position + done)
    if (bytesRead === 0)
      throw new Error(`${path} is shorter than it was when it was written; remove it, and it is made anew`)
    done += bytesRead
  }
}
