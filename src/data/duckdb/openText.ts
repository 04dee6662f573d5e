import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { UsageError } from '../../errors.ts'

export type TextEncoding = 'utf-8' | 'utf-16' | 'latin-1'

/** A text file as it lies there. */
export interface TextFile {
  readonly path: string
  readonly isGzip: boolean
  /** Bytes before the text that say how it is encoded. */
  readonly mark: TextEncoding | undefined
}

/**
 * Looks at a file's first bytes.
 *
 * @throws UsageError when there is no such file, it cannot be read, or it is empty
 */
export async function openText(path: string): Promise<TextFile> {
  await requireFile(path)
  const isGzip = (await firstBytes(createReadStream(path), 2)).equals(Buffer.of(0x1f, 0x8b))
  const [a, b, c] = await firstBytes(bytesOf({ path, isGzip }), 3)
  if (a === undefined) throw new UsageError(`${path} is empty: give a file with a header and at least one row`)
  const mark = a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : a === 0xff && b === 0xfe ? 'utf-16' : undefined
  return { path, isGzip, mark }
}

/** @throws UsageError when there is no such file, or it cannot be read */
export async function requireFile(path: string): Promise<void> {
  try {
    const file = await open(path)
    const isFile = (await file.stat()).isFile()
    await file.close()
    if (!isFile) throw new UsageError(`${path} is a folder: give the path of a file`)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new UsageError(
      isMissing
        ? `there is no file ${path} (looked for from ${process.cwd()}): give the path of a file`
        : `${path} cannot be read (${error instanceof Error ? error.message : String(error)}): give the path of a file`,
    )
  }
}

const bytesOf = ({ path, isGzip }: Pick<TextFile, 'path' | 'isGzip'>): AsyncIterable<Buffer> =>
  isGzip ? createReadStream(path).pipe(createGunzip()) : createReadStream(path, { highWaterMark: 1 << 20 })

async function firstBytes(stream: AsyncIterable<Buffer>, count: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of stream) {
    parts.push(part)
    length += part.length
    if (length >= count) break
  }
  return Buffer.concat(parts).subarray(0, count)
}

/** The beginning of the text, without the mark. */
export async function textHead(file: TextFile, encoding: TextEncoding, bytes = 1 << 20): Promise<string> {
  const label = { 'utf-8': 'utf-8', 'utf-16': 'utf-16le', 'latin-1': 'latin1' }[encoding]
  return new TextDecoder(label).decode(await firstBytes(bytesOf(file), bytes))
}

/** How many lines of a file are not blank, and on which line (from 1) some of its bytes are. */
export interface LineCount {
  readonly filled: number
  readonly lineAt: ReadonlyMap<number, number>
}

const [NEWLINE, RETURN] = [0x0a, 0x0d]

/** Reads a file of bytes for this: DuckDB counts rows, and a row may be several lines. */
export async function countLines(file: TextFile, positions: readonly number[]): Promise<LineCount> {
  const wanted = [...positions].sort((a, b) => a - b)
  const lineAt = new Map<number, number>()
  let [line, filled, offset, next] = [1, 0, 0, 0]
  let isBlank = true
  for await (const part of bytesOf(file)) {
    let at = 0
    while (at < part.length) {
      const found = part.indexOf(NEWLINE, at)
      const end = found < 0 ? part.length : found
      // A newline belongs to the line that it ends; but after a return DuckDB says that the next row begins at it.
      const isPair = found > 0 ? part[found - 1] === RETURN : false
      const lineEnd = offset + end + (found < 0 || isPair ? 0 : 1)
      for (; next < wanted.length && (wanted[next] ?? 0) < lineEnd; next++) lineAt.set(wanted[next] ?? 0, line)
      if (end - at > 1 || (end > at && part[at] !== RETURN)) isBlank = false
      if (found < 0) break
      if (!isBlank) filled += 1
      line += 1
      isBlank = true
      at = end + 1
    }
    offset += part.length
  }
  for (; next < wanted.length; next++) lineAt.set(wanted[next] ?? 0, line)
  return { filled: filled + (isBlank ? 0 : 1), lineAt }
}
