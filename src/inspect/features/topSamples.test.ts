import { expect, it } from 'vitest'
import { createDataset } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import { conv2d, flatten, initialize, linear, loadStateDict, relu, sequential } from '../../nn/index.ts'
import { key } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { cast, type Tensor } from '../../tensor/index.ts'
import { penultimate } from '../penultimate.ts'
import { strongest } from './strongest.ts'
import { topSamples } from './topSamples.ts'

/** Two filters of 2 × 2: one answers to the pixel at its upper left, one to minus the one at its lower right. */
const model = sequential(conv2d(2, 2, { bias: false }), relu(), flatten(), linear(3))
const variables = loadStateDict(initialize(model, key(0), [1, 3, 4]), {
  '0.weight': { shape: [2, 1, 2, 2], data: Float32Array.of(1, 0, 0, 0, 0, 0, 0, -1) },
  '3.weight': { shape: [3, 12], data: new Float32Array(36).fill(1) },
  '3.bias': { shape: [3], data: Float32Array.of(0, 1, 2) },
})
const of = { model, prepare: (x: Tensor) => cast(x, 'float32') }
/** Sample i has i at place i % 6 of the first two rows’ left three columns, and nothing else. */
const data = new Uint8Array(10 * 12)
for (let i = 0; i < 10; i++) data[i * 12 + 4 * Math.floor((i % 6) / 3) + (i % 3)] = i
const dataset = createDataset({
  name: 'dots',
  inputs: { data, shape: [1, 3, 4] },
  targets: { task: 'regression', values: new Float32Array(10), shape: [] },
})
const indices = Uint32Array.from([9, 0, 1, 2, 3, 4, 5, 6, 7, 8])

it.each([3, 10, 128])('finds the samples that excite each channel most, in batches of %i', async (batch) => {
  const seen: number[] = []
  const { channels, layer } = await topSamples(of, variables, { dataset, indices }, '0', {
    k: 3,
    batch,
    onProgress: (done) => seen.push(done),
  })
  expect(layer.output).toEqual([2, 2, 3])
  expect(seen).toHaveLength(Math.ceil(10 / batch))
  // Position 0 is sample 9, whose dot is at row 1, column 0.
  expect(channels[0]?.map(({ position, value, place }) => [position, value, place])).toEqual([
    [0, 9, 3],
    [9, 8, 2],
    [8, 7, 1],
  ])
  expect(channels[0]?.[0]?.box).toEqual({ top: 1, left: 0, height: 2, width: 2 })
  expect(channels[0]?.[1]?.box).toEqual({ top: 0, left: 2, height: 2, width: 2 })
  // All answer 0 somewhere: the first stay.
  expect(channels[1]?.map(({ position }) => position)).toEqual([0, 1, 2])
  expect(channels[1]?.[0]?.value).toBeCloseTo(0)
})

it('takes dense units as channels that see everything', async () => {
  const { channels } = await topSamples(of, variables, { dataset, indices }, '3', { k: 2 })
  expect(channels).toHaveLength(3)
  expect(channels[2]?.map(({ position, value, box }) => [position, value, box])).toEqual([
    [0, 11, undefined],
    [9, 10, undefined],
  ])
})

it('refuses what is no layer', async () => {
  await expect(topSamples(of, variables, { dataset, indices }, 'x')).rejects.toThrow(UsageError)
})

it('keeps at most k of anything that can be read from a pass', async () => {
  const found = await strongest(of, variables, { dataset, indices }, ({ output }) => ({ scores: output }), {
    k: 20,
  })
  expect(found.map((best) => best.length)).toEqual([10, 10, 10])
  expect(found[0]?.map(({ position }) => position)).toEqual([0, 9, 8, 7, 6, 5, 4, 3, 2, 1])
})

it('penultimate is what the last layer with weights takes', () => {
  expect(penultimate({ model }, variables, [1, 3, 4])).toBe('2')
  const one = sequential(linear(2))
  expect(penultimate({ model: one }, initialize(one, key(0), [4]), [4])).toBeUndefined()
})
