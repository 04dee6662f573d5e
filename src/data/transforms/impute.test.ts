import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import '../../index.ts'
import { gradients } from '../../autodiff/index.ts'
import { UsageError } from '../../errors.ts'
import { crossEntropy, linear } from '../../nn/index.ts'
import { adam } from '../../optim/index.ts'
import { compile, spec } from '../../runtime/index.ts'
import { reduceSum } from '../../tensor/index.ts'
import { learnt, prepared, samplesOf, upTo } from '../../testing/transforms.ts'
import { experiment, prepare } from '../../train/index.ts'
import { fromTable } from '../sources/tableSource.ts'
import { Table } from '../table/table.ts'
import { fitTransforms } from './fitTransforms.ts'
import { type ImputeOptions, impute } from './impute.ts'
import { restoreTransform } from './restoreTransform.ts'
import { standardize } from './standardize.ts'

const rows = z.array(z.array(z.number().nullable()))
const golden = z
  .strictObject({ x: rows, mean: rows, median: rows, mode: rows, constant: rows })
  .parse(JSON.parse(readFileSync(new URL('fixtures/impute.json', import.meta.url), 'utf8')))
const numbers = (of: z.infer<typeof rows>) => Float32Array.from(of.flat(), (value) => value ?? Number.NaN)
/** scikit-learn was fitted on the first twelve rows. */
const data = samplesOf(numbers(golden.x), [4])

describe('impute', () => {
  it.each<[keyof typeof golden, ImputeOptions]>([
    ['mean', { strategy: 'mean' }],
    ['median', { strategy: 'median' }],
    ['mode', { strategy: 'mode' }],
    ['constant', { strategy: 'constant', value: -1 }],
  ])('puts the %s of the training split where scikit-learn’s SimpleImputer does', async (strategy, options) => {
    const made = prepared(await learnt(impute(options), data, upTo(12)), data)
    const expected = numbers(golden[strategy])
    expect(made).toHaveLength(expected.length)
    for (const [i, value] of expected.entries()) expect(made[i]).toBeCloseTo(value, 5)
  })

  it('does so in ONNX Runtime, with a gradient of 0 where nothing was', async () => {
    const fitted = await learnt(impute(), samplesOf(Float32Array.of(1, Number.NaN, 3, 4), [2]))
    const program = await compile(
      (x) => ({ y: fitted.apply(x), dx: gradients(reduceSum(fitted.apply(x)), x) }),
      spec([3, 2]),
    )
    const { y, dx } = await program(Float32Array.of(Number.NaN, Number.NaN, 5, -Infinity, 0, Number.NaN))
    expect([...y]).toEqual([2, 4, 5, -Infinity, 0, 4])
    expect([...dx]).toEqual([0, 0, 1, 1, 1, 0])
  })

  it('comes back from what was saved of it', async () => {
    const fitted = await learnt(impute({ strategy: 'median' }), data)
    const restored = restoreTransform('impute', JSON.parse(JSON.stringify(fitted.state)))
    expect(prepared(restored, data)).toEqual(prepared(fitted, data))
  })

  it('gives the next transform what it filled in', async () => {
    const small = samplesOf(Float32Array.of(1, Number.NaN, 5, 6), [1])
    const fitted = await fitTransforms([impute(), standardize()], { dataset: small, indices: upTo(3) })
    expect(fitted[0]?.state).toMatchObject({ fill: [3] })
    expect(fitted[1]?.state).toMatchObject({ mean: [3], std: [Math.sqrt(8 / 3)] })
  })

  it('fills categories with the commonest, whatever the strategy', async () => {
    const table = Table.of({
      size: [1, null, 3, 5],
      colour: ['red', 'blue', null, 'blue'],
      grade: ['low', null, 'high', 'high'],
      y: [0.5, 1, 1.5, 2],
    })
    const dataset = table.toDataset({ target: 'y', encode: { grade: { ordinal: ['low', 'mid', 'high'] } } })
    const fitted = await learnt(impute({ strategy: 'mean' }), dataset)
    // size, colour=blue, colour=red, grade
    expect(fitted.state).toMatchObject({ fill: [3, 1, 0, 2] })
    expect([...prepared(fitted, dataset)]).toEqual([1, 0, 1, 0, 3, 1, 0, 2, 3, 1, 0, 2, 5, 1, 0, 2])
  })

  it('names a feature that has no value in the training split', async () => {
    const table = Table.of({ age: [null, null, 3], y: [1, 2.5, 3] })
    const fitting = learnt(impute(), table.toDataset({ target: 'y' }), upTo(2))
    await expect(fitting).rejects.toThrow('impute: age has no value in the training split of table: leave it out')
  })

  it('refuses a strategy that is none', () => {
    expect(() => Reflect.apply(impute, undefined, [{ strategy: 'zero' }])).toThrow(UsageError)
    expect(() => Reflect.apply(impute, undefined, [{ strategy: 'constant' }])).toThrow(
      "give strategy 'mean', 'median' or 'mode', or 'constant' with a value",
    )
  })
})

describe('an experiment on data with missing values', () => {
  const table = Table.of({
    age: [20, null, 40, 50, null, 70, 80, 90],
    sex: ['f', 'm', 'f', null, 'm', 'f', 'm', 'f'],
    ill: ['no', 'no', 'yes', 'no', 'yes', 'no', 'yes', 'yes'],
  })
  const without = experiment({
    name: 'ill',
    data: fromTable(table, { target: 'ill' }),
    split: { validation: 2 },
    model: linear(2),
    loss: crossEntropy(),
    optimizer: adam(),
    epochs: 1,
  })

  it('is refused, naming columns and rows', async () => {
    const message =
      "train: missing are age in rows 2, 5; sex in row 4: fill them in by impute(), first in prepare, or leave the rows out by dropMissing: ['age', 'sex']"
    await expect(prepare(without)).rejects.toThrow(message)
    await expect(prepare(without.with({ prepare: [standardize(), impute()] }))).rejects.toThrow(message)
  })

  it('runs where an imputation stands first, fitted on the training part alone', async () => {
    const { train, transforms } = await prepare(without.with({ prepare: [impute(), standardize()] }))
    expect(train.indices).toHaveLength(6)
    const column = table.column('age')
    const present = Array.from(train.indices, (i) =>
      column.type === 'text' ? Number.NaN : (column.values[i] ?? Number.NaN),
    ).filter((value) => !Number.isNaN(value))
    const mean = present.reduce((sum, value) => sum + value, 0) / present.length
    expect(transforms[0]?.state.fill).toEqual([mean, ...[0, 0].map(() => expect.any(Number))])
  })

  it('runs without the rows', async () => {
    const dropped = without.with({
      data: fromTable(table, { target: 'ill', dropMissing: true }),
      split: { validation: 0 },
    })
    const { train } = await prepare(dropped)
    expect([...(train.dataset.rows ?? [])]).toEqual([1, 3, 6, 7, 8])
  })
})
