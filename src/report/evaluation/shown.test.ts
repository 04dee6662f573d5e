import { describe, expect, it } from 'vitest'
import { createDataset } from '../../data/index.ts'
import { showSamples } from './shown.ts'

const judged = { index: 1, label: 'no', predicted: 'yes', confidence: 0.9, margin: 0.8, entropy: 0.3 }
const targets = { task: 'classification', labels: Int32Array.of(0, 1), classes: ['no', 'yes'] } as const

describe('showSamples', () => {
  it('shows an image where samples are images', async () => {
    const data = Uint8Array.of(0, 0, 0, 0, 9, 8, 7, 6)
    const images = createDataset({ name: 'images', inputs: { data, shape: [1, 2, 2] }, targets })
    const [shown] = await showSamples([judged], images)
    expect(shown?.image).toEqual({ data: Uint8Array.of(9, 8, 7, 6), shape: [1, 2, 2] })
    expect(shown?.png?.subarray(1, 4)).toEqual(new TextEncoder().encode('PNG'))
    expect(shown?.columns).toBeUndefined()
  })

  it('shows a row as it was before it became numbers, and the columns beside it', async () => {
    const other = { other: false }
    const table = createDataset({
      name: 'table',
      // Of each sample: age, sex (two numbers), class, days since 2000-01-01.
      inputs: { data: Float32Array.of(1, 1, 0, 0, 0, Number.NaN, 0, 1, 2, 31), shape: [5] },
      targets,
      encoding: {
        features: [
          { as: 'number', column: 'age' },
          { as: 'oneHot', column: 'sex', categories: ['female', 'male'], ...other },
          { as: 'ordinal', column: 'class', categories: ['3rd', '2nd', '1st'], ...other },
          { as: 'days', column: 'boarded', since: 10_957 },
        ],
        target: { task: 'classification', column: 'survived', classes: ['no', 'yes'] },
      },
      columns: [
        { name: 'ticket', type: 'text', codes: Int32Array.of(1, 0), categories: ['A1', 'B2'] },
        { name: 'deck', type: 'number', values: Float64Array.of(1, 2) },
      ],
    })
    const [shown] = await showSamples([judged], table)
    expect(shown?.columns).toEqual([
      ['age', 'missing'],
      ['sex', 'male'],
      ['class', '1st'],
      ['boarded', '2000-02-01'],
      ['ticket', 'A1'],
      ['deck', '2'],
    ])
    expect(shown?.png).toBeUndefined()
  })

  it('leaves samples of another shape as they are judged', async () => {
    const inputs = { data: new Float32Array(6), shape: [3] }
    expect(await showSamples([judged], createDataset({ name: 'rows', inputs, targets }))).toEqual([judged])
  })
})
