import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { arrays } from '../../data/index.ts'
import { crossEntropy, loadStateDict, stateDict, type Variables } from '../../nn/index.ts'
import { sgd } from '../../optim/index.ts'
import { foldIn, key, permutation } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { expectDigest } from '../../testing/digest.ts'
import { count, digestSchema, fill, labels } from '../../testing/golden/formula.ts'
import { goldenNetwork } from '../../testing/networks.ts'
import { experiment, prepare } from '../../train/index.ts'
import { interpolate } from '../interpolate/index.ts'
import { filterNormalized } from '../landscape/index.ts'
import { pointScorer, type Statistics, sampledSplit } from './index.ts'

const golden = z
  .object({
    ...{ samples: z.int(), batch: z.int(), apart: z.number(), order: z.array(z.int()) },
    ...{ alphas: z.array(z.number()), given: z.array(z.number()), renewed: z.array(z.number()) },
    directions: z.object({ fixed: digestSchema, own: digestSchema }),
  })
  .parse(JSON.parse(readFileSync(new URL('../../testing/golden/weight-space.json', import.meta.url), 'utf8')))

const { model, variables, golden: network } = goldenNetwork('convNet')

/** The golden network with its formulas' phases moved. */
function moved(apart: number): Variables {
  const parameters = network.parameters.map(({ name, shape, phase, scale, offset }) => [
    name,
    { shape, data: fill(count(shape), phase + apart, scale, offset) },
  ])
  return loadStateDict(variables, {
    ...stateDict(variables),
    ...Object.fromEntries(parameters),
    '1.running_mean': { shape: [4], data: fill(4, 0.5 + apart, 0.2) },
    '1.running_var': { shape: [4], data: fill(4, 0.9 + apart, 0.3, 1) },
  })
}

const { samples, batch } = golden
const trial = experiment({
  name: 'golden',
  data: arrays({
    name: 'golden',
    inputs: { data: fill(samples * 144, 0.4, 1), shape: [1, 12, 12] },
    targets: {
      task: 'classification',
      labels: labels(samples, 10),
      classes: Array.from({ length: 10 }, (_, i) => `${i}`),
    },
  }),
  model,
  loss: crossEntropy(),
  optimizer: sgd({ lr: 0.1 }),
  epochs: 1,
})

it('losses between two networks with batch norm are PyTorch’s, its statistics as they are and renewed', async () => {
  expect([...permutation(foldIn(foldIn(key(0), 'statistics'), 0), samples)]).toEqual(golden.order)
  const prepared = await prepare(trial)
  const train = sampledSplit(prepared, 'train')
  const lossesWith = async (statistics: Statistics) => {
    const scorer = pointScorer({ experiment: trial, prepared }, [train], statistics)
    const [line] = await interpolate(moved(0), moved(golden.apart), scorer, { alphas: golden.alphas })
    expect(line?.points.map(({ alpha }) => alpha)).toEqual(golden.alphas)
    return line?.points.map(({ scores }) => scores.train?.loss ?? Number.NaN) ?? []
  }
  const [given, renewed] = [
    await lossesWith({ kind: 'given' }),
    await lossesWith({ kind: 'renewed', split: train, batch }),
  ]
  for (const [i, alpha] of golden.alphas.entries()) {
    expect(Math.abs((given[i] ?? Number.NaN) / (golden.given[i] ?? 0) - 1), `given at ${alpha}`).toBeLessThan(2e-5)
    expect(Math.abs((renewed[i] ?? Number.NaN) / (golden.renewed[i] ?? 0) - 1), `renewed at ${alpha}`).toBeLessThan(
      2e-5,
    )
  }
})

it('filter-normalised directions are PyTorch’s', () => {
  const own = moved(0)
  const direction = fill(
    network.parameters.reduce((sum, { shape }) => sum + count(shape), 0),
    1.7,
    1,
  )
  for (const vectors of ['fixed', 'own'] as const) {
    const data = Float64Array.from(filterNormalized(direction, own, vectors))
    expectDigest({ shape: [data.length], data }, golden.directions[vectors], 1e-5, vectors)
  }
})
