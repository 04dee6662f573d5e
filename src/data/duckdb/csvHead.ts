import { UsageError } from '../../errors.ts'
import type { CsvOptions } from './csvOptions.ts'
import { openText, type TextEncoding, type TextFile, textHead } from './openText.ts'

/** How a CSV file is written, from its first records. Nothing of it is left to chance further down. */
export interface CsvHead extends TextFile {
  readonly encoding: TextEncoding
  readonly delimiter: string
  readonly quote: string
  readonly hasHeader: boolean
  /** Of all columns. */
  readonly names: readonly string[]
}

const DELIMITERS = [',', ';', '\t', '|']
/** Records that are looked at. */
const LOOKED_AT = 20

/**
 * @throws UsageError when there is no such file, it is empty, its first line looks like data, or columns have no names of their own
 */
export async function csvHead(path: string, options: CsvOptions): Promise<CsvHead> {
  const file = await openText(path)
  const encoding = options.encoding ?? file.mark ?? 'utf-8'
  const text = await textHead(file, encoding)
  if (text.includes('\0'))
    throw new UsageError(
      `${path} holds bytes that are no text: give a CSV file, or its encoding ('utf-16' without a mark at its beginning)`,
    )
  const { quote = '"', header: asked } = options
  const delimiter = options.delimiter ?? delimiterOf(text, quote, asked !== false)
  const [first = []] = records(text, delimiter, quote, 1)
  const isNumber = (cell: string): boolean => /^[+-]?\d+([.,]\d+)?$/.test(cell)
  if (asked === undefined && options.names === undefined && first.some(isNumber))
    throw new UsageError(
      `the first line of ${path} looks like data (${first.slice(0, 6).join(', ')}): say header: false and give names, or header: true if it is the header`,
    )
  const hasHeader = asked ?? true
  const names = options.names ?? first.map((name, c) => (hasHeader && name !== '' ? name : `column${c}`))
  if (names.length !== first.length)
    throw new UsageError(
      `${path} has ${first.length} columns (${first.slice(0, 6).join(', ')}) and names has ${names.length}: name all`,
    )
  requireDistinct(path, names)
  return { ...file, encoding, delimiter, quote, hasHeader, names }
}

/**
 * The delimiter that cuts the header into the most cells. Without a header, the first that cuts all of the first records into equally
 * many; the comma comes last, because it may stand in numbers.
 */
function delimiterOf(text: string, quote: string, hasHeader: boolean): string {
  const cells = (delimiter: string, count: number) => records(text, delimiter, quote, count).map(({ length }) => length)
  if (hasHeader) {
    const widths = DELIMITERS.map((delimiter) => cells(delimiter, 1)[0] ?? 0)
    return DELIMITERS[widths.indexOf(Math.max(...widths))] ?? ','
  }
  const cutsAll = (delimiter: string): boolean => {
    const [first = 1, ...others] = cells(delimiter, LOOKED_AT)
    return first > 1 && others.every((width) => width === first)
  }
  return DELIMITERS.toReversed().find(cutsAll) ?? ','
}

/** The first records of a text, cell by cell. */
function records(text: string, delimiter: string, quote: string, count: number): string[][] {
  const found: string[][] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  const endRecord = (): void => {
    cells.push(cell)
    // A blank line is no record.
    if (cells.length > 1 || cell !== '') found.push(cells)
    cells = []
    cell = ''
  }
  for (let i = 0; i < text.length && found.length < count; i++) {
    const char = text[i] ?? ''
    if (char === quote && isQuoted && text[i + 1] === quote) cell += text[i++]
    else if (char === quote && (isQuoted || cell === '')) isQuoted = !isQuoted
    else if (isQuoted) cell += char
    else if (char === delimiter) {
      cells.push(cell)
      cell = ''
    } else if (char === '\n') endRecord()
    else if (char !== '\r') cell += char
  }
  if (found.length < count && (cells.length > 0 || cell !== '')) endRecord()
  return found
}

function requireDistinct(path: string, names: readonly string[]): void {
  for (const [c, name] of names.entries()) {
    const before = names.findIndex((other) => other.toLowerCase() === name.toLowerCase())
    if (before < c)
      throw new UsageError(
        `columns ${before + 1} and ${c + 1} of ${path} are both called ${name}: rename one of them, or name all ${names.length} columns with names`,
      )
  }
}
