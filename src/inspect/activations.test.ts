import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { UsageError } from '../errors.ts'
import { conv2d, dropout, flatten, initialize, linear, loadStateDict, relu, sequential } from '../nn/index.ts'
import { key } from '../random/index.ts'
import '../runtime/ort/node.ts'
import { add, cast, tensor } from '../tensor/index.ts'
import { expectDigest } from '../testing/digest.ts'
import { digestSchema } from '../testing/golden/formula.ts'
import { goldenNetwork } from '../testing/networks.ts'
import { activations, layersOf } from './index.ts'

const golden = z
  .record(z.string(), z.record(z.string(), digestSchema))
  .parse(JSON.parse(readFileSync(new URL('../testing/golden/activations.json', import.meta.url), 'utf8')))

describe('activations', () => {
  it.each(['convNet', 'residual'])('are those of PyTorch’s layers of the same names: %s', async (name) => {
    const { model, variables, x, golden: network } = goldenNetwork(name)
    const wanted = golden[name] ?? {}
    const shape = network.input.shape.slice(1)
    const found = await activations({ model }, variables, { data: x, shape }, Object.keys(wanted))
    expect(found.map(({ path }) => path)).toEqual(Object.keys(wanted))
    expect(found.length).toBeGreaterThan(8)
    for (const { path, output, data } of found) {
      const digest = wanted[path]
      if (digest === undefined) throw new Error(`PyTorch has no ${path}`)
      expectDigest(
        { shape: [x.length / shape.reduce((a, b) => a * b), ...output], data: Float64Array.from(data) },
        digest,
        1e-5,
        path,
      )
    }
  })

  /** One 2 × 2 filter that adds up a pixel and the one at its lower right, less 3. */
  const model = sequential(conv2d(1, 2), relu(), dropout(0.9), flatten(), linear(1))
  const variables = loadStateDict(initialize(model, key(0), [1, 2, 3]), {
    '0.weight': { shape: [1, 1, 2, 2], data: Float32Array.of(1, 0, 0, 1) },
    '0.bias': { shape: [1], data: Float32Array.of(-3) },
    '4.weight': { shape: [1, 2], data: Float32Array.of(1, 10) },
    '4.bias': { shape: [1], data: Float32Array.of(0.5) },
  })
  // 1 2 3    0 0 0
  // 0 1 4    0 0 5
  const data = Float32Array.of(1, 2, 3, 0, 1, 4, 0, 0, 0, 0, 0, 5)

  it('are what can be worked out by hand, in the order asked for, dropout off', async () => {
    const found = await activations({ model }, variables, { data, shape: [1, 2, 3] }, ['', '1', '0', '2'])
    expect(found.map(({ path, output, data: values }) => [path, output, [...values]])).toEqual([
      ['', [1], [30.5, 20.5]],
      ['1', [1, 1, 2], [0, 3, 0, 2]],
      ['0', [1, 1, 2], [-1, 3, -3, 2]],
      ['2', [1, 1, 2], [0, 3, 0, 2]],
    ])
  })

  it('come after the preparation, from bytes too, whatever the batches are', async () => {
    const network = { model, prepare: (x: Parameters<typeof cast>[0]) => add(cast(x, 'float32'), tensor(1)) }
    const bytes = Uint8Array.from({ length: 30 }, (_, i) => i % 7)
    const at = (batch: number) => activations(network, variables, { data: bytes, shape: [1, 2, 3] }, ['0'], { batch })
    const [whole] = await at(64)
    expect([...(whole?.data.subarray(0, 2) ?? [])]).toEqual([1 + 5 - 3, 2 + 6 - 3])
    for (const batch of [1, 2, 5]) expect((await at(batch))[0]?.data).toEqual(whole?.data)
  })

  it('refuse what is no layer, and what are no samples', async () => {
    const ask = (path: string, values = data) =>
      activations({ model }, variables, { data: values, shape: [1, 2, 3] }, [path])
    await expect(ask('00')).rejects.toThrow(UsageError)
    await expect(ask('00')).rejects.toThrow('the model has no layer "00"; did you mean "0"? It has 0, 1, 2, 3, 4')
    await expect(ask('0', data.subarray(1))).rejects.toThrow(
      '11 numbers, which is no whole number of samples of [1, 2, 3]',
    )
  })
})

it('layersOf lists layers in the order of a sample, containers after what is in them', () => {
  const { model } = goldenNetwork('residual')
  const layers = layersOf(model, [2, 10, 10])
  expect(layers.slice(3, 10).map(({ path, output }) => [path, output.join()])).toEqual([
    ['layer1.0.conv1', '8,10,10'],
    ['layer1.0.bn1', '8,10,10'],
    ['layer1.0.relu', '8,10,10'],
    ['layer1.0.conv2', '8,10,10'],
    ['layer1.0.bn2', '8,10,10'],
    ['layer1.0', '8,10,10'],
    ['layer1.1', '8,10,10'],
  ])
  expect(layers.at(-1)).toMatchObject({ path: '', input: [2, 10, 10], output: [10] })
})
