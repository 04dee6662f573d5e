/**
 * Tables of float64 columns in NumPy's file format, that grow row by row: `np.load(path)['loss']`.
 *
 * A file is the magic bytes, a version, the length of the header, a header in Python's syntax, and the rows, little-endian. The header has
 * room for any number of rows, so that the file grows in place.
 *
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @module
 */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { UsageError } from '../../errors.ts'

/** Columns by name, all of one length. */
export type NpyTable = ReadonlyMap<string, Float64Array>

const MAGIC = Buffer.from('\x93NUMPY\x02\x00', 'latin1')
/** Bytes before the header's text: magic, version and its length. */
const BEFORE = MAGIC.length + 4
const ALIGNMENT = 64
const NUMBER = 8

/** The bytes before the rows. */
function encodeHeader(columns: readonly string[], rows: number): Buffer {
  const descr = columns.map((name) => `(${pythonText(name)}, "<f8")`).join(', ')
  const text = (count: number): string => `{"descr": [${descr}], "fortran_order": False, "shape": (${count},)}`
  const length = Math.ceil((BEFORE + text(Number.MAX_SAFE_INTEGER).length + 1) / ALIGNMENT) * ALIGNMENT - BEFORE
  const bytes = Buffer.alloc(BEFORE + length, ' ')
  MAGIC.copy(bytes)
  bytes.writeUInt32LE(length, MAGIC.length)
  bytes.write(text(rows), BEFORE, 'latin1')
  bytes.write('\n', bytes.length - 1)
  return bytes
}

/** A text as Python and JSON write it, in ASCII. */
const pythonText = (text: string): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

interface Header {
  readonly columns: readonly string[]
  readonly rows: number
  /** Bytes before the rows. */
  readonly start: number
}

/** @throws UsageError where the bytes are of another file */
function decodeHeader(bytes: Buffer, path: string): Header {
  const length =
    bytes.length >= BEFORE && bytes.subarray(0, MAGIC.length).equals(MAGIC) ? bytes.readUInt32LE(MAGIC.length) : 0
  const text = bytes.toString('latin1', BEFORE, BEFORE + length)
  const columns = Array.from(text.matchAll(/\(("(?:[^"\\]|\\.)*"), "<f8"\)/g), ([, name = '""']): string =>
    JSON.parse(name),
  )
  const rows = /"shape": \((\d+),\)/.exec(text)?.[1]
  if (columns.length === 0 || rows === undefined)
    throw new UsageError(`${path} is no table that a training has recorded: restore it, or train anew`)
  return { columns, rows: Number(rows), start: BEFORE + length }
}

/** Begins a table without rows, in place of one that was there. */
export const beginTable = (path: string, columns: readonly string[]): void =>
  writeFileSync(path, encodeHeader(columns, 0), { flush: true })

/**
 * Appends rows, one after the other. They are on the disk before the header counts them: where the machine stops in between, they were
 * never there.
 *
 * @param numbers `[rows, columns]`
 */
export function appendRows(path: string, numbers: Float64Array): void {
  const file = openSync(path, 'r+')
  try {
    const { columns, rows, start } = headerOf(file, path)
    const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)
    writeSync(file, bytes, 0, bytes.length, start + rows * columns.length * NUMBER)
    fsyncSync(file)
    writeSync(file, encodeHeader(columns, rows + numbers.length / columns.length), 0, start, 0)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Keeps the first rows, as many as there are. */
export function keepRows(path: string, rows: number): void {
  const file = openSync(path, 'r+')
  try {
    const { columns, start } = headerOf(file, path)
    writeSync(file, encodeHeader(columns, rows), 0, start, 0)
    ftruncateSync(file, start + rows * columns.length * NUMBER)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function headerOf(file: number, path: string): Header {
  const before = Buffer.alloc(BEFORE)
  readSync(file, before, 0, BEFORE, 0)
  const bytes = Buffer.alloc(BEFORE + before.readUInt32LE(MAGIC.length))
  readSync(file, bytes, 0, bytes.length, 0)
  return decodeHeader(bytes, path)
}

/**
 * The columns of a table; undefined where there is no such file.
 *
 * @throws UsageError where it is another file, or rows are missing
 */
export function readTable(path: string): NpyTable | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const { columns, rows, start } = decodeHeader(bytes, path)
  if (bytes.length < start + rows * columns.length * NUMBER)
    throw new UsageError(`${path} is cut short: restore it, or train anew`)
  return new Map(
    columns.map((name, c): [string, Float64Array] => [
      name,
      Float64Array.from({ length: rows }, (_, row) => bytes.readDoubleLE(start + (row * columns.length + c) * NUMBER)),
    ]),
  )
}
