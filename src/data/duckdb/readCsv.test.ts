import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { cellText } from '../table/column.ts'
import type { CsvOptions } from './csvOptions.ts'
import { readCsv } from './readCsv.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-csv-'))
})
afterAll(() => rm(folder, { recursive: true }))

const write = async (content: string | Uint8Array, name = 'made.csv'): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}
const read = async (content: string | Uint8Array, options?: CsvOptions) => readCsv(await write(content), options)

/** The columns of a text, cell by cell; null where missing. */
async function cells(content: string | Uint8Array, options?: CsvOptions) {
  const { columns, length } = await read(content, options)
  return Object.fromEntries(
    columns.map((column) => [
      `${column.name}: ${column.type}`,
      Array.from({ length }, (_, row) => cellText(column, row) ?? null),
    ]),
  )
}

const BOM = '\uFEFF'

describe('readCsv finds out', () => {
  it('quotes, quotes in quotes, newlines and delimiters in quotes, a BOM', async () => {
    expect(await cells(`${BOM}a,"b ""c"""\n1,"x, y"\n2,"two\nlines"\n3,"say ""no"""\n`)).toEqual({
      'a: integer': ['1', '2', '3'],
      'b "c": text': ['x, y', 'two\nlines', 'say "no"'],
    })
  })

  it.each([';', '\t', '|'])('the delimiter %j', async (delimiter) => {
    expect(await cells(`a,b${delimiter}c${delimiter}d\n1,2${delimiter}x${delimiter}3\n`, { decimal: '.' })).toEqual({
      'a,b: text': ['1,2'],
      'c: text': ['x'],
      'd: integer': ['3'],
    })
    expect(await cells(`1,5${delimiter}2\n3${delimiter}4\n`, { header: false })).toEqual({
      'column0: number': ['1.5', '3'],
      'column1: integer': ['2', '4'],
    })
  })

  it('decimal commas and the points of thousands', async () => {
    expect(await cells('preis;menge;ort\n1.234,50;1.000;Köln\n2,5;300;Bonn\n-7;2;Ulm\n')).toEqual({
      'preis: number': ['1234.5', '2.5', '-7'],
      'menge: integer': ['1000', '300', '2'],
      'ort: text': ['Köln', 'Bonn', 'Ulm'],
    })
    expect(await cells('a;b\n1,5;x,y\n2,5;z\n')).toEqual({ 'a: number': ['1.5', '2.5'], 'b: text': ['x,y', 'z'] })
  })

  it('types: whole numbers, numbers, truth values, dates; else text', async () => {
    expect(
      await cells(
        'i,n,b,d,t,x\n1,1.0,true,2024-02-29,2024-01-01 06:00:00,1\n-2,1e3,FALSE,1969-12-31,2024-01-01T12:00:00,yes\n',
      ),
    ).toEqual({
      'i: integer': ['1', '-2'],
      'n: number': ['1', '1000'],
      'b: boolean': ['true', 'false'],
      'd: date': ['2024-02-29', '1969-12-31'],
      't: date': ['2024-01-01T06:00:00.000Z', '2024-01-01T12:00:00.000Z'],
      'x: text': ['1', 'yes'],
    })
    expect(await cells('d\n29.02.2024\n01.03.2024\n', { dateFormat: '%d.%m.%Y' })).toEqual({
      'd: date': ['2024-02-29', '2024-03-01'],
    })
  })

  it('names that are written as numbers: zeros in front, or too large for float64', async () => {
    expect(await cells('far\n1e+30\n2e17\n')).toEqual({ 'far: number': ['1e+30', '200000000000000000'] })
    expect(await cells('zip,id,n\n01234,9007199254740993,0\n99999,9007199254740992,0.5\n')).toEqual({
      'zip: text': ['01234', '99999'],
      'id: text': ['9007199254740993', '9007199254740992'],
      'n: number': ['0', '0.5'],
    })
  })

  it('missing values, by the ways that they are written', async () => {
    expect(await cells('a,b,c\n1,,x\nNA,2.5,?\nnull,NaN,\n"",n/a, \n4,3,y\n')).toEqual({
      'a: integer': ['1', null, null, null, '4'],
      'b: number': [null, '2.5', null, null, '3'],
      'c: text': ['x', null, null, null, 'y'],
    })
    expect(await cells('a,b\n-9,NA\n3,x\n', { missingValues: ['-9'] })).toEqual({
      'a: integer': [null, '3'],
      'b: text': ['NA', 'x'],
    })
  })

  it('a type by the last rows as well as by the first', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${i}\n`).join('')
    const { columns } = await read(`a,b\n${rows}1.5,7\n`)
    expect(columns.map(({ type }) => type)).toEqual(['number', 'integer'])
  })

  it('compression and encodings', async () => {
    const text = 'a,b\n1,é\n2,ü\n'
    const expected = { 'a: integer': ['1', '2'], 'b: text': ['é', 'ü'] }
    expect(await cells(gzipSync(text))).toEqual(expected)
    expect(await cells(Buffer.from(text, 'latin1'), { encoding: 'latin-1' })).toEqual(expected)
    expect(await cells(Buffer.from(BOM + text, 'utf16le'))).toEqual(expected)
  })

  it('names: given, or numbered where a cell of the header is empty', async () => {
    expect(await cells(',b\n1,2\n')).toEqual({ 'column0: integer': ['1'], 'b: integer': ['2'] })
    expect(await cells('a,a\n1,2\n', { names: ['x', 'y'] })).toEqual({ 'x: integer': ['1'], 'y: integer': ['2'] })
    expect(await cells('1,2\n', { header: false, names: ['x', 'y'] })).toEqual({
      'x: integer': ['1'],
      'y: integer': ['2'],
    })
  })

  it('the end of lines, and takes blank lines for none', async () => {
    expect(await cells('a,b\r\n1,"x\r\ny"\r\n\r\n2,z')).toEqual({
      'a: integer': ['1', '2'],
      'b: text': ['x\r\ny', 'z'],
    })
  })
})

it('gives back what was written, whatever stands in quotes', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '"', ',', ';', '\n', '\r\n', ' ', '|', 'é', '😀', '1', '.'),
  })
  const row = fc.record({
    t: text.map((rest) => `x${rest}`),
    n: fc.option(fc.float({ noNaN: true, min: -Math.fround(1e15), max: Math.fround(1e15) })),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.constantFrom('\n', '\r\n'),
      async (rows, end) => {
        const lines = rows.map(({ t, n }) => `"${t.replaceAll('"', '""')}",${n ?? ''},z`)
        const { columns, length, leftOut } = await read(`t,n,last${end}${lines.join(end)}${end}`)
        const [t, n] = columns
        expect([length, leftOut]).toEqual([rows.length, []])
        expect(rows.map((_, i) => t && cellText(t, i))).toEqual(rows.map((one) => one.t))
        if (n?.type !== 'text')
          expect([...(n?.values ?? [])]).toEqual(rows.map(({ n: value }) => (value === null ? Number.NaN : value + 0)))
        else expect(rows.every((one) => one.n === null)).toBe(true)
      },
    ),
    { numRuns: 30 },
  )
})

describe('broken rows', () => {
  const good = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `${from + i},${(from + i) / 4},"word ${(from + i) % 3}"\n`).join('')
  const leftOut = async (content: string, options?: CsvOptions) => {
    const table = await read(content, options)
    return {
      rows: table.length,
      left: table.leftOut.map(({ item, reason }) => `${item.replace(/ of .*/, '')}: ${reason}`),
    }
  }

  it('are left out and listed by line and reason', async () => {
    const content = `${BOM}id,x,w\n${good(0, 20)}1,2\n${good(20, 20)}5,6,y,z\n"a\nb",1,c\n${good(40, 20)}7,eight,w\n9,1,"open\n${good(60, 20)}`
    expect(await leftOut(content)).toEqual({
      rows: 79,
      left: [
        'line 22: 2 cells for 3 columns',
        'line 43: more than 3 cells for 3 columns',
        'lines 44 to 45: id is "a", which is no number',
        'line 66: x is "eight", which is no number',
        expect.stringMatching(/^lines 67 to 68: (more than 3 cells for 3 columns|a quote is opened and not closed)/),
      ],
    })
  })

  it('with line ends of two characters have the same lines', async () => {
    const content = `id,x,w\n${good(0, 20)}1,2\n${good(20, 5)}`.replaceAll('\n', '\r\n')
    expect((await leftOut(content)).left).toEqual(['line 22: 2 cells for 3 columns'])
  })

  it('are those with a text in a column of numbers, which may be meant, or a missing value', async () => {
    const content = `id,x,w\n${good(0, 30)}30,unknown,"word 1"\n`
    expect(await leftOut(content)).toEqual({ rows: 30, left: ['line 32: x is "unknown", which is no number'] })
    expect(await leftOut(content, { missingValues: ['unknown'] })).toEqual({ rows: 31, left: [] })
    expect(await leftOut(content, { types: { x: 'text' } })).toEqual({ rows: 31, left: [] })
    expect((await read(content, { maxBroken: 0 })).columns[1]?.type).toBe('text')
  })

  it('are refused where there are too many, and allowed where that is said', async () => {
    const content = `id,x,w\n${good(0, 6)}1,2\n3\n4,5,6,7\n8\n`
    await expect(read(content)).rejects.toThrow(UsageError)
    await expect(read(content)).rejects.toThrow(
      /^4 of the 10 rows of \S+made\.csv cannot be read, more than 10 % \(line 8: 2 cells for 3 columns; line 9: 1 cell for 3 columns; line 10: more than 3 cells for 3 columns; …\): mend the file/,
    )
    expect((await leftOut(content, { maxBroken: 0.5 })).rows).toBe(6)
  })

  it('after a quote that is never closed are all counted', async () => {
    const content = `id,x,w\n${good(0, 50)}1,2,"open\n${good(100, 30)}`
      .replaceAll('"word', 'word')
      .replace(/(word \d)"/g, '$1')
    await expect(read(content)).rejects.toThrow(/^31 of the 81 rows of/)
    const { length, leftOut: left } = await read(content, { maxBroken: 1 })
    expect(length).toBe(50)
    expect(left.map(({ item }) => item.replace(/ of .*/, '')).join()).toMatch(/lines 52 to 82|line 52,30 lines/)
    expect((await read(content, { quote: '' })).length).toBe(81)
  })

  it('that are not UTF-8 say so', async () => {
    const latin = Buffer.concat([Buffer.from(`id,x,w\n${good(0, 20)}`), Buffer.from('20,1,é\n', 'latin1')])
    const { leftOut: left } = await readCsv(await write(latin))
    expect(left.map(({ reason }) => reason)).toEqual([
      "it is not UTF-8 (give encoding: 'latin-1' if the file is in that)",
    ])
  })

  it('three in a hundred, of several kinds, leave the others as they are', async () => {
    let seed = 1
    const random = () => {
      seed = (seed * 48271) % 2147483647
      return seed / 2147483647
    }
    const broken = new Set<number>()
    const lines = Array.from({ length: 4000 }, (_, i) => {
      const chance = random()
      if (chance < 0.03) broken.add(i)
      if (chance < 0.01) return `${i},1`
      if (chance < 0.02) return `${i},1,a,b,c`
      if (chance < 0.03) return `${i},x${i},"a"`
      return `${i},${random() < 0.1 ? '' : i * 2},"w ""${i % 5}"", ${i % 2}"`
    })
    const table = await read(`id,x,w\n${lines.join('\n')}\n`)
    expect(table.leftOut.map(({ item }) => Number(/line (\d+) /.exec(item)?.[1]) - 2)).toEqual(
      [...broken].sort((a, b) => a - b),
    )
    const id = table.column('id')
    const ids = id.type === 'text' ? [] : [...id.values]
    expect(ids).toEqual(Array.from({ length: 4000 }, (_, i) => i).filter((i) => !broken.has(i)))
  })
})

describe('refuses', () => {
  test.each<[string, string, CsvOptions, RegExp]>([
    ['an empty file', '', {}, /made\.csv is empty: give a file with a header and at least one row$/],
    ['a header alone', 'a,b\n', {}, /made\.csv has a header and no row: give at least one$/],
    [
      'two columns of one name',
      'a,b,A\n1,2,3\n',
      {},
      /^columns 1 and 3 of \S+ are both called A: rename one of them, or name all 3 columns with names$/,
    ],
    [
      'a first line of data',
      '5.1,3.5,setosa\n4.9,3,setosa\n',
      {},
      /^the first line of \S+ looks like data \(5\.1, 3\.5, setosa\): say header: false/,
    ],
    ['too few names', 'a,b\n1,2\n', { names: ['x'] }, /has 2 columns \(a, b\) and names has 1: name all$/],
    [
      'a type for a column that is not there',
      'age,b\n1,2\n',
      { types: { agee: 'text' } },
      /has no column "agee"; did you mean "age"\?/,
    ],
  ])('%s', async (_, content, options, message) => {
    await expect(read(content, options)).rejects.toThrow(UsageError)
    await expect(read(content, options)).rejects.toThrow(message)
  })

  it('a file that is not there, a folder, an option that is none', async () => {
    await expect(readCsv(join(folder, 'none.csv'))).rejects.toThrow(/^there is no file \S+none\.csv \(looked for from /)
    await expect(readCsv(folder)).rejects.toThrow(`${folder} is a folder: give the path of a file`)
    await expect(Reflect.apply(readCsv, undefined, [await write('a\n1\n'), { delimeter: ';' }])).rejects.toThrow(
      'csv: no option "delimeter"; the options are delimiter,',
    )
  })
})
