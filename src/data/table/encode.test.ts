import { describe, expect, it, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { encodeTable } from './encode.ts'
import { encodingSchema, featureNames } from './encoding.ts'
import { type EncodingOptions, fitEncoding } from './fitEncoding.ts'
import { Table } from './table.ts'

const day = (n: number) => new Date(Date.UTC(2024, 0, n, 12))
const shop = Table.of(
  {
    size: [1, 2, 3, 4],
    colour: ['red', 'blue', 'red', null],
    used: [true, false, false, true],
    sold: [day(3), day(1), null, day(2)],
    grade: ['low', 'high', 'mid', 'low'],
    price: [9.5, 7, 8.25, 3],
  },
  'shop',
)

describe('the encoding of a table', () => {
  it('takes numbers and truth values as they are, dates in days from the first, texts one-hot', () => {
    const encoding = fitEncoding(shop, { target: 'price', encode: { grade: { ordinal: ['low', 'mid', 'high'] } } })
    const dataset = encodeTable(shop, encoding)
    expect(featureNames(encoding)).toEqual(['size', 'colour=blue', 'colour=red', 'used', 'sold', 'grade'])
    expect(dataset.inputs.shape).toEqual([6])
    const { NaN: none } = Number
    expect([...dataset.inputs.data]).toEqual([
      ...[1, 0, 1, 1, 2.5, 0],
      ...[2, 1, 0, 0, 0.5, 2],
      ...[3, 0, 1, 0, none, 1],
      ...[4, none, none, 1, 1.5, 0],
    ])
    expect(dataset.targets).toEqual({ task: 'regression', values: Float32Array.of(9.5, 7, 8.25, 3), shape: [1] })
    expect([...(dataset.rows ?? [])]).toEqual([1, 2, 3, 4])
  })

  it('is plain data that encodes other rows alike', () => {
    const encoding = fitEncoding(shop, { target: 'price', features: ['colour', 'sold'] })
    const restored = encodingSchema.parse(JSON.parse(JSON.stringify(encoding)))
    const later = Table.of({ price: [1], sold: [day(31)], colour: ['blue'] })
    expect([...encodeTable(later, restored).inputs.data]).toEqual([1, 0, 30.5])
  })

  it('can make categories of numbers, sorted by value', () => {
    const encoding = fitEncoding(shop, {
      target: 'price',
      features: ['size', 'used'],
      encode: { size: 'oneHot', used: 'ordinal' },
    })
    expect(featureNames(encoding)).toEqual(['size=1', 'size=2', 'size=3', 'size=4', 'used'])
    expect([...encodeTable(shop, encoding, { rows: Uint32Array.of(2) }).inputs.data]).toEqual([0, 0, 1, 0, 0])
  })

  it('learns from training rows alone', () => {
    const encoding = fitEncoding(shop, { target: 'price', features: ['grade', 'sold'] }, Uint32Array.of(0, 3))
    expect(encoding.features).toEqual([
      { as: 'oneHot', column: 'grade', categories: ['low'], other: false },
      { as: 'days', column: 'sold', since: expect.any(Number) },
    ])
    expect(() => encodeTable(shop, encoding)).toThrow(
      'shop: grade is "high" in rows 2, 3, and no training row has that (low): mend the value, or give such values a category of their own by unknown: \'other\'',
    )
  })

  it('has room for other categories where that is said', () => {
    const options: EncodingOptions = {
      target: 'price',
      features: ['grade', 'colour'],
      encode: { colour: 'ordinal' },
      unknown: 'other',
    }
    const encoding = fitEncoding(shop, options, Uint32Array.of(0, 2))
    expect(featureNames(encoding)).toEqual(['grade=low', 'grade=mid', 'grade=(other)', 'colour'])
    expect([...encodeTable(shop, encoding, { rows: Uint32Array.of(0, 1) }).inputs.data]).toEqual([
      1, 0, 0, 0, 0, 0, 1, 1,
    ])
  })

  it('keeps columns beside the samples, in the samples’ order', () => {
    const encoding = fitEncoding(shop, { target: 'price', columns: ['colour', 'size'] })
    expect(featureNames(encoding)).not.toContain('size')
    const { columns } = encodeTable(shop, encoding, { rows: Uint32Array.of(3, 1), columns: ['colour', 'size'] })
    expect(columns).toMatchObject([
      { name: 'colour', codes: Int32Array.of(-1, 0) },
      { name: 'size', values: Float64Array.of(4, 2) },
    ])
  })
})

describe('the target', () => {
  const of = (target: readonly (string | number | boolean | null)[], options: Partial<EncodingOptions> = {}) => {
    const table = Table.of({ x: target.map((_, i) => i), y: target }, 'made')
    return encodeTable(table, fitEncoding(table, { target: 'y', ...options })).targets
  }

  it.each([
    ['texts', ['b', 'a', 'b'], ['a', 'b'], [1, 0, 1]],
    ['truth values', [true, false], ['false', 'true'], [1, 0]],
    ['few whole numbers', [10, 9, 10], ['9', '10'], [1, 0, 1]],
  ])('%s are classes, in order of their values', (_, values, classes, labels) => {
    expect(of(values)).toEqual({ task: 'classification', classes, labels: Int32Array.from(labels) })
  })

  it('other numbers are quantities, and whole numbers where that is said', () => {
    expect(of([0.5, 2, 2])).toEqual({ task: 'regression', values: Float32Array.of(0.5, 2, 2), shape: [1] })
    expect(of([1, 2, 2], { task: 'regression' })).toMatchObject({ task: 'regression' })
    expect(of([0.5, 2, 2], { task: 'classification' })).toMatchObject({ classes: ['0.5', '2'] })
  })

  const many = Array.from({ length: 30 }, (_, i) => i)
  test.each<[string, () => unknown, string]>([
    [
      'whole numbers that may be either',
      () => of(many),
      "made: y has 30 different whole numbers, which may be classes or quantities: say task: 'classification' or 'regression'",
    ],
    ['one class', () => of(['a', 'a']), 'made: y is a in every row, so there is nothing to tell apart'],
    ['text to regress', () => of(['a', 'b'], { task: 'regression' }), 'made: y is text, which is no number to predict'],
    [
      'a missing target',
      () => of([1.5, null, null, 2, null, null, null, null]),
      "made: the target y is missing in rows 2, 3, 5, 6, 7 and 1 more: drop them by dropMissing: ['y']",
    ],
    ['a missing class', () => of(['a', null, 'b']), 'made: the target y is missing in row 2'],
  ])('refuses %s', (_, use, message) => {
    expect(use).toThrow(UsageError)
    expect(use).toThrow(message)
  })

  it('refuses a class that training rows do not have', () => {
    const table = Table.of({ x: [1, 2, 3], y: ['a', 'b', 'c'] }, 'made')
    const encoding = fitEncoding(table, { target: 'y' }, Uint32Array.of(0, 1))
    expect(() => encodeTable(table, encoding)).toThrow(
      'made: y is "c" in row 3, and no training row has that (a, b): mend the value',
    )
  })
})

describe('refuses', () => {
  const ids = Table.of(
    {
      id: Array.from({ length: 150 }, (_, i) => `id${i}`),
      when: Array.from({ length: 150 }, (_, i) => `${(i % 28) + 1}.${(i % 12) + 1}.${2000 + i}`),
      mixed: Array.from({ length: 150 }, (_, i) => (i < 3 ? 'none' : String(i))),
      empty: Array.from({ length: 150 }, () => null),
      y: Array.from({ length: 150 }, (_, i) => i / 2),
    },
    'ids',
  )
  const learn = (options: Partial<EncodingOptions>) => () => fitEncoding(ids, { target: 'y', ...options })
  test.each<[string, () => unknown, string]>([
    [
      'texts that are no categories',
      learn({ features: ['id'] }),
      "ids: column id has 150 different texts (id0, id1, id10, …): leave it out of features, or say encode: 'oneHot' or 'ordinal'",
    ],
    [
      'dates that were not recognised',
      learn({ features: ['when'] }),
      "ids: column when looks like dates (1.1.2000, 1.1.2084, 1.5.2028): say how they are written, as in dateFormat: '%d.%m.%Y'",
    ],
    [
      'numbers and texts mixed',
      learn({ features: ['mixed'] }),
      'ids: column mixed has numbers and texts (none): say that the texts are missing values (missingValues)',
    ],
    [
      'a column without values',
      learn({ features: ['empty'] }),
      'ids: column empty has no value in any row: leave it out of features',
    ],
    ['a misspelt target', learn({ target: 'Y' }), 'ids has no column "Y"; did you mean "y"?'],
    ['a misspelt feature', learn({ features: ['ids'] }), 'ids has no column "ids"; did you mean "id"?'],
    ['the target as a feature', learn({ features: ['y'] }), 'ids: y is the target and a feature'],
    ['no feature', () => fitEncoding(ids.select('y'), { target: 'y' }), 'ids has no column left to predict from'],
    [
      'an encoding of what is no feature',
      learn({ features: ['y'], encode: { id: 'oneHot' } }),
      'ids: encode names id, which is no feature',
    ],
    [
      'text as a number',
      learn({ features: ['id'], encode: { id: 'number' } }),
      'ids: column id is text and cannot be a number',
    ],
    [
      'two targets that are classes',
      learn({ target: ['id', 'y'], task: 'classification', features: ['mixed'], encode: { mixed: 'ordinal' } }),
      "ids: id and y cannot be classes together: give one target, or task: 'regression'",
    ],
  ])('%s', (_, use, message) => {
    expect(use).toThrow(UsageError)
    expect(use).toThrow(message)
  })

  it('nothing that was asked for', () => {
    expect(fitEncoding(ids, { target: 'y', features: ['id'], encode: { id: 'ordinal' } }).features[0]).toMatchObject({
      as: 'ordinal',
    })
  })

  it('a column that is of another kind than in training', () => {
    const encoding = fitEncoding(shop, { target: 'price', features: ['size'] })
    const other = Table.of({ size: ['large'], price: [1] }, 'other')
    expect(() => encodeTable(other, encoding)).toThrow(
      'other: column size is text (large) and has to be a number, as in training',
    )
  })
})
