import { describe, expect, it } from 'vitest'
import '../index.ts'
import { allocateBatch, gather } from '../data/index.ts'
import { linear, sequential } from '../nn/index.ts'
import { key, keyData, keyType } from '../random/index.ts'
import { classify, convolve } from '../testing/experiments.ts'
import { type Layout, oneVector, placementOf, separate } from './layout.ts'
import { initialVariables, prepare } from './prepare.ts'
import { batchTypes, compileStep, trainingStep, weightTypes } from './programs.ts'
import { makeState, type State } from './state.ts'

describe.each([
  ['a dense network with dropout', classify],
  ['a convolutional one with batch norm', convolve],
])('%s', (_, experiment) => {
  it('has the same loss, outputs, gradients and statistics with one vector of parameters as with a tensor for each', async () => {
    const prepared = await prepare(experiment)
    const { dataset, indices } = prepared.train
    const batch = await gather(dataset, indices.subarray(0, 10), allocateBatch(dataset, 10))
    const step = async (
      layoutOf: (state: State) => Layout,
      arraysOf: (state: State) => Pick<State, 'parameters' | 'gradients'>,
    ) => {
      const state = makeState(initialVariables(prepared, 0), experiment.optimizer)
      const layout = layoutOf(state)
      const run = await compileStep(
        (input) =>
          trainingStep(
            prepared.network.model,
            experiment.loss,
            layout,
          )({ ...input, x: prepared.network.prepare(input.x) }),
        { ...weightTypes(state, layout), ...batchTypes(prepared, experiment.loss, 10), key: keyType },
        { ...arraysOf(state), buffers: state.buffers },
      )
      const { loss, output, updates } = await run(batch, keyData(key(3)))
      return { loss, output, gradients: state.gradients, updates, types: layout.types }
    }
    const each = await step(
      ({ variables }) => separate(variables.parameters),
      (state) => state,
    )
    const { types, ...one } = await step(oneVector, ({ flat }) => ({
      parameters: [flat.parameters],
      gradients: [flat.gradients],
    }))
    expect(types).toHaveLength(1)
    expect(each.types).toHaveLength(4 + (experiment === convolve ? 2 : 0))
    expect({ ...one, types: each.types }).toEqual(each)
    expect(one.updates).toHaveLength(experiment === convolve ? 2 : 0)
    expect(one.gradients.every((gradient) => gradient.some((value) => value !== 0))).toBe(true)
  })
})

it('a small network is given as one vector, a large one tensor by tensor', async () => {
  const placed = async (width: number) => {
    const experiment = classify.with({ model: sequential(linear(width), linear(width), linear(3)) })
    const state = makeState(initialVariables(await prepare(experiment), 0), experiment.optimizer)
    return placementOf(state).types.map(({ shape }) => shape)
  }
  expect(await placed(10)).toEqual([[30 + 110 + 33 + 3]])
  expect(await placed(300)).toEqual([[300, 2], [300], [300, 300], [300], [3, 300], [3]])
})
