import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { placeholder } from '../../tensor/index.ts'
import { computed, learnt, prepared, samplesOf, upTo } from '../../testing/transforms.ts'
import { standardize } from './standardize.ts'

const rows = z.array(z.array(z.number()))
const parts = { x: rows, mean: z.array(z.number()), std: z.array(z.number()), train: rows, test: rows }
const golden = z
  .strictObject({ features: z.strictObject({ ...parts, testInputs: rows }), images: z.strictObject(parts) })
  .parse(JSON.parse(readFileSync(new URL('fixtures/standardize.json', import.meta.url), 'utf8')))

const indices = (...of: number[]) => Uint32Array.from(of)

function expectNear(found: ArrayLike<number>, expected: readonly number[], digits: number) {
  expect(found).toHaveLength(expected.length)
  // The program's constants are float32, so the scale of what comes in counts too.
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, digits)
}

describe('standardize learns and makes what scikit-learn’s StandardScaler does', () => {
  const state = z.object({ mean: z.array(z.number()), std: z.array(z.number()) })

  it('of features: far from zero, tiny, constant', async () => {
    const { x, mean, std, train, test, testInputs } = golden.features
    const fitted = await learnt(standardize(), samplesOf(Float32Array.from(x.flat()), [5]), upTo(15))
    const { mean: ownMean, std: ownStd } = state.parse(fitted.state)
    expectNear(ownMean, mean, 10)
    // A constant feature has deviation 0, however rounding would have it, and is divided by 1.
    expect(ownStd.slice(3)).toEqual([0, 0])
    expectNear(
      ownStd.map((value) => value || 1),
      std,
      10,
    )
    expectNear(prepared(fitted, samplesOf(Float32Array.from(x.slice(0, 15).flat()), [5])), train.flat(), 4)
    expectNear(prepared(fitted, samplesOf(Float32Array.from(testInputs.flat()), [5])), test.flat(), 4)
  })

  it('of images, one pair a channel, from bytes', async () => {
    const { x, mean, std, test } = golden.images
    const data = Uint8Array.from(x.flat())
    const fitted = await learnt(standardize(), samplesOf(data, [2, 3, 3]), upTo(6, 2))
    const { mean: ownMean, std: ownStd } = state.parse(fitted.state)
    expectNear(ownMean, mean, 10)
    expectNear(ownStd, std, 10)
    const second = prepared(fitted, samplesOf(data.subarray(18, 36), [2, 3, 3]))
    expectNear(
      second,
      [0, 1].flatMap((channel) => test.map((pixel) => pixel[channel] ?? Number.NaN)),
      5,
    )
  })
})

describe('standardize', () => {
  const data = samplesOf(Float32Array.of(1, 2, 3, 100), [1])

  it('sees the samples that it is given and no others', async () => {
    expect((await learnt(standardize(), data, indices(0, 2))).state).toMatchObject({ mean: [2], std: [1] })
    expect((await learnt(standardize(), data, indices(0, 2, 3))).state).not.toMatchObject({ mean: [2], std: [1] })
  })

  it('shifts what was constant in training without blowing up another value', async () => {
    const constant = samplesOf(new Float32Array(1000).fill(0.1), [1])
    const fitted = await learnt(standardize(), constant, upTo(1000))
    expect(fitted.state).toMatchObject({ std: [0] })
    expectNear(prepared(fitted, samplesOf(Float32Array.of(0.1, 1.1), [1])), [0, 1], 6)
  })

  it('takes samples that are single numbers', async () => {
    const numbers = samplesOf(Float32Array.of(1, 3), [])
    const fitted = await learnt(standardize(), numbers, upTo(2))
    expect([...prepared(fitted, numbers)]).toEqual([-1, 1])
    expect(fitted.apply(placeholder('x', { dtype: 'float32', shape: [2] })).shape).toEqual([2])
  })

  it('leads back', async () => {
    const fitted = await learnt(standardize(), data)
    const back = computed((x) => fitted.inverse?.(fitted.apply(x)) ?? x, [7, -8], [1])
    expectNear(back, [7, -8], 5)
  })
})
