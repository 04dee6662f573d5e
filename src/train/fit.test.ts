import { describe, expect, it } from 'vitest'
import '../index.ts'
import { arrays, batches, inMemory } from '../data/index.ts'
import { linear, mse } from '../nn/index.ts'
import { sgd } from '../optim/index.ts'
import { foldIn, key } from '../random/index.ts'
import { classify, convolve, trained } from '../testing/experiments.ts'
import { sine } from '../testing/made.ts'
import { DivergedError, experiment, prepare, fit as train } from './index.ts'

describe('chance comes from the seed alone', () => {
  it.each([
    ['a dense network with dropout', classify],
    ['a convolutional one with batch norm', convolve],
  ])('in %s', async (_, of) => {
    const [once, again, other] = [await trained(of, 0), await trained(of, 0), await trained(of, 1)]
    expect(again.losses).toEqual(once.losses)
    expect(again.weights).toEqual(once.weights)
    expect(other.losses[0]).not.toBe(once.losses[0])
    expect(other.weights['0.weight']).not.toEqual(once.weights['0.weight'])
  })

  it('and drops otherwise in every step', async () => {
    // Samples that are all alike, and steps of almost nothing: only dropout can tell the losses apart.
    const alike = arrays({
      name: 'alike',
      inputs: { data: new Float32Array(40).fill(1), shape: [2] },
      targets: { task: 'classification', labels: new Int32Array(20), classes: ['a', 'b', 'c'] },
    })
    const still = classify.with({ data: alike, split: { validation: 0 }, prepare: [], optimizer: sgd({ lr: 1e-30 }) })
    const [dropping, plain] = [await trained(still, 0), await trained(still.set('model.2.p', 0), 0)]
    expect(dropping.losses).toHaveLength(6)
    expect(new Set(dropping.losses).size).toBe(6)
    for (const loss of plain.losses) expect(loss).toBeCloseTo(plain.losses[0] ?? Number.NaN, 6)
  })

  it('and not from other trainings at the same time', async () => {
    const alone = await trained(classify, 0)
    const [beside] = await Promise.all([trained(classify, 0), trained(classify, 1)])
    expect(beside.weights).toEqual(alone.weights)
  })
})

describe('a step', () => {
  it('is taken on every batch, the smaller last one included, as worked out by hand', async () => {
    const line = experiment({
      name: 'line',
      data: sine(10),
      model: linear(1),
      loss: mse(),
      optimizer: sgd({ lr: 0.1 }),
      batchSize: 4,
      epochs: 2,
    })
    const sizes: number[] = []
    const prepared = await prepare(line)
    let [slope, shift] = [Number.NaN, Number.NaN]
    const { state } = await train(line, prepared, 5, {
      onStart: ({ state: { parameters }, stepsPerEpoch }) => {
        expect(stepsPerEpoch).toBe(3)
        slope = parameters[0]?.[0] ?? slope
        shift = parameters[1]?.[0] ?? shift
      },
      onStep: ({ samples }) => sizes.push(samples),
    })
    expect(sizes).toEqual([4, 4, 2, 4, 4, 2])

    const { inputs, targets } = inMemory(prepared.train.dataset)
    const values = targets.task === 'regression' ? targets.values : []
    for (let epoch = 0; epoch < 2; epoch++)
      for (const part of batches(prepared.train.indices, 4, { key: foldIn(key(5), 'shuffle'), epoch })) {
        let [slopeGradient, shiftGradient] = [0, 0]
        for (const i of part) {
          const x = inputs.data[i] ?? 0
          const error = slope * x + shift - (values[i] ?? 0)
          slopeGradient += (2 * error * x) / part.length
          shiftGradient += (2 * error) / part.length
        }
        slope -= 0.1 * slopeGradient
        shift -= 0.1 * shiftGradient
      }
    expect(state.parameters[0]?.[0]).toBeCloseTo(slope, 5)
    expect(state.parameters[1]?.[0]).toBeCloseTo(shift, 5)
  })

  it('with a loss that is no number ends in an error that names epoch, step and way out', async () => {
    const wild = classify.with({
      data: sine(),
      model: linear(1),
      loss: mse(),
      metrics: [],
      optimizer: sgd({ lr: 1e30 }),
    })
    const training = trained(wild, 0)
    await expect(training).rejects.toThrow(DivergedError)
    await expect(training).rejects.toThrow(
      /^the loss became (Infinity|NaN) in epoch 1, step [23]; it appeared first in .+: try a learning rate below 1e\+30/,
    )
  })
})

describe('stopping', () => {
  it('ends after the step before, with what the unbroken run had there', async () => {
    const snapshots: Float32Array[] = []
    const prepared = await prepare(classify)
    let watched: readonly Float32Array[] = []
    const whole = await train(classify, prepared, 0, {
      onStart: ({ state }) => {
        watched = state.parameters
      },
      shouldStop: () => {
        snapshots.push(Float32Array.from(watched[0] ?? []))
        return false
      },
    })
    expect(whole.status).toBe('finished')
    expect(whole.position).toEqual({ epoch: 3, step: 15 })
    let asked = 0
    const { status, position, state } = await train(classify, prepared, 0, { shouldStop: () => asked++ === 7 })
    expect(status).toBe('interrupted')
    expect(position).toEqual({ epoch: 1, step: 7 })
    expect(state.parameters[0]).toEqual(snapshots[7])
    expect(state.parameters[0]).not.toEqual(snapshots[6])
  })

  it('before the first step leaves the initial weights', async () => {
    const { position, weights } = await trained(classify, 0, { shouldStop: () => true })
    expect(position).toEqual({ epoch: 0, step: 0 })
    expect(Object.keys(weights)).toEqual(['0.weight', '0.bias', '3.weight', '3.bias'])
  })
})
