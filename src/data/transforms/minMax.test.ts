import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { computed, learnt, prepared, samplesOf, upTo } from '../../testing/transforms.ts'
import { minMax } from './minMax.ts'

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))
const rows = z.array(z.array(z.number()))
/** The features that StandardScaler's values are of. */
const { x, testInputs } = z
  .object({ features: z.object({ x: rows, testInputs: rows }) })
  .parse(read('standardize')).features
const golden = z.strictObject({ min: z.array(z.number()), max: z.array(z.number()), all: rows }).parse(read('minMax'))

describe('minMax', () => {
  it('learns and makes what scikit-learn’s MinMaxScaler does, outside the training split too', async () => {
    const data = samplesOf(Float32Array.from([...x, ...testInputs].flat()), [5])
    const fitted = await learnt(minMax({ low: -1, high: 2 }), data, upTo(15))
    expect(fitted.state).toMatchObject({ min: golden.min, max: golden.max })
    const made = prepared(fitted, data)
    for (const [i, value] of golden.all.flat().entries()) expect(made[i]).toBeCloseTo(value, 3)
    expect(Math.max(...made)).toBeGreaterThan(2)
  })

  it('takes bytes of images by channel, a constant one to low, and leads back', async () => {
    const data = samplesOf(Uint8Array.of(0, 10, 7, 7, 20, 5, 7, 7), [2, 1, 2])
    const fitted = await learnt(minMax(), data)
    expect([...prepared(fitted, data)]).toEqual([0, 0.5, 0, 0, 1, 0.25, 0, 0].map((value) => expect.closeTo(value, 6)))
    const back = computed((made) => fitted.inverse?.(fitted.apply(made)) ?? made, data.inputs.data, [2, 1, 2])
    expect([...back]).toEqual([...data.inputs.data].map((value) => expect.closeTo(value, 5)))
  })

  it('refuses a range that is none', () => {
    expect(() => minMax({ low: 1, high: 1 })).toThrow('minMax: low is 1 and high is 1: give finite numbers')
  })
})
