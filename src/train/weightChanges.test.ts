import { describe, expect, it } from 'vitest'
import '../index.ts'
import { linear, mse, sequential, tanh } from '../nn/index.ts'
import { adam, clipGradientNorm, groupSparsity, l1, l2, maxNorm, sgd } from '../optim/index.ts'
import { classify, trained } from '../testing/experiments.ts'
import { sine } from '../testing/made.ts'
import { type EpochReport, type Experiment, experiment, fitPopulation, prepare, fit as train } from './index.ts'

const reportsOf = async (of: Experiment): Promise<EpochReport[]> => {
  const reports: EpochReport[] = []
  await train(of, await prepare(of), 0, { onEpoch: (report) => void reports.push(report) })
  return reports
}

const plain = experiment({
  name: 'plain',
  data: sine(40),
  model: sequential(linear(8), tanh(), linear(1)),
  loss: mse(),
  optimizer: sgd({ lr: 0.05 }),
  batchSize: 10,
  epochs: 3,
})

describe('regularisers', () => {
  it('make weights exactly 0 and say how many; without one nothing is said', async () => {
    const [last] = (await reportsOf(classify.with({ regularizers: [l1({ lambda: 0.5 })] }))).slice(-1)
    expect(last?.weights?.sparsity).toBeGreaterThan(0.05)
    expect(last?.weights?.penalty).toBeGreaterThan(0)
    const [other] = await reportsOf(classify)
    expect(other).not.toHaveProperty('weights')
  })

  it('coupled, are the optimiser’s own weight decay', async () => {
    const decayed = await trained(plain.with({ optimizer: sgd({ lr: 0.05, weightDecay: 0.02 }) }), 0)
    const biased = await trained(plain.with({ regularizers: [l2({ lambda: 0.02, parameters: '*' })] }), 0)
    for (const [name, { data }] of Object.entries(decayed.weights))
      for (const [i, value] of data.entries()) expect(biased.weights[name]?.data[i]).toBeCloseTo(value, 5)
  })

  it('that project bound every unit', async () => {
    const { state } = await trained(plain.with({ regularizers: [maxNorm({ max: 0.3 })] }), 0)
    const [weight] = state.parameters
    expect(Math.max(...(weight ?? []).map(Math.abs))).toBeLessThanOrEqual(0.3 + 1e-6)
  })

  it('of groups empty whole units', async () => {
    const [last] = (
      await reportsOf(classify.with({ epochs: 12, regularizers: [groupSparsity({ lambda: 0.3 })] }))
    ).slice(-1)
    expect(last?.weights?.sparsity).toBeGreaterThan(0.1)
  })

  it('that fit no parameter are refused by name before training', async () => {
    const of = plain.with({ regularizers: [l1({ lambda: 1, parameters: 'conv.*' })] })
    await expect(train(of, await prepare(of), 0)).rejects.toThrow(/l1: .*conv\.\*/)
  })

  it('work on each member of a population as on one alone', async () => {
    const of = plain.with({ regularizers: [l1({ lambda: 0.01 })], clip: { norm: 0.5 } })
    const [, second] = await fitPopulation(of, await prepare(of), [{ seed: 0 }, { seed: 1, lr: 0.02 }])
    const alone = await trained(of.with({ optimizer: sgd({ lr: 0.02 }) }), 1)
    expect(second?.state.parameters).toEqual(alone.state.parameters)
  })
})

describe('clipping', () => {
  it('bounds what a step changes', async () => {
    const of = plain.with({ clip: { norm: 0.01 }, epochs: 1, batchSize: 40 })
    let before: number[] = []
    const flat = (parameters: readonly Float32Array[]) => parameters.flatMap((values) => [...values])
    const { state } = await trained(of, 0, {
      onStart: ({ state: { parameters } }) => {
        before = flat(parameters)
      },
    })
    const moved = Math.hypot(...flat(state.parameters).map((value, i) => value - (before[i] ?? 0)))
    expect(moved).toBeCloseTo(0.05 * 0.01, 6)
    expect(clipGradientNorm(Float32Array.from(state.flat.gradients), 1)).toBeLessThanOrEqual(0.0101)
  })

  it.each([[{ norm: -1 }], [{}], [{ norm: 1, value: 1 }]])('refuses %j', (clip) => {
    // @ts-expect-error an experiment file need not have been through a type checker
    expect(() => plain.with({ clip })).toThrow(/clipping/)
  })
})

describe('where numbers stopped being finite', () => {
  it('is told by layer', async () => {
    const of = plain.with({ model: sequential(linear(8), linear(4), linear(1)), optimizer: sgd({ lr: 1e15 }) })
    await expect(trained(of, 0)).rejects.toThrow(
      /the loss became (Infinity|NaN) in epoch 1, step \d; it appeared first in (layer "\d", Linear\(.+\), whose output holds|the loss, mse)/,
    )
  })

  it('is told where gradients do', async () => {
    const of = plain.with({ data: sine(40), model: sequential(linear(8), linear(1)), optimizer: sgd({ lr: 3e13 }) })
    await expect(trained(of, 0)).rejects.toThrow(/a gradient is no finite number any more|the loss became/)
  })
})

describe('settings by path', () => {
  it('reach the parts that came later', () => {
    const of = plain.with({ regularizers: [l1({ lambda: 1e-4 })], optimizer: adam() })
    expect(of.set('regularizers.0.lambda', 0.5).regularizers[0]?.config).toMatchObject({ lambda: 0.5 })
    expect(of.set('clip.norm', 2).clip).toEqual({ norm: 2 })
    expect(of.set('accumulate', 4).accumulate).toBe(4)
    expect(of.set('evaluation.everySteps', 7).evaluation).toMatchObject({ everySteps: 7, everyEpochs: 1 })
    expect(() => of.set('earlyStopping.patience', 3)).toThrow('has no earlyStopping')
    expect(() => of.set('regularizers.1.lambda', 3)).toThrow('there are 1 regularisers')
  })
})
