import { describe, expect, it } from 'vitest'
import type { Dataset } from '../dataset.ts'
import { arrays } from './arrays.ts'
import { reconstruct } from './reconstruct.ts'

const targets = { task: 'classification', labels: [0, 1], classes: ['cat', 'dog'] } as const
const bytes = arrays({
  name: 'pets',
  inputs: { data: Uint8Array.of(0, 255, 51, 102), shape: [1, 1, 2] },
  targets,
  columns: { owner: ['ann', 'bob'] },
  test: {
    inputs: { data: Uint8Array.of(255, 0), shape: [1, 1, 2] },
    targets: { ...targets, labels: [1] },
    columns: { owner: ['cleo'] },
  },
})

const valuesOf = ({ targets: found }: Dataset) => (found.task === 'regression' ? found.values : undefined)
const namesOf = ({ columns = [] }: Dataset) =>
  columns.map((one) => [
    one.name,
    ...(one.type === 'text' ? Array.from(one.codes, (code) => one.categories[code]) : []),
  ])

describe('reconstruct', () => {
  it('makes each sample its own target between 0 and 1, in both splits', async () => {
    const { train, test } = await reconstruct(bytes).load()
    expect(train.targets).toMatchObject({ task: 'regression', shape: [1, 1, 2] })
    expect(valuesOf(train)).toEqual(Float32Array.of(0, 1, 51 / 255, 102 / 255))
    expect(valuesOf(test)).toEqual(Float32Array.of(1, 0))
    expect('data' in train.inputs && train.inputs.data).toEqual(Uint8Array.of(0, 255, 51, 102))
  })

  it('keeps the classes and the columns beside the samples', async () => {
    const { train, test } = await reconstruct(bytes).load()
    expect(namesOf(train)).toEqual([
      ['owner', 'ann', 'bob'],
      ['class', 'cat', 'dog'],
    ])
    expect(namesOf(test)).toEqual([
      ['owner', 'cleo'],
      ['class', 'dog'],
    ])
  })

  it('takes floats from 0 to 1 as they are, and refuses others by value', async () => {
    const floats = (...data: number[]) =>
      arrays({
        name: 'floats',
        inputs: { data: Float32Array.from(data), shape: [2] },
        targets: { task: 'regression', values: Float32Array.of(7), shape: [1] },
      })
    const { train, test } = await reconstruct(floats(0.25, 1)).load()
    expect(valuesOf(train)).toEqual(Float32Array.of(0.25, 1))
    expect(test).toHaveLength(0)
    await expect(reconstruct(floats(0.25, 1.5)).load()).rejects.toThrow(
      'reconstruct: floats (train) holds 1.5, and targets lie between 0 and 1: give bytes, or floats in that range',
    )
  })

  it('says what it is made of', () => {
    expect(reconstruct(bytes)).toMatchObject({
      kind: 'reconstruct',
      config: { source: { kind: 'arrays', name: 'pets' } },
    })
  })
})
