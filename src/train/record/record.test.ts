import { describe, expect, it } from 'vitest'
import '../../index.ts'
import { adam, l2, sgd } from '../../optim/index.ts'
import { classify, convolve } from '../../testing/experiments.ts'
import {
  configHash,
  describe as described,
  type Experiment,
  fitPopulation,
  prepare,
  type Snapshot,
  fit as train,
} from '../index.ts'
import type { StepMeasures } from './stepMeter.ts'

describe('what is recorded', () => {
  it('is described only where something is, and the same in all its spellings', () => {
    expect(described(classify)).not.toHaveProperty('record')
    expect(configHash(classify.with({ record: {} }), 0)).toBe(configHash(classify, 0))
    const spelled = classify.with({ record: { weights: { everyEpochs: 1 }, steps: { every: 1 } } })
    expect(described(classify.with({ record: { weights: {}, steps: {} } }))).toEqual(described(spelled))
    expect(described(spelled).record).toEqual({ weights: { everyEpochs: 1 }, steps: { every: 1 } })
    expect(configHash(spelled, 0)).not.toBe(configHash(classify, 0))
  })

  it('can be set from the command line, part by part', () => {
    const epochs = classify.set('record.weights.everyEpochs', 3)
    expect(epochs.record).toEqual({ weights: { everyEpochs: 3 } })
    expect(epochs.set('record.weights.everySteps', 5).set('record.steps', {}).record).toEqual({
      weights: { everySteps: 5 },
      steps: { every: 1 },
    })
    expect(epochs.set('record.weights.layers', ['0']).record.weights).toEqual({ everyEpochs: 3, layers: ['0'] })
    expect(epochs.set('record', { steps: { every: 2 } }).record).toEqual({ steps: { every: 2 } })
  })

  it('refuses what it cannot be', () => {
    expect(() => classify.set('record.weight.everyEpochs', 3)).toThrow('records weights or steps')
    expect(() => classify.set('record.weights.everyEpochs', 0)).toThrow('weights.everyEpochs is 0')
    expect(() => classify.with({ record: { weights: { everyEpochs: 1, everySteps: 1 } } })).toThrow('give one')
    expect(() => classify.with({ record: { weights: { layers: [] } } })).toThrow('name at least one layer')
  })

  it('is refused by a population, which has no folder for it', async () => {
    const recording = classify.with({ record: { weights: {} } })
    await expect(fitPopulation(recording, await prepare(recording), [{ seed: 0 }])).rejects.toThrow(
      'fitPopulation: the experiment records its way',
    )
  })
})

/** What every step came to, measured by the training and beside it. */
async function measured(of: Experiment, seed = 3) {
  const told: StepMeasures[] = []
  const losses: number[] = []
  const gradients: Float32Array[] = []
  const weights: Float32Array[][] = []
  await train(of, await prepare(of), seed, {
    onStart: ({ state }) => void weights.push(state.parameters.map((own) => own.slice())),
    onStep: ({ loss }) => losses.push(loss),
    onMeasures: (measures, { state }) => {
      told.push(measures)
      // Plain steps leave the gradients as they are.
      gradients.push(state.flat.gradients.slice())
      weights.push(state.parameters.map((own) => own.slice()))
    },
  })
  return { told, losses, gradients, weights }
}

const dot = (a: Float32Array = new Float32Array(), b: Float32Array = a): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)

describe('measures of steps', () => {
  it('are loss, gradient norm, cosine to the gradient before, and change in parts of the weights', async () => {
    const plain = classify.with({ optimizer: sgd({ lr: 0.05 }), record: { steps: {} } })
    const { told, losses, gradients, weights } = await measured(plain)
    expect(told.map(({ step }) => step)).toEqual(losses.map((_, i) => i + 1))
    expect(told.map(({ loss }) => loss)).toEqual(losses)
    const stepsPerEpoch = losses.length / plain.epochs
    expect(told.map(({ epoch }) => epoch)).toEqual(losses.map((_, i) => (i + 1) / stepsPerEpoch))
    expect(told[0]?.gradientCosine).toBeNaN()
    // The biases begin as 0.
    expect(Array.from(told[0]?.updateRatios ?? [], Number.isNaN)).toEqual(
      (weights[0] ?? []).map((own) => own.every((value) => value === 0)),
    )
    for (const [i, { gradientNorm, gradientCosine, updateRatios }] of told.entries()) {
      const [now, before] = [gradients[i], gradients[i - 1]]
      expect(gradientNorm).toBeCloseTo(Math.sqrt(dot(now)), 6)
      if (i > 0) expect(gradientCosine).toBeCloseTo(dot(now, before) / Math.sqrt(dot(now) * dot(before)), 6)
      for (const [p, ratio] of updateRatios.entries()) {
        const [was, is] = [weights[i]?.[p] ?? new Float32Array(), weights[i + 1]?.[p] ?? new Float32Array()]
        const change = was.map((value, k) => (is[k] ?? 0) - value)
        if (dot(was) > 0) expect(ratio).toBeCloseTo(Math.sqrt(dot(change) / dot(was)), 5)
      }
    }
  })

  it('are of the loss’s own gradient, before penalties and clipping, and of what the optimiser makes of it', async () => {
    const record = { steps: {} }
    const plain = await measured(classify.with({ optimizer: adam({ lr: 0.01 }), record }))
    const changed = await measured(
      classify.with({
        optimizer: adam({ lr: 0.01 }),
        record,
        regularizers: [l2({ lambda: 0.1 })],
        clip: { norm: 1e-3 },
      }),
    )
    expect(changed.told[0]?.gradientNorm).toBe(plain.told[0]?.gradientNorm)
    expect(changed.told[0]?.updateRatios).not.toEqual(plain.told[0]?.updateRatios)
  })

  it('of every n-th step are those of all steps, and training is the same', async () => {
    const all = await measured(convolve.with({ record: { steps: {} } }))
    const third = await measured(convolve.with({ record: { steps: { every: 3 } } }))
    expect(third.told).toEqual(all.told.filter(({ step }) => step % 3 === 0))
    expect(third.losses).toEqual(all.losses)
    const none = await measured(convolve)
    expect(none.told).toEqual([])
    expect(none.losses).toEqual(all.losses)
  })

  it.each([1, 2])('of every %i steps are the same in a training that is broken off', async (every) => {
    const of = classify.with({ record: { steps: { every } } })
    const { told: unbroken, losses } = await measured(of)
    for (let at = 0; at <= losses.length; at++) {
      const told: StepMeasures[] = []
      let from: Snapshot | undefined
      let steps = 0
      const prepared = await prepare(of)
      const onMeasures = (measures: StepMeasures) => void told.push(measures)
      await train(of, prepared, 3, {
        onMeasures,
        onStep: () => {
          steps += 1
        },
        shouldStop: () => steps >= at,
        onStopped: (training) => {
          from = structuredClone(training.snapshot())
        },
      })
      if (from !== undefined) await train(of, prepared, 3, { onMeasures, from })
      expect(told).toEqual(unbroken)
    }
  })
})
