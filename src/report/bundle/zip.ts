import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import type { BundleFile } from './file.ts'

/** What is compressed already, or hardly can be: weights are noise to a compressor. */
const STORED = ['.safetensors', '.onnx', '.png', '.pdf', '.parquet', '.zip', '.jpg']

const CHUNK = 2 ** 20

/**
 * Writes files as a zip, file by file and piece by piece: the same files and date give the same bytes, in every time zone. It appears whole or not at
 * all.
 *
 * @param onFile told before each file; what it throws ends the writing
 */
export async function writeZip(
  path: string,
  files: readonly BundleFile[],
  date: Date,
  onFile?: (done: number, total: number) => void,
): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`
  const out = await open(temporary, 'w')
  let pieces: Uint8Array[] = []
  let fault: Error | undefined
  const zip = new Zip((error, piece) => {
    if (error) fault = error
    else pieces.push(piece)
  })
  const flush = async (): Promise<void> => {
    if (fault !== undefined) throw fault
    const ready = pieces
    pieces = []
    // All of it, where a disk that is nearly full takes a part.
    for (const piece of ready) await out.writeFile(piece)
  }
  try {
    for (const [done, file] of inOrder(files).entries()) {
      onFile?.(done, files.length)
      const entry = STORED.includes(extname(file.path))
        ? new ZipPassThrough(file.path)
        : new ZipDeflate(file.path, { level: 6 })
      entry.mtime = asLocal(date)
      zip.add(entry)
      for await (const piece of piecesOf(file)) {
        entry.push(piece)
        await flush()
      }
      entry.push(new Uint8Array(0), true)
      await flush()
    }
    zip.end()
    await flush()
    await out.sync()
    await out.close()
    await rename(temporary, path)
  } catch (error) {
    await out.close().catch(() => {})
    await rm(temporary, { force: true })
    throw error
  }
}

/** By code units: alike on every machine. */
export const inOrder = (files: readonly BundleFile[]): BundleFile[] =>
  files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))

/** The bytes of a file, a megabyte at a time. */
export async function* piecesOf({ content }: BundleFile): AsyncGenerator<Uint8Array> {
  if ('file' in content) {
    for await (const piece of createReadStream(content.file, { highWaterMark: CHUNK })) yield piece
    return
  }
  for (let begin = 0; begin < content.bytes.length; begin += CHUNK) yield content.bytes.subarray(begin, begin + CHUNK)
}

/** Zips keep local time, which here is to be UTC's digits, from 1980 on. */
function asLocal(date: Date): Date {
  const utc = new Date(Math.max(date.getTime(), Date.UTC(1980, 0, 2)))
  return new Date(
    ...([utc.getUTCFullYear(), utc.getUTCMonth(), utc.getUTCDate()] as const),
    ...([utc.getUTCHours(), utc.getUTCMinutes(), utc.getUTCSeconds()] as const),
  )
}
