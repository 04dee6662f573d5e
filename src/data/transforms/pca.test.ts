import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import '../../index.ts'
import { key, normal } from '../../random/index.ts'
import { computed, learnt, prepared, samplesOf, upTo } from '../../testing/transforms.ts'
import { type PcaState, pca, pcaState } from './pca.ts'
import type { FittedTransform } from './transform.ts'

const numbers = z.array(z.number())
const rows = z.array(numbers)
const learntCase = { x: rows, test: rows, variance: numbers, ratio: numbers, components: rows, mean: numbers }
const caseSchema = z.strictObject({ ...learntCase, made: rows, inverse: rows })
const golden = z
  .strictObject({ wide: caseSchema, tall: caseSchema, white: caseSchema })
  .parse(JSON.parse(readFileSync(new URL('fixtures/pca.json', import.meta.url), 'utf8')))

const stateOf = (fitted: FittedTransform): PcaState => {
  const state = pcaState(fitted)
  if (state === undefined) throw new Error('no state of pca')
  return state
}
const near = (values: Iterable<number>, digits: number) => Array.from(values, (value) => expect.closeTo(value, digits))

describe('pca learns and makes what scikit-learn’s does, up to the components’ signs', () => {
  it.each([
    ['of more features than samples', golden.wide, pca({ components: 4 })],
    ['of more samples than features, by share of the variance', golden.tall, pca({ variance: 0.9 })],
    ['whitened', golden.white, pca({ components: 3, whiten: true })],
  ])('%s', async (_, { x, test, variance, ratio, components, mean, made, inverse }, transform) => {
    const width = mean.length
    const fitted = await learnt(transform, samplesOf(Float32Array.from(x.flat()), [width]))
    const state = stateOf(fitted)
    expect(state.variances).toEqual(near(variance, 5))
    expect(state.ratios).toEqual(near(ratio, 6))
    expect([...state.mean.data]).toEqual(near(mean, 5))
    expect(state.components.shape).toEqual([components.length, width])
    const signs = components.map((row, k) => {
      const own = state.components.data.subarray(k * width, (k + 1) * width)
      const sign = Math.sign(row.reduce((sum, value, i) => sum + value * (own[i] ?? 0), 0))
      expect([...own]).toEqual(
        near(
          row.map((value) => sign * value),
          5,
        ),
      )
      // The convention: the number that is largest in size is positive.
      expect(Math.max(...own)).toBeCloseTo(Math.max(...row.map(Math.abs)), 5)
      return sign
    })
    const data = samplesOf(Float32Array.from(test.flat()), [width])
    expect([...prepared(fitted, data)]).toEqual(
      near(
        made.flatMap((row) => row.map((v, k) => v * (signs[k] ?? 0))),
        4,
      ),
    )
    const back = computed((z) => fitted.inverse?.(fitted.apply(z)) ?? z, test.flat(), [width])
    expect([...back]).toEqual(near(inverse.flat(), 4))
  })
})

/** Samples along a few directions, less and less of each, of any shape. */
function spread(n: number, d: number, directions: number, noise: number) {
  const axes = normal(key(1), directions * d)
  const along = normal(key(2), n * directions)
  const rest = normal(key(3), n * d, { std: noise })
  const data = rest.map((value, i) => {
    const [sample, j] = [Math.floor(i / d), i % d]
    let sum = value
    for (let k = 0; k < directions; k++)
      sum += ((along[sample * directions + k] ?? 0) * (axes[k * d + j] ?? 0) * 4) / (1 + k)
    return sum
  })
  return samplesOf(data, [d])
}

describe('pca', () => {
  it('learns from the samples that it is given alone', async () => {
    const data = samplesOf(Float32Array.of(1, 0, -1, 0, 0, 0.5, 0, 99), [2])
    const { components, samples } = stateOf(await learnt(pca({ components: 1 }), data, upTo(3)))
    expect(samples).toBe(3)
    expect([...components.data]).toEqual([1, 0].map((value) => expect.closeTo(value, 6)))
  })

  it('takes images, and gives vectors that lead back to images', async () => {
    const data = samplesOf(Uint8Array.of(0, 9, 1, 2, 8, 7, 3, 3, 5, 1, 0, 2), [1, 2, 2])
    const fitted = await learnt(pca({ components: 2 }), data)
    expect(prepared(fitted, data)).toHaveLength(3 * 2)
    // Three samples lie in a plane: nothing is lost.
    const back = computed((x) => fitted.inverse?.(fitted.apply(x)) ?? x, data.inputs.data, [1, 2, 2])
    expect([...back]).toEqual(near(data.inputs.data, 4))
  })

  it('finds the components of data too large to decompose whole', async () => {
    // 1,010 features and 1,010 samples are beyond what is decomposed whole.
    const data = spread(1010, 1010, 12, 0.05)
    const fitted = await learnt(pca({ components: 8 }), data)
    const most = stateOf(fitted)
    const again = stateOf(await learnt(pca({ components: 8 }), data))
    expect(again.components.data).toEqual(most.components.data)
    // Of the true components, the mean square along one is its variance, and nothing is shared by two.
    const along = prepared(fitted, data)
    for (let a = 0; a < 8; a++)
      for (let b = 0; b <= a; b++) {
        let sum = 0
        for (let i = 0; i < 1010; i++) sum += (along[i * 8 + a] ?? 0) * (along[i * 8 + b] ?? 0)
        const scale = Math.sqrt((most.variances[a] ?? 0) * (most.variances[b] ?? 0))
        expect(sum / 1009 / scale).toBeCloseTo(a === b ? 1 : 0, 4)
      }
    const shares = stateOf(await learnt(pca({ variance: 0.9 }), data))
    const sum = shares.ratios.reduce((total, ratio) => total + ratio, 0)
    expect(sum).toBeGreaterThan(0.9)
    expect(sum - (shares.ratios.at(-1) ?? 0)).toBeLessThanOrEqual(0.9)
  })

  it('refuses what it cannot give', async () => {
    const data = spread(5, 8, 2, 0)
    await expect(learnt(pca({ components: 5 }), data)).rejects.toThrow(
      'pca: components is 5, and 5 training samples of 8 numbers span at most 4 directions: give at most 4',
    )
    await expect(learnt(pca({ components: 3 }), data)).rejects.toThrow(
      'pca: the training samples of made vary along 2 directions, and 3 components were asked for: give at most 2',
    )
    await expect(learnt(pca({ components: 1 }), samplesOf(Float32Array.of(1, 2), [2]))).rejects.toThrow(
      'one training sample',
    )
    expect(() => pca({ variance: 90 })).toThrow('pca: variance is 90: give a share between 0 and 1')
    // @ts-expect-error one of the two must be given
    expect(() => pca({})).toThrow('pca: give components or variance, as in pca({ variance: 0.9 })')
  })
})
