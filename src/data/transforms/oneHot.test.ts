import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { learnt, prepared, samplesOf, upTo } from '../../testing/transforms.ts'
import { oneHot } from './oneHot.ts'

const rows = z.array(z.array(z.number()))
const golden = z
  .strictObject({ x: rows, categories: rows, first: rows, last: rows })
  .parse(JSON.parse(readFileSync(new URL('fixtures/oneHot.json', import.meta.url), 'utf8')))

describe('oneHot', () => {
  const data = samplesOf(Float32Array.from(golden.x.flat()), [3])

  it('makes what scikit-learn’s OneHotEncoder does, zeros for new codes, and leaves other columns', async () => {
    const fitted = await learnt(oneHot({ columns: [0, 2] }), data, upTo(4))
    const [first, last] = golden.categories
    expect(fitted.state).toEqual({ categories: [first, null, last] })
    const expected = golden.x.flatMap((row, i) => [...(golden.first[i] ?? []), row[1], ...(golden.last[i] ?? [])])
    expect([...prepared(fitted, data)]).toEqual(expected)
  })

  it('takes all columns, and bytes', async () => {
    const bytes = samplesOf(Uint8Array.of(3, 0, 1, 0), [2])
    expect([...prepared(await learnt(oneHot(), bytes), bytes)]).toEqual([0, 1, 1, 1, 0, 1])
  })

  it('refuses columns that hold no codes', async () => {
    await expect(learnt(oneHot(), data)).rejects.toThrow('oneHot: column 1 holds 0.5, which is no whole number')
    await expect(learnt(oneHot({ columns: [3] }), data)).rejects.toThrow(
      'there is no column 3: give numbers from 0 to 2',
    )
    const numbers = samplesOf(Float32Array.from(upTo(1001)), [1])
    await expect(learnt(oneHot(), numbers)).rejects.toThrow('column 0 has more than 1000 different values')
    await expect(learnt(oneHot(), samplesOf(new Uint8Array(4), [1, 2, 2]))).rejects.toThrow('a sample is [1, 2, 2]')
  })
})
