import { describe, expect, it } from 'vitest'
import '../index.ts'
import { ema, swa } from '../optim/index.ts'
import { key } from '../random/index.ts'
import { classify, convolve, trained } from '../testing/experiments.ts'
import { type Experiment, prepare, renewStatistics, fit as train } from './index.ts'

/** Parameters after each step, end to end. */
async function course(of: Experiment) {
  const steps: Float32Array[] = []
  const result = await train(of, await prepare(of), 0, {
    onSettled: ({ state }) => void steps.push(state.flat.parameters.slice()),
  })
  return { ...result, steps }
}

describe('averaged weights', () => {
  it('are what training ends with, and what is evaluated', async () => {
    const of = classify.with({ averaging: ema({ decay: 0.8, warmup: false }) })
    const { steps, state } = await course(of)
    const average = steps
      .slice(1)
      .reduce(
        (mean, now) => mean.map((value, i) => 0.8 * value + 0.2 * (now[i] ?? 0)),
        Float64Array.from(steps[0] ?? []),
      )
    for (const [i, value] of average.entries()) expect(state.flat.parameters[i]).toBeCloseTo(value, 5)
    expect(state.flat.parameters).not.toEqual(steps.at(-1))
    const prepared = await prepare(of)
    const losses: number[] = []
    const { evaluate } = await train(of, prepared, 0, {
      onEpoch: ({ validation }) => void losses.push(validation?.loss ?? Number.NaN),
    })
    expect((await evaluate(prepared.validation)).loss).toBe(losses.at(-1))
  })

  it('leave the training itself as it is', async () => {
    const [averaged, plain] = [await course(classify.with({ averaging: swa({ start: 0 }) })), await course(classify)]
    expect(averaged.steps).toEqual(plain.steps)
    const mean = (i: number) => [5, 10, 15].reduce((sum, step) => sum + (plain.steps[step - 1]?.[i] ?? 0), 0) / 3
    for (const i of [0, 7, 40]) expect(averaged.state.flat.parameters[i]).toBeCloseTo(mean(i), 5)
  })
})

describe('running statistics made anew', () => {
  it('are the mean over the batches’ own', async () => {
    const { state, prepared } = await trained(convolve, 0)
    const [mean] = [...state.buffers.values()]
    mean?.fill(1e3)
    await renewStatistics(convolve, prepared, state, key(3))
    const once = [...state.buffers.values()].map((buffer) => [...buffer])
    expect(once.flat().every((value) => Math.abs(value) < 100)).toBe(true)
    await renewStatistics(convolve, prepared, state, key(3))
    expect([...state.buffers.values()].map((buffer) => [...buffer])).toEqual(once)
    // All 44 samples are one batch, so they are the statistics of the whole split, whatever the order.
    await renewStatistics(convolve, prepared, state, key(4))
    for (const [i, buffer] of [...state.buffers.values()].entries())
      for (const [j, value] of buffer.entries()) expect(value).toBeCloseTo(once[i]?.[j] ?? Number.NaN, 4)
  })
})
