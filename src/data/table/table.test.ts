import { describe, expect, it, test } from 'vitest'
import '../../index.ts'
import { UsageError } from '../../errors.ts'
import { reduceMean } from '../../tensor/index.ts'
import { categorized, column } from './column.ts'
import { Table } from './table.ts'

const people = Table.of(
  {
    name: ['Ada', 'Bo', null, 'Di', 'Ed'],
    age: [36, 9, null, 51, 24],
    height: [1.5, 1.25, 1.75, Number.NaN, 2],
    adult: [true, false, undefined, true, true],
    born: [
      new Date(Date.UTC(1970, 0, 2)),
      new Date(Date.UTC(1970, 0, 1, 12)),
      null,
      new Date(Date.UTC(1969, 11, 31)),
      null,
    ],
  },
  'people',
)

describe('Table', () => {
  it('knows its columns by their values', () => {
    expect(people.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'name text',
      'age integer',
      'height number',
      'adult boolean',
      'born date',
    ])
    expect(people.column('born')).toMatchObject({ values: Float64Array.of(1, 0.5, Number.NaN, -1, Number.NaN) })
    expect(people.column('name')).toMatchObject({
      codes: Int32Array.of(0, 1, -1, 2, 3),
      categories: ['Ada', 'Bo', 'Di', 'Ed'],
    })
  })

  it('selects, filters and takes the first rows, and leaves the old table as it was', () => {
    const grown = people.filter((row) => row.number('age') >= 18 && row.text('name') !== 'Ed').select('age', 'name')
    expect(grown.names).toEqual(['age', 'name'])
    expect(String(grown)).toBe('age  name\n 36  Ada\n 51  Di')
    expect(people.filter(({ index }) => index % 2 === 1).column('age')).toMatchObject({
      values: Float64Array.of(9, 51),
    })
    expect(people.head(2).length).toBe(2)
    expect(people.length).toBe(5)
  })

  it('prints missing values as such, and how much there is more', () => {
    expect(String(people)).toBe(
      [
        'name  age  height  adult                      born',
        'Ada    36     1.5   true                1970-01-02',
        'Bo      9    1.25  false  1970-01-01T12:00:00.000Z',
        '·       ·    1.75      ·                         ·',
        'Di     51       ·   true                1969-12-31',
        'Ed     24       2   true                         ·',
      ].join('\n'),
    )
    expect(String(Table.of({ x: Array.from({ length: 1500 }, (_, i) => i) }))).toContain('… 1,490 more rows')
  })

  it('describes numbers as NumPy does, and texts by the commonest', () => {
    const [x, empty, text, constant] = Table.of({
      x: [1, 2, 4, null, 8],
      empty: [null, null, null, null, null],
      text: ['b', '3', null, 'b', '4.5'],
      constant: [7, 7, 7, 7, 7],
    }).describe()
    expect(x).toEqual({
      name: 'x',
      type: 'integer',
      missing: 1,
      unique: 4,
      min: 1,
      max: 8,
      mean: 3.75,
      std: expect.closeTo(3.095695936834452, 12),
      quartiles: [1.75, 3, 5],
    })
    expect(empty).toMatchObject({ missing: 5, unique: 0, min: Number.NaN, mean: Number.NaN })
    expect(text).toEqual({
      name: 'text',
      type: 'text',
      missing: 1,
      unique: 3,
      numbers: 2,
      commonest: { text: 'b', count: 2 },
    })
    expect(constant).toMatchObject({ unique: 1, std: 0, quartiles: [7, 7, 7] })
  })

  it('counts only the texts that rows still have', () => {
    const [name] = people.filter((row) => row.number('age') < 30).describe()
    expect(name).toMatchObject({ unique: 2, commonest: { text: 'Bo', count: 1 } })
  })

  it('becomes tensors', async () => {
    const { inputs, targets } = Table.of({ a: [1, 3], b: [5, 7], y: ['no', 'yes'] }).toTensors({ target: 'y' })
    expect([inputs.shape, targets.shape, targets.dtype]).toEqual([[2, 2], [2], 'int32'])
    expect([...(await reduceMean(inputs, { axes: [0] }).data())]).toEqual([2, 6])
    expect([...(await targets.data())]).toEqual([0, 1])
    const both = Table.of({ a: [1, 3], y: [0.5, 1], z: [2, 4] }).toTensors({ target: ['y', 'z'] })
    expect([...(await both.targets.data())]).toEqual([0.5, 2, 1, 4])
  })

  test.each<[string, () => unknown, string]>([
    [
      'a misspelt column',
      () => people.column('agee'),
      'people has no column "agee"; did you mean "age"? It has name, age, height, adult, born',
    ],
    ['another case', () => people.select('AGE'), 'did you mean "age"?'],
    ['nothing like it', () => people.column('profession'), 'people has no column "profession"; it has name, age'],
    [
      'text as a number',
      () => people.filter((row) => row.number('name') > 1),
      "people: column name is text, so row.number('name') has no meaning; use row.text",
    ],
    ['columns of two lengths', () => Table.of({ a: [1, 2], b: [1] }), 'table: column b has 1 rows and a has 2'],
    ['a column twice', () => new Table('t', [column('a', [1]), column('a', [2])]), 't: two columns are called a'],
    [
      'texts among numbers',
      () => Table.of({ a: [1, 'two'] }),
      'the column a holds number and string values: give values of one kind',
    ],
  ])('refuses %s', (_, use, message) => {
    expect(use).toThrow(UsageError)
    expect(use).toThrow(message)
  })
})

describe('categorized', () => {
  it('sorts by value: numbers by size, truth values with false first', () => {
    expect(categorized(column('n', [10, 9, null, -1, 9]))).toMatchObject({
      categories: ['-1', '9', '10'],
      codes: Int32Array.of(2, 1, -1, 0, 1),
    })
    expect(categorized(column('b', [true, false]))).toMatchObject({
      categories: ['false', 'true'],
      codes: Int32Array.of(1, 0),
    })
    expect(categorized(column('t', ['b', 'a', 'B']))).toMatchObject({
      categories: ['B', 'a', 'b'],
      codes: Int32Array.of(2, 1, 0),
    })
  })

  it('knows only the values of the rows that it learns from', () => {
    const learnt = categorized(column('t', ['d', 'a', 'c', 'b']), Uint32Array.of(0, 2))
    expect(learnt).toMatchObject({ categories: ['c', 'd'], codes: Int32Array.of(1, -1, 0, -1) })
  })
})
