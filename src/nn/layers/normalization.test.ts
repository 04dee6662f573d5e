import { describe, expect, it } from 'vitest'
import { key } from '../../random/index.ts'
import { applied } from '../../testing/apply.ts'
import { fill } from '../../testing/golden/formula.ts'
import { batchNorm2d, initialize, sequential, stateDict, type Variables } from '../index.ts'

const shape = [4, 2, 3, 3]
const image = (phase: number, offset: number) => ({ shape, data: fill(72, phase, 2, offset) })

/** Mean and variance of each channel, divided by n - `lost`. */
function moments({ data }: { data: ArrayLike<number> }, lost: number): { mean: number[]; variance: number[] } {
  const channels = [0, 1].map((channel) => Array.from(data).filter((_, i) => Math.floor(i / 9) % 2 === channel))
  const mean = channels.map((values) => values.reduce((a, b) => a + b, 0) / values.length)
  const variance = channels.map(
    (values, c) => values.reduce((sum, value) => sum + (value - (mean[c] ?? 0)) ** 2, 0) / (values.length - lost),
  )
  return { mean, variance }
}

const close = (found: ArrayLike<number> | undefined, expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(found?.[i]).toBeCloseTo(value, 5)
}

describe('batchNorm2d', () => {
  const model = sequential(batchNorm2d())
  const variables = initialize(model, key(0), shape.slice(1))

  it('starts with PyTorch’s names and values', () => {
    const dict = Object.entries(stateDict(variables)).map(([name, { data }]) => [name, ...data])
    expect(dict).toEqual([
      ['0.weight', 1, 1],
      ['0.bias', 0, 0],
      ['0.running_mean', 0, 0],
      ['0.running_var', 1, 1],
    ])
  })

  it('normalises by the batch in training and moves the running statistics a tenth of the way, variance unbiased', () => {
    const x = image(0.4, 3)
    const { output, statistics } = applied(model, variables, x, { key: key(0) })
    const normal = moments(output, 0)
    close(normal.mean, [0, 0])
    // The variance is 1 but for epsilon.
    for (const [c, value] of normal.variance.entries())
      expect(value).toBeCloseTo(1 - 1e-5 / ((moments(x, 0).variance[c] ?? 0) + 1e-5), 6)
    const { mean, variance } = moments(x, 1)
    close(
      statistics.get('0.running_mean')?.data,
      mean.map((value) => 0.1 * value),
    )
    close(
      statistics.get('0.running_var')?.data,
      variance.map((value) => 0.9 + 0.1 * value),
    )
    expect([...statistics.keys()]).toEqual(['0.running_mean', '0.running_var'])
  })

  it('nears the statistics of the data over many batches, and evaluates by them, whatever the batch', () => {
    let now: Variables = variables
    for (let step = 0; step < 200; step++) {
      const { statistics } = applied(model, now, image(0.4, 3), { key: key(step) })
      const data = (name: string) => Float32Array.from(statistics.get(`0.${name}`)?.data ?? [])
      const weights = (name: string) => ({ shape: [2], data: data(name) })
      now = { ...now, buffers: { 0: { running_mean: weights('running_mean'), running_var: weights('running_var') } } }
    }
    const { mean, variance } = moments(image(0.4, 3), 1)
    const { output, statistics } = applied(model, now, { shape: [1, 2, 1, 1], data: [5, 5] })
    close(
      output.data,
      mean.map((value, c) => (5 - value) / Math.sqrt((variance[c] ?? 0) + 1e-5)),
    )
    expect(statistics.size).toBe(0)
  })

  it('takes a momentum: 1 keeps the last batch alone', () => {
    const own = batchNorm2d({ momentum: 1 })
    const { statistics } = applied(own, initialize(own, key(0), shape.slice(1)), image(1.7, -2), { key: key(0) })
    close(statistics.get('running_mean')?.data, moments(image(1.7, -2), 1).mean)
    close(statistics.get('running_var')?.data, moments(image(1.7, -2), 1).variance)
  })

  it('cannot train on one value a channel, nor take what is no image', () => {
    const one = initialize(model, key(0), [2, 1, 1])
    expect(() => applied(model, one, { shape: [1, 2, 1, 1], data: [1, 2] }, { key: key(0) })).toThrow(
      /layer "0", BatchNorm2d, cannot take \[1, 2, 1, 1\]: .*more than one value a channel.*use a larger batch/,
    )
    expect(() => initialize(model, key(0), [5])).toThrow(
      /batchNorm2d needs \[batch, channels, height, width\] and \[1, 5\] came in/,
    )
    expect(() => batchNorm2d({ momentum: 2 })).toThrow(/^batchNorm2d: momentum is 2: .*<=1/)
  })
})
