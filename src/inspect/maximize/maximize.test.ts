import { expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import {
  conv1d,
  conv2d,
  flatten,
  globalAvgPool2d,
  initialize,
  linear,
  loadStateDict,
  sequential,
} from '../../nn/index.ts'
import { key } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { cast, mul, type Tensor } from '../../tensor/index.ts'
import { maximize } from './maximize.ts'
import { hartley } from './parametrization.ts'

const summary = (size: number, low: number, high: number) => ({
  mean: new Float32Array(size).fill((low + high) / 2),
  std: new Float32Array(size).fill(1),
  min: new Float32Array(size).fill(low),
  max: new Float32Array(size).fill(high),
})

it('finds the input that a linear unit answers to most: each number at the end of its range that its weight asks for', async () => {
  const model = sequential(linear(2))
  const variables = loadStateDict(initialize(model, key(0), [3]), {
    '0.weight': { shape: [2, 3], data: Float32Array.of(1, -2, 3, -1, 1, 1) },
    '0.bias': { shape: [2], data: Float32Array.of(0.5, 0) },
  })
  const ranges = {
    mean: Float32Array.of(0, 5, 0.5),
    std: new Float32Array(3),
    min: Float32Array.of(-1, 0, 0),
    max: Float32Array.of(1, 10, 1),
  }
  const [first, second] = await maximize(
    { model },
    variables,
    [3],
    [
      { kind: 'output', index: 0 },
      { kind: 'unit', layer: '0', index: 1 },
    ],
    { key: key(0), summary: ranges, dtype: 'float32', steps: 400, lr: 0.1, l2: 0 },
  )
  for (const [found, wanted] of [
    [first, [1, 0, 1]],
    [second, [-1, 10, 1]],
  ] as const)
    for (const [i, value] of (found?.input ?? []).entries()) {
      const width = (ranges.max[i] ?? 0) - (ranges.min[i] ?? 0)
      expect(Math.abs(value - (wanted[i] ?? 0)) / width).toBeLessThan(0.02)
    }
  expect(first?.activation).toBeCloseTo(1 + 3 + 0.5, 0)
  // The best is 1 + 3 + 0.5; noise has 0 − 10 + 1.5 + 0.5 in the mean.
  expect(first?.noise.mean).toBeGreaterThan(-10)
  expect(first?.noise.mean).toBeLessThan(-6)
})

const picture = sequential({
  conv: conv2d(2, 3, { padding: 'same' }),
  pool: globalAvgPool2d(),
  flatten: flatten(),
  fc: linear(3),
})
const weights = initialize(picture, key(1), [1, 12, 12])
const bytes = { model: picture, prepare: (x: Tensor) => mul(cast(x, 'float32'), 1 / 255) }
const objectives = [
  { kind: 'channel', layer: 'conv', index: 1 },
  { kind: 'output', index: 2 },
] as const

it.each(['fourier', 'pixels'] as const)(
  'excites channels and classes more than noise does, in bytes, the same for one key: %s',
  async (parametrization) => {
    const run = (seed: number) =>
      maximize(bytes, weights, [1, 12, 12], objectives, {
        ...{ key: key(seed), summary: summary(144, 0, 255), dtype: 'uint8', steps: 60, parametrization },
        ...{ totalVariation: 0, l2: 0, scales: [0.1, 0.1] },
      })
    const found = await run(0)
    for (const { activation, noise, input } of found) {
      expect(activation).toBeGreaterThan(noise.mean)
      expect(input.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true)
    }
    expect(await run(0)).toEqual(found)
    expect((await run(1))[0]?.input).not.toEqual(found[0]?.input)
  },
)

it('total variation makes inputs smoother, and L2 keeps them near the mean', async () => {
  const at = async (totalVariation: number, l2: number) => {
    const [found] = await maximize(bytes, weights, [1, 12, 12], [{ kind: 'unit', layer: 'conv', index: 70 }], {
      ...{ key: key(0), summary: summary(144, 0, 255), dtype: 'uint8', steps: 80, lr: 0.1, jitter: 0 },
      ...{ totalVariation, l2, parametrization: 'pixels', scales: [0.5] },
    })
    const input = found?.input ?? new Float32Array()
    const variation = input.reduce((sum, value, i) => sum + (i % 12 > 0 ? Math.abs(value - (input[i - 1] ?? 0)) : 0), 0)
    return { variation, distance: input.reduce((sum, value) => sum + (value - 127.5) ** 2, 0) }
  }
  const free = await at(0, 0)
  expect((await at(200, 0)).variation).toBeLessThan(0.8 * free.variation)
  expect((await at(0, 400)).distance).toBeLessThan(0.8 * free.distance)
})

it('takes signals, and refuses what is not there', async () => {
  const model = sequential(conv1d(2, 5), flatten(), linear(2))
  const variables = initialize(model, key(0), [1, 32])
  const options = { key: key(0), summary: summary(32, -1, 1), dtype: 'float32', steps: 20 } as const
  const [found] = await maximize({ model }, variables, [1, 32], [{ kind: 'channel', layer: '0', index: 1 }], options)
  expect(found?.activation).toBeGreaterThan(found?.noise.mean ?? 0)
  expect(Math.max(...(found?.input ?? []).map(Math.abs))).toBeLessThanOrEqual(1)
  const ask = (objective: Parameters<typeof maximize>[3][number]) =>
    maximize({ model }, variables, [1, 32], [objective], options)
  await expect(ask({ kind: 'output', index: 2 })).rejects.toThrow('there is no output 2: give numbers from 0 to 1')
  await expect(ask({ kind: 'channel', layer: '9', index: 0 })).rejects.toThrow(UsageError)
  await expect(maximize({ model }, variables, [1, 32], [], options)).rejects.toThrow(UsageError)
})

it.each([1, 2, 7, 12])('Hartley’s matrix of %i is symmetric and its own inverse', (n) => {
  const h = hartley(n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += (h[i * n + k] ?? 0) * (h[k * n + j] ?? 0)
      expect(sum).toBeCloseTo(i === j ? 1 : 0, 5)
      expect(h[i * n + j]).toBe(h[j * n + i])
    }
})
