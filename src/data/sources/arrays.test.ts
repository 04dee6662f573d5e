import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { createDataset, type Dataset } from '../dataset.ts'
import { validateDataset } from '../validate.ts'
import { type ArraysOptions, arrays } from './arrays.ts'

const line: ArraysOptions = {
  name: 'line',
  inputs: { data: Float32Array.of(0, 1, 2, 3), shape: [2] },
  targets: { task: 'regression', values: Float32Array.of(1, 3), shape: [] },
}
const classes: ArraysOptions = {
  name: 'pets',
  inputs: { data: Uint8Array.of(9, 8, 7), shape: [1] },
  targets: { task: 'classification', labels: [0, 1, 1], classes: ['cat', 'dog'] },
}

test('loads what it was given', async () => {
  const { train, test: tested } = await arrays({ ...classes, test: { ...classes, inputs: classes.inputs } }).load()
  expect(train).toMatchObject({ name: 'pets', length: 3, targets: { labels: Int32Array.of(0, 1, 1) } })
  expect(tested.fingerprint).toBe(train.fingerprint)
})

test('without a test split, there is one of length 0', async () => {
  const { train, test: tested } = await arrays(line).load()
  expect([train.length, tested.length]).toEqual([2, 0])
  expect(tested.inputs).toEqual({ data: new Float32Array(0), shape: [2] })
})

test('the fingerprint is of content: everything but the name counts', () => {
  const base = createDataset({
    name: 'a',
    inputs: line.inputs,
    targets: { ...line.targets, task: 'regression', values: Float32Array.of(1, 3), shape: [] },
  })
  const variants: Dataset[] = [
    createDataset({ ...base, inputs: { data: Float32Array.of(0, 1, 2, 4), shape: [2] } }),
    createDataset({ ...base, inputs: { data: Float32Array.of(0, 1, 2, 3), shape: [2, 1] } }),
    createDataset({ ...base, inputs: { data: Uint8Array.of(0, 1, 2, 3), shape: [2] } }),
    createDataset({ ...base, targets: { task: 'regression', values: Float32Array.of(1, 4), shape: [] } }),
    createDataset({ ...base, targets: { task: 'regression', values: Float32Array.of(1, 3), shape: [1] } }),
    createDataset({ ...base, targets: { task: 'classification', labels: Int32Array.of(1, 3), classes: ['p', 'q'] } }),
    createDataset({ ...base, targets: { task: 'classification', labels: Int32Array.of(1, 3), classes: ['p', 'r'] } }),
  ]
  const all = [base, ...variants].map(({ fingerprint }) => fingerprint)
  expect(new Set(all).size).toBe(all.length)
  expect(createDataset({ ...base, name: 'b' }).fingerprint).toBe(base.fingerprint)
  expect(base.fingerprint).toMatch(/^[0-9a-f]{64}$/)
})

describe('refuses what cannot be trained on', () => {
  const withInputs = (data: Float32Array, shape = [2]): ArraysOptions => ({ ...line, inputs: { data, shape } })
  const withLabels = (labels: number[] | Int32Array): ArraysOptions => ({
    ...classes,
    targets: { task: 'classification', labels, classes: ['cat', 'dog'] },
  })
  test.each([
    ['NaN', withInputs(Float32Array.of(0, 1, 2, Number.NaN)), 'line (train): value 1 of the input of sample 1 is NaN'],
    ['infinity', withInputs(Float32Array.of(0, -Infinity, 2, 3)), 'value 1 of the input of sample 0 is -Infinity'],
    ['part of a sample', withInputs(Float32Array.of(0, 1, 2)), '3 values'],
    ['too few samples', withInputs(Float32Array.of(0, 1)), '1 samples of [2] and there are 2 targets'],
    ['an impossible shape', withInputs(Float32Array.of(0, 1), [0]), "one sample's shape is [0]"],
    ['a label too high', withLabels([0, 2, 1]), 'pets (train): the label of sample 1 is 2 and there are 2 classes'],
    ['a label below 0', withLabels(Int32Array.of(-1, 0, 0)), 'the label of sample 0 is -1'],
    ['half a label', withLabels([0, 1, 0.5]), 'the label of sample 2 is 0.5'],
    [
      'a target that is NaN',
      { ...line, targets: { task: 'regression', values: Float32Array.of(1, Number.NaN), shape: [] } },
      'value 0 of the target of sample 1 is NaN',
    ],
    [
      'no sample',
      {
        ...line,
        inputs: { data: new Float32Array(0), shape: [2] },
        targets: { task: 'regression', values: new Float32Array(0), shape: [] },
      },
      'line (train) holds no sample',
    ],
    [
      'a bad test split',
      {
        ...classes,
        test: {
          inputs: classes.inputs,
          targets: { task: 'classification', labels: [0, 1, 9], classes: ['cat', 'dog'] },
        },
      },
      'pets (test): the label of sample 2 is 9',
    ],
    [
      'a test split of another kind',
      { ...classes, test: { inputs: { data: Float32Array.of(1, 2, 3), shape: [1] }, targets: classes.targets } },
      'the test split is float32 [1] with classes cat, dog and the training split uint8',
    ],
  ] satisfies [string, ArraysOptions, string][])('%s', (_, options, message) => {
    expect(() => arrays(options)).toThrow(UsageError)
    expect(() => arrays(options)).toThrow(message)
  })
})

test('validation counts again', async () => {
  const { train } = await arrays(line).load()
  expect(() => validateDataset({ ...train, length: 3 }, 'train')).toThrow('train: length is 3 and the arrays hold 2')
})
